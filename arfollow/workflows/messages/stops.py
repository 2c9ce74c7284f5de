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
from arfollow.workflows.rules.definition import Settings
from arfollow.workflows.rules.sharing import Peace

MONEY, MARKETING = "money", "marketing"
_CHANNELS = {"email": "e-mail", "sms": "text message", "letter": "letter"}


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
    """Why the message must not go out, as a sentence; empty: nothing is in its way but the contact gap.

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
    if given is None:
        return f"Not sent: the customer has not agreed to marketing by {by}."
    return f"Not sent: the customer objects to marketing by {by}."


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
        return "Not sent: the customer is on hold."
    items = _asked_for(account, today, invoice)
    about = f"invoice {invoice}" if invoice else "the account"
    if not items:
        return f"Not sent: nothing of {about} is open."
    free = [item for item in items if not holds_on(item.hold_until, today)]
    if not free:
        return f"Not sent: what is open of {about} is on hold."
    chased = {item.id: amount for item, amount in chased_residuals(account, today)}
    if not any(chased[item.id] > facts.tolerances.get(item.currency, 0) for item in free):
        return _why_nothing(free, chased, about)
    return _too_little(facts, free, chased, about)


def _asked_for(account: Account, today: date, invoice: str) -> list[OpenItem]:
    """The invoice's items, else those that are overdue, else all."""
    if invoice:
        return [item for item in account.items if item.invoice == invoice]
    return [item for item in account.items if item.overdue(today)] or list(account.items)


def _why_nothing(items: list[OpenItem], chased: dict[int, int], about: str) -> str:
    if any(item.disputed for item in items):
        return f"Not sent: what is open of {about} is disputed."
    if any(chased[item.id] < item.residual for item in items):
        return f"Not sent: payment of {about} is promised."
    return f"Not sent: what is open of {about} is within the tolerance."


def _too_little(facts: Facts, items: list[OpenItem], chased: dict[int, int], about: str) -> str:
    """Credit pays what is due first; the minimum is asked of all that is due until then."""
    rests: dict[str, int] = {}
    for currency in {item.currency for item in items}:
        last = max(item.due_date for item in items if item.currency == currency)
        due = [item for item in facts.account.items if item.currency == currency and item.due_date <= last]
        rests[currency] = sum(chased[item.id] for item in due) - facts.account.unapplied.get(currency, 0)
    if all(rest <= 0 for rest in rests.values()):
        return f"Not sent: unapplied credit covers what is open of {about}."
    least = facts.plan.minimum_amounts if facts.plan is not None else {}
    if not any(rest > 0 and rest >= least.get(currency, 0) for currency, rest in rests.items()):
        return f"Not sent: what is open of {about} is below the plan's minimum."
    return ""
