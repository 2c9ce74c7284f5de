"""Disputes: open, resolve."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.lookup import claim_of, item_name, item_of, lock_customer, required
from arfollow.receivables.tables import Dispute
from arfollow.values.money import Money, spelled_amount
from arfollow.values.refusals import N_, Refusal


class DisputedAmountError(Refusal, ValueError):
    """The disputed part has to be above zero and no more than the item."""

    def __init__(self, item: str, amount: int, currency: str) -> None:
        super().__init__(
            N_("The disputed part of %(item)s must be above zero and at most %(amount)s."),
            item=item,
            amount=Money(currency, amount),
        )


class NoDisputeError(Refusal, LookupError):
    """There is no such open dispute."""

    def __init__(self) -> None:
        super().__init__(N_("This dispute is not open any more."))


def open_dispute(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    instalment_id: int,
    amount: int | None = None,
    reason: str,
    on: date,
    who: str,
) -> int:
    """The customer contests an item, or `amount` of it (minor units); that part is not chased. Gives the dispute's id.

    It takes the place of an open one about the same item. Raise DisputedAmountError, MissingTextError, UnknownItemError.
    """
    reason = required(reason, N_("what is disputed"))
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    instalment, invoice = item_of(session, customer=customer, instalment_id=instalment_id)
    name = item_name(invoice, instalment)
    if amount is not None and not 0 < amount <= instalment.amount:
        raise DisputedAmountError(name, instalment.amount, invoice.currency)
    same = (Dispute.instalment_id == instalment_id, Dispute.resolved_on.is_(None))
    for earlier in session.scalars(select(Dispute).where(*same)):
        earlier.resolved_on, earlier.outcome = on, "replaced"
    dispute = Dispute(
        company_id=company_id,
        customer_id=customer_id,
        instalment_id=instalment_id,
        amount=amount,
        reason=reason,
        opened_on=on,
    )
    session.add(dispute)
    session.flush()
    part = None if amount is None else Money(invoice.currency, amount)
    how_much = "" if part is None else f" ({spelled_amount(part)} of it)"
    _record(session, dispute, "dispute:opened", f"{name} disputed{how_much}: {reason}", who=who, amount=part)
    return dispute.id


def resolve_dispute(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    dispute_id: int,
    outcome: str,
    on: date,
    who: str,
) -> None:
    """End a dispute with its outcome; the item is chased again from that day. Raise NoDisputeError, MissingTextError."""
    outcome = required(outcome, N_("how the dispute ended"))
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    dispute = claim_of(session, Dispute, customer=customer, claim_id=dispute_id)
    if dispute is None or dispute.resolved_on is not None:
        raise NoDisputeError
    dispute.resolved_on, dispute.outcome = on, outcome
    instalment, invoice = item_of(session, customer=customer, instalment_id=dispute.instalment_id)
    name = item_name(invoice, instalment)
    _record(session, dispute, "dispute:resolved", f"Dispute about {name} resolved: {outcome}", who=who)


def _record(
    session: Session, dispute: Dispute, tag: str, text: str, *, who: str, amount: Money | None = None
) -> None:
    record(
        session,
        company_id=dispute.company_id,
        customer_id=dispute.customer_id,
        tag=tag,
        who=who,
        text=text,
        facts={"dispute": dispute.id, "item": dispute.instalment_id, "amount": amount},
        personal={"reason": dispute.reason, "outcome": dispute.outcome},
    )
    touch(session, [dispute.customer_id])
