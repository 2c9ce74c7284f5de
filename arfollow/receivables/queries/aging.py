"""Open items by currency and days past due, added up by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.receivables.queries.residuals import residual
from arfollow.receivables.rules.aging import buckets, earliest_due_dates
from arfollow.receivables.tables import Instalment, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingCell:
    """The open items of one currency and bucket; `amount` in minor units. A bucket without items has 0 of both."""

    currency: str
    bucket: str
    items: int
    amount: int


def aging(
    session: Session, *, company_id: int, day: date, customer_id: int | None = None
) -> Sequence[AgingCell]:
    """Every bucket of every currency that anything is open in on the day, currencies by code, buckets in their order.

    The company's items, or those of one customer; unapplied credits are not taken off.
    """
    borders = _borders(session, company_id)
    names = buckets(borders)
    totals = {
        (currency, index): (int(items), int(amount))
        for currency, index, items, amount in session.execute(
            _statement(company_id, customer_id, day, borders)
        )
    }
    none = (0, 0)
    return [
        AgingCell(currency=currency, bucket=name, items=cell[0], amount=cell[1])
        for currency in sorted({currency for currency, _ in totals})
        for index, name in enumerate(names)
        for cell in (totals.get((currency, index), none),)
    ]


def _statement(
    company_id: int, customer_id: int | None, day: date, borders: Sequence[int]
) -> Select[str, int, int, int]:
    due_from = earliest_due_dates(day, borders)
    index = case(
        *((Instalment.due_date >= earliest, index) for index, earliest in enumerate(due_from)),
        else_=len(due_from),
    )
    rows = (
        select(Invoice.currency, index.label("bucket"), residual(day).label("residual"))
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(
            Instalment.company_id == company_id,
            Invoice.date <= day,
            or_(Instalment.settled_on.is_(None), Instalment.settled_on > day),
        )
    )
    if customer_id is not None:
        rows = rows.where(Instalment.customer_id == customer_id)
    open_items = rows.subquery()
    columns = open_items.c
    return (
        select(columns.currency, columns.bucket, func.count(), func.sum(columns.residual))
        .where(columns.residual > 0)
        .group_by(columns.currency, columns.bucket)
    )


def _borders(session: Session, company_id: int) -> Sequence[int]:
    borders: Sequence[int] = session.scalar(select(Company.bucket_days).where(Company.id == company_id)) or ()
    return borders
