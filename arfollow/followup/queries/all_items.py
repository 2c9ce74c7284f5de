"""All of a customer's items, the settled ones too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from arfollow.followup.balances import item_name
from arfollow.receivables.tables import Allocation, Instalment, Invoice
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PastItem:
    """An item, open or settled (`settled_on`), as of the day asked for."""

    name: str
    reference: str
    invoice_date: date
    due_date: date
    amount: Money
    open: Money
    settled_on: date | None

    @property
    def paid(self) -> Money:
        """What was applied to it so far."""
        return self.amount - self.open


def all_items(
    session: Session, *, customer_id: int, today: date, limit: int, offset: int
) -> tuple[PastItem, ...]:
    """A page of them, the latest due first."""
    applied = func.coalesce(
        select(func.sum(case((_counts(today), Allocation.amount), else_=0)))
        .where(Allocation.instalment_id == Instalment.id)
        .scalar_subquery(),
        0,
    )
    rows = session.execute(
        select(Instalment, Invoice, applied)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(Instalment.customer_id == customer_id)
        .order_by(Instalment.due_date.desc(), Invoice.number.desc(), Instalment.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(_item(instalment, invoice, int(paid), today) for instalment, invoice, paid in rows)


def count_items(session: Session, *, customer_id: int) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).where(Instalment.customer_id == customer_id)) or 0


def references(session: Session, *, instalment_ids: Collection[int]) -> Mapping[int, str]:
    """The references of these items' invoices, where they have one."""
    rows = session.execute(
        select(Instalment.id, Invoice.reference)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(Instalment.id.in_(instalment_ids), Invoice.reference != "")
    )
    return dict(rows.tuples().all())


def _counts(today: date) -> ColumnElement[bool]:
    return (Allocation.date <= today) & (Allocation.ended_on.is_(None) | (Allocation.ended_on > today))


def _item(instalment: Instalment, invoice: Invoice, paid: int, today: date) -> PastItem:
    settled_on = instalment.settled_on
    return PastItem(
        name=item_name(invoice.number, instalment.number),
        reference=invoice.reference,
        invoice_date=invoice.date,
        due_date=instalment.due_date,
        amount=Money(invoice.currency, instalment.amount),
        open=Money(invoice.currency, max(0, instalment.amount - paid)),
        settled_on=settled_on if settled_on is not None and settled_on <= today else None,
    )
