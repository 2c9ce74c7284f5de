"""What stops a message: no consent to marketing; about money, what stops the follow-up; and the contact gap, which only delays it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.gap import Contacts, left_in_peace_until
from arfollow.levels.rules.facts import Facts
from arfollow.profiles.queries import profiles
from arfollow.receivables.rules.accounts import Account, OpenItem, chased_residuals, holds_on
from arfollow.receivables.tables import Invoice
from arfollow.values.refusals import N_, Remark, Term
from arfollow.workflows.rules.definition import Settings
from arfollow.workflows.rules.sharing import Peace

MONEY, MARKETING = "money", "marketing"
_CHANNELS = {"email": Term(N_("e-mail")), "sms": Term(N_("text message")), "letter": Term(N_("letter"))}

_NOT_AGREED = N_("Not sent: the customer has not agreed to marketing by %(channel)s.")
_OBJECTS = N_("Not sent: the customer objects to marketing by %(channel)s.")
_ON_HOLD = N_("Not sent: the customer is on hold.")

# About the account, and about one invoice.
_NOTHING_OPEN = (
    N_("Not sent: nothing of the account is open."),
    N_("Not sent: nothing of invoice %(invoice)s is open."),
)
_HELD = (
    N_("Not sent: what is open of the account is on hold."),
    N_("Not sent: what is open of invoice %(invoice)s is on hold."),
)
_DISPUTED = (
    N_("Not sent: what is open of the account is disputed."),
    N_("Not sent: what is open of invoice %(invoice)s is disputed."),
)
_PROMISED = (
    N_("Not sent: payment of the account is promised."),
    N_("Not sent: payment of invoice %(invoice)s is promised."),
)
_TOLERATED = (
    N_("Not sent: what is open of the account is within the tolerance."),
    N_("Not sent: what is open of invoice %(invoice)s is within the tolerance."),
)
_COVERED = (
    N_("Not sent: unapplied credit covers what is open of the account."),
    N_("Not sent: unapplied credit covers what is open of invoice %(invoice)s."),
)
_TOO_LITTLE = (
    N_("Not sent: what is open of the account is below the plan's minimum."),
    N_("Not sent: what is open of invoice %(invoice)s is below the plan's minimum."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A message about to go out. `key`: the enrolment's; `about_invoice`: whether that may name an invoice; `source`: what sends it."""

    company_id: int
    customer_id: int
    purpose: str
    channel: str
    key: str = ""
    source: str = ""


def purpose_of(settings: Settings) -> str:
    """What a message is about; nothing said: service."""
    return str(settings.get("purpose") or "service")


def source_of(enrolment_id: int) -> str:
    """What the contact gap knows an enrolment by."""
    return f"enrolment:{enrolment_id}"


def stop(session: Session, asking: Asking, *, today: date, facts: Facts | None = None) -> str:
    """Why the message must not go out, as a remark; empty: nothing is in its way but the contact gap.

    `facts`: what decides about the customer, where it was read before.
    """
    if asking.purpose == MARKETING:
        return _no_consent(session, asking)
    if asking.purpose == MONEY:
        facts = facts or facts_of_one(session, asking.company_id, asking.customer_id, today)
        return _no_claim(facts, today, invoice=_invoice(session, asking))
    return ""


def peace_of(asking: Asking, *, facts: Facts, found: Contacts) -> Peace:
    """From which days on a message about money may go out; what the same enrolment sent before is its own rhythm."""
    return Peace(
        after_others=left_in_peace_until(found, facts=facts, source=asking.source),
        after_all=left_in_peace_until(found, facts=facts),
        gap_days=facts.plan.contact_gap_days if facts.plan is not None else 0,
    )


def facts_of_one(session: Session, company_id: int, customer_id: int, today: date) -> Facts:
    """What decides about the customer."""
    return facts_of(session, company_id=company_id, customer_ids=[customer_id], day=today)[customer_id]


def _no_consent(session: Session, asking: Asking) -> str:
    known = profiles(session, customer_ids=[asking.customer_id]).get(asking.customer_id)
    given = known.consents.get(asking.channel) if known else None
    if given:
        return ""
    by = _CHANNELS.get(asking.channel, asking.channel)
    return Remark(_NOT_AGREED if given is None else _OBJECTS, channel=by)


def _invoice(session: Session, asking: Asking) -> str:
    """The number of the invoice that the message is about; empty: it is about the account."""
    if not asking.key:
        return ""
    number = session.scalar(
        select(Invoice.number).where(
            Invoice.company_id == asking.company_id,
            Invoice.customer_id == asking.customer_id,
            Invoice.number == asking.key,
        )
    )
    return number or ""


def _no_claim(facts: Facts, today: date, *, invoice: str) -> str:
    account = facts.account
    if holds_on(account.hold_until, today):
        return Remark(_ON_HOLD)
    items = _asked_for(account, today, invoice)
    if not items:
        return _said(_NOTHING_OPEN, invoice)
    free = [item for item in items if not holds_on(item.hold_until, today)]
    if not free:
        return _said(_HELD, invoice)
    chased = {item.id: amount for item, amount in chased_residuals(account, today)}
    if not any(chased[item.id] > facts.tolerances.get(item.currency, 0) for item in free):
        return _why_nothing(free, chased, invoice)
    return _too_little(facts, free, chased, invoice)


def _said(about: tuple[str, str], invoice: str) -> str:
    of_account, of_invoice = about
    return Remark(of_invoice, invoice=invoice) if invoice else Remark(of_account)


def _asked_for(account: Account, today: date, invoice: str) -> list[OpenItem]:
    """The invoice's items, else those that are overdue, else all."""
    if invoice:
        return [item for item in account.items if item.invoice == invoice]
    return [item for item in account.items if item.overdue(today)] or list(account.items)


def _why_nothing(items: list[OpenItem], chased: dict[int, int], invoice: str) -> str:
    if any(item.disputed for item in items):
        return _said(_DISPUTED, invoice)
    if any(chased[item.id] < item.residual for item in items):
        return _said(_PROMISED, invoice)
    return _said(_TOLERATED, invoice)


def _too_little(facts: Facts, items: list[OpenItem], chased: dict[int, int], invoice: str) -> str:
    """Credit pays what is due first; the minimum is asked of all that is due until then."""
    rests: dict[str, int] = {}
    for currency in {item.currency for item in items}:
        last = max(item.due_date for item in items if item.currency == currency)
        due = [item for item in facts.account.items if item.currency == currency and item.due_date <= last]
        rests[currency] = sum(chased[item.id] for item in due) - facts.account.unapplied.get(currency, 0)
    if all(rest <= 0 for rest in rests.values()):
        return _said(_COVERED, invoice)
    least = facts.plan.minimum_amounts if facts.plan is not None else {}
    if not any(rest > 0 and rest >= least.get(currency, 0) for currency, rest in rests.items()):
        return _said(_TOO_LITTLE, invoice)
    return ""
