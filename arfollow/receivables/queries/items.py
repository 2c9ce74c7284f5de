"""A customer's items: the open ones, and all of them in pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, Integer, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from arfollow.receivables.queries.paging import Page
from arfollow.receivables.queries.residuals import residual
from arfollow.receivables.tables import Instalment, Invoice

_DAY = bindparam("day", type_=Date())
_ITEMS = (
    select(Instalment, Invoice, residual(_DAY).label("residual"))
    .join(Invoice, Invoice.id == Instalment.invoice_id)
    .where(
        Instalment.company_id == bindparam("company_id", type_=Integer()),
        Instalment.customer_id == bindparam("customer_id", type_=Integer()),
        Invoice.date <= _DAY,
    )
)
# Made once: to build it anew would take longer than to run it.
_OPEN = _ITEMS.where(or_(Instalment.settled_on.is_(None), Instalment.settled_on > _DAY)).order_by(
    Instalment.due_date, Invoice.number, Instalment.number
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An instalment as it stands on `as_of`. Amounts in minor units of `currency`; paid + residual = amount."""

    id: int
    invoice: str
    instalment: int
    date: dt.date
    due_date: dt.date
    currency: str
    amount: int
    residual: int
    reference: str
    settled_on: dt.date | None
    as_of: dt.date

    @property
    def paid(self) -> int:
        """What stands applied to it."""
        return self.amount - self.residual

    @property
    def days_late(self) -> int:
        """Days past due while something is owed; 0 for what is not due or settled."""
        return max(0, (self.as_of - self.due_date).days) if self.residual else 0


def open_items(session: Session, *, company_id: int, customer_id: int, day: dt.date) -> Sequence[ItemLine]:
    """What the customer owes on the day, oldest due first."""
    rows = session.execute(_OPEN, {"company_id": company_id, "customer_id": customer_id, "day": day})
    return [line for row in rows if (line := _line(row, day)).residual]


def item_page(
    session: Session, *, company_id: int, customer_id: int, day: dt.date, page: int = 1, size: int = 50
) -> Page[ItemLine]:
    """All items dated up to the day, paid ones too, newest first; pages count from 1."""
    statement = _ITEMS.params(company_id=company_id, customer_id=customer_id, day=day)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.execute(
        statement.order_by(Invoice.date.desc(), Invoice.id.desc(), Instalment.number)
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page(rows=tuple(_line(row, day) for row in rows), number=page, size=size, total=total)


def _line(row: Row[Instalment, Invoice, int], day: dt.date) -> ItemLine:
    instalment, invoice, left = row
    return ItemLine(
        id=instalment.id,
        invoice=invoice.number,
        instalment=instalment.number,
        date=invoice.date,
        due_date=instalment.due_date,
        currency=invoice.currency,
        amount=instalment.amount,
        residual=max(0, int(left)),
        reference=invoice.reference,
        settled_on=instalment.settled_on,
        as_of=day,
    )
