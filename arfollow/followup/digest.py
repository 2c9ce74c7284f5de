"""Digests of automatic sending, to the company's own people: what will go out, and what went out.

They name customers by number: a mail that has left cannot be erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from arfollow.companies.queries import automatic_sending, find_company
from arfollow.delivery.message import Mailbox, Message
from arfollow.delivery.operations import queue_notice
from arfollow.delivery.protocol import Cancel, QueuedDelivery
from arfollow.followup.queries.automatic import AutomaticCustomer
from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.email import inlined
from arfollow.statements.layout import laid_out
from arfollow.values.refusals import N_, Remark

PURPOSE = "digest"
LONGEST = 200
"""Customers that a digest names; of more it says how many."""


class Kind(StrEnum):
    """Whether it tells what will go out today, or what went out."""

    AHEAD = "ahead"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A customer, its level, and what is overdue: minor units by currency."""

    number: str
    level: str
    overdue: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that a digest says. `hour`: from when on e-mails go out; `count`: of all, also of those not named."""

    kind: Kind
    locale: str
    day: date
    hour: int
    company: Mailbox
    to: str
    count: int
    rows: tuple[DigestRow, ...]


def queue_digest(
    session: Session,
    *,
    company_id: int,
    day: date,
    kind: Kind,
    count: int,
    customers: Sequence[AutomaticCustomer],
) -> None:
    """Queue the digest of the day; a second one of its kind is none."""
    facts = {
        "kind": kind.value,
        "day": day.isoformat(),
        "count": count,
        "rows": [
            [each.number, each.level, [[money.currency, money.minor] for money in each.overdue]]
            for each in customers
        ],
    }
    queue_notice(
        session,
        company_id=company_id,
        key=f"digest:{company_id}:{day.isoformat()}:{kind.value}",
        purpose=PURPOSE,
        facts=facts,
        text="Digest of automatic e-mails queued",
        told={"kind": kind.value, "count": count},
    )


class DigestPreparer:
    """Prepares the messages of the purpose `digest`; see delivery/protocol.py."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> Digest | Cancel:
        """The digest as it was queued, to whoever is to be told now."""
        company = find_company(session, company_id=delivery.company_id)
        sending = automatic_sending(session, company_id=delivery.company_id, today=today)
        if not sending.digest_email:
            return Cancel(reason=Remark(N_("Not sent: the company has no e-mail address.")))
        frozen = delivery.facts
        return Digest(
            kind=Kind(frozen["kind"]),
            locale=letter_locale(spoken=(company.language,), country=company.country),
            day=date.fromisoformat(frozen["day"]),
            hour=sending.hour,
            company=Mailbox(email=company.email or sending.digest_email, name=company.name),
            to=sending.digest_email,
            count=frozen["count"],
            rows=tuple(
                DigestRow(number, level, tuple((currency, minor) for currency, minor in overdue))
                for number, level, overdue in frozen["rows"]
            ),
        )

    def render(self, facts: Digest) -> Message:
        """The e-mail, in the company's language."""
        subject = _subject(facts)
        return Message(
            sender=facts.company,
            to=Mailbox(email=facts.to),
            subject=subject,
            text=laid_out("messages/digest.txt", facts, subject=subject).strip() + "\n",
            html=inlined(laid_out("messages/digest.html", facts, subject=subject)),
            facts={"kind": facts.kind.value, "count": facts.count},
        )


def _subject(facts: Digest) -> str:
    spoken = words(facts.locale)
    day = spoken.long_day(facts.day)
    if facts.kind is Kind.AHEAD:
        return spoken.ngettext(
            "%(num)s automatic e-mail goes out on %(day)s",
            "%(num)s automatic e-mails go out on %(day)s",
            facts.count,
            day=day,
        )
    return spoken.ngettext(
        "%(num)s automatic e-mail went out on %(day)s",
        "%(num)s automatic e-mails went out on %(day)s",
        facts.count,
        day=day,
    )
