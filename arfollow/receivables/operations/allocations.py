"""Applying credits to items, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.credits import NAMES
from arfollow.receivables.operations.lookup import item_name, item_of, items_of, lock_credit, lock_customer
from arfollow.receivables.operations.settling import resettle, settlements
from arfollow.receivables.operations.telling import PAYMENT_RECEIVED, News, tell_news
from arfollow.receivables.rules.allocation import free
from arfollow.receivables.rules.ledger import Settlement
from arfollow.receivables.tables import Allocation, Credit, Instalment, Invoice
from arfollow.values.money import Money, spelled_amount
from arfollow.values.refusals import N_, Refusal


class CurrencyDiffersError(Refusal, ValueError):
    """A credit settles items of its own currency only."""

    def __init__(self, credit: str, invoice: str, currency: str) -> None:
        super().__init__(
            N_("%(credit)s cannot be applied to %(invoice)s, which is in %(currency)s."),
            credit=credit,
            invoice=invoice,
            currency=currency,
        )


class NothingToApplyError(Refusal, ValueError):
    """Nothing is left of the credit, or nothing is open of the chosen items."""

    def __init__(self, credit: str) -> None:
        super().__init__(
            N_("Nothing was applied: nothing is left of %(credit)s, or the chosen items are not open."),
            credit=credit,
        )


class UnknownAllocationError(Refusal, LookupError):
    """There is no such application of a credit, or it was taken back before."""

    def __init__(self) -> None:
        super().__init__(N_("This credit is not applied there any more."))


def apply_credit(
    session: Session,
    *,
    company_id: int,
    credit_id: int,
    instalment_ids: Sequence[int],
    amounts: Mapping[int, int] | None = None,
    on: date,
    who: str,
) -> int:
    """Apply a payment or credit note to items of its customer, in the given order; gives the minor units applied.

    Each item takes what is open of it, at most `amounts` (by its id) where given, and never before the dates of
    credit and invoice. Raise NothingToApplyError, CurrencyDiffersError, UnknownItemError, UnknownCreditError.
    """
    credit, customer = lock_credit(session, company_id=company_id, credit_id=credit_id)
    items = items_of(session, customer=customer, instalment_ids=instalment_ids)
    for _, invoice in items:
        if invoice.currency != credit.currency:
            raise CurrencyDiffersError(credit.number, invoice.number, invoice.currency)
    applied = _apply(session, credit, items, limits=amounts or {}, on=on)
    if not applied:
        raise NothingToApplyError(credit.number)
    if credit.kind == "payment":
        tell_news(session, company_id, PAYMENT_RECEIVED, lambda: _news(credit, items, applied))
    resettle(session, instalment_ids=[each.id for each, _ in items], credit_ids=[credit.id])
    _record(session, "credit:applied", credit, items=applied, who=who)
    touch(session, [customer.id])
    return sum(amount for _, amount in applied)


def unapply(
    session: Session, *, company_id: int, customer_id: int, allocation_id: int, on: date, who: str
) -> None:
    """Take an application back from that day on: the item is open again, the credit unapplied. Raise UnknownAllocationError."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    applied = session.execute(
        select(Allocation, Credit)
        .join(Credit, Credit.id == Allocation.credit_id)
        .where(Allocation.id == allocation_id, Credit.customer_id == customer.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if applied is None or applied.Allocation.ended_on is not None:
        raise UnknownAllocationError
    allocation, credit = applied
    allocation.ended_on = max(on, allocation.date)
    session.flush()
    resettle(session, instalment_ids=[allocation.instalment_id], credit_ids=[credit.id])
    instalment, invoice = item_of(session, customer=customer, instalment_id=allocation.instalment_id)
    taken_back = [(item_name(invoice, instalment), allocation.amount)]
    _record(session, "credit:unapplied", credit, items=taken_back, who=who)
    touch(session, [customer.id])


def _apply(
    session: Session,
    credit: Credit,
    items: Sequence[tuple[Instalment, Invoice]],
    *,
    limits: Mapping[int, int],
    on: date,
) -> list[tuple[str, int]]:
    """What was applied, by the item's name; nothing of a reversed payment."""
    if credit.reversed_on is not None:
        return []
    of_items = settlements(session, Allocation.instalment_id, [instalment.id for instalment, _ in items])
    of_credit = [*settlements(session, Allocation.credit_id, [credit.id])[credit.id]]
    applied = []
    for instalment, invoice in items:
        since = max(on, credit.date, invoice.date)
        open_of_item = free(instalment.amount, of_items[instalment.id], since)
        left = free(credit.amount, of_credit, since)
        amount = min(open_of_item, left, limits.get(instalment.id, open_of_item))
        if amount > 0:
            of_credit.append(Settlement(since, None, amount))
            session.add(_allocation(credit, instalment, since, amount))
            applied.append((item_name(invoice, instalment), amount))
    session.flush()
    return applied


def _news(
    credit: Credit, items: Sequence[tuple[Instalment, Invoice]], applied: Sequence[tuple[str, int]]
) -> list[News]:
    names = {name for name, _ in applied}
    paid = sorted({invoice.number for each, invoice in items if item_name(invoice, each) in names})
    return [
        News(
            credit.customer_id,
            f"{credit.number}/{number}",
            {"payment": credit.number, "invoice": number},
        )
        for number in paid
    ]


def _allocation(credit: Credit, instalment: Instalment, since: date, amount: int) -> Allocation:
    return Allocation(
        company_id=credit.company_id,
        credit_id=credit.id,
        instalment_id=instalment.id,
        date=since,
        amount=amount,
    )


def _record(
    session: Session, tag: str, credit: Credit, *, items: Sequence[tuple[str, int]], who: str
) -> None:
    total = Money(credit.currency, sum(amount for _, amount in items))
    names = ", ".join(name for name, _ in items)
    verb = "applied to" if tag == "credit:applied" else "taken back from"
    record(
        session,
        company_id=credit.company_id,
        customer_id=credit.customer_id,
        tag=tag,
        who=who,
        text=f"{spelled_amount(total)} of {NAMES[credit.kind]} {credit.number} {verb} {names}",
        facts={
            "credit": credit.number,
            "kind": credit.kind,
            "amount": total,
            "items": [{"item": name, "amount": Money(credit.currency, amount)} for name, amount in items],
        },
    )
