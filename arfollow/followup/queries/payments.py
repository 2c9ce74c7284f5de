"""A customer's payments and credit notes: what is left of them, and what they were applied to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from arfollow.followup.balances import item_name
from arfollow.receivables.rules.ledger import CreditLine, Settlement
from arfollow.receivables.tables import Allocation, Credit, Instalment, Invoice
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A part of a credit that is applied to an item. `by_clerk`: it was applied here and can be taken back here."""

    id: int
    item: str
    on: date
    amount: Money
    by_clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment or credit note (`kind`). `left`: what is unapplied of it today."""

    id: int
    kind: str
    number: str
    reference: str
    on: date
    amount: Money
    left: Money
    reversed_on: date | None
    applied: tuple[Applied, ...]


def unapplied(session: Session, *, customer_id: int, today: date) -> tuple[Payment, ...]:
    """Payments and credit notes with something left, the oldest first."""
    wanted = (
        Credit.date <= today,
        or_(Credit.used_up_on.is_(None), Credit.used_up_on > today),
    )
    found = _payments(session, customer_id, today, wanted)
    return tuple(payment for payment in found if payment.left)


def payments(
    session: Session, *, customer_id: int, today: date, limit: int, offset: int
) -> tuple[Payment, ...]:
    """A page of all of them, the latest first."""
    return _payments(session, customer_id, today, (), limit=limit, offset=offset, latest_first=True)


def count_payments(session: Session, *, customer_id: int) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).where(Credit.customer_id == customer_id)) or 0


def _payments(
    session: Session,
    customer_id: int,
    today: date,
    wanted: Collection[ColumnElement[bool]],
    *,
    limit: int | None = None,
    offset: int = 0,
    latest_first: bool = False,
) -> tuple[Payment, ...]:
    order = (Credit.date.desc(), Credit.id.desc()) if latest_first else (Credit.date, Credit.id)
    rows = session.scalars(
        select(Credit)
        .where(Credit.customer_id == customer_id, *wanted)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    ).all()
    applied = _applied(session, [row.id for row in rows])
    return tuple(_payment(row, applied.get(row.id, ()), today) for row in rows)


def _applied(session: Session, ids: Collection[int]) -> Mapping[int, list[tuple[Allocation, str]]]:
    found: defaultdict[int, list[tuple[Allocation, str]]] = defaultdict(list)
    rows = session.execute(
        select(Allocation, Invoice.number, Instalment.number)
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(Allocation.credit_id.in_(ids))
        .order_by(Allocation.date, Allocation.id)
    )
    for allocation, invoice, instalment in rows:
        found[allocation.credit_id].append((allocation, item_name(invoice, instalment)))
    return found


def _payment(credit: Credit, applied: Collection[tuple[Allocation, str]], today: date) -> Payment:
    line = CreditLine(
        id=credit.id,
        on=credit.date,
        currency=credit.currency,
        amount=credit.amount,
        reversed_on=credit.reversed_on,
        settlements=tuple(Settlement(each.date, each.ended_on, each.amount) for each, _ in applied),
    )
    return Payment(
        id=credit.id,
        kind=credit.kind,
        number=credit.number,
        reference=credit.reference,
        on=credit.date,
        amount=Money(credit.currency, credit.amount),
        left=Money(credit.currency, line.unapplied(today)),
        reversed_on=credit.reversed_on,
        applied=tuple(
            Applied(
                id=each.id,
                item=name,
                on=each.date,
                amount=Money(credit.currency, each.amount),
                by_clerk=each.origin == "clerk",
            )
            for each, name in applied
            if each.ended_on is None
        ),
    )
