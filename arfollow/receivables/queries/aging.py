"""Open items by currency and days past due, added up by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.receivables.queries.residuals import residual, unapplied
from arfollow.receivables.rules.aging import buckets, earliest_due_dates
from arfollow.receivables.tables import Credit, Instalment, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingCell:
    """The open items of one currency and bucket; `amount` in minor units. A bucket without items has 0 of both."""

    currency: str
    bucket: str
    items: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is open in one currency, in minor units, and how much credit is unapplied."""

    currency: str
    items: int
    amount: int
    unapplied: int


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


def open_totals(session: Session, *, company_id: int, day: date) -> Sequence[Totals]:
    """What the company's customers owe on the day and have paid on account, by currency."""
    cells = session.execute(_statement(company_id, None, day, ())).all()
    left = select(Credit.currency, unapplied(day).label("unapplied")).where(
        Credit.company_id == company_id,
        Credit.date <= day,
        or_(Credit.used_up_on.is_(None), Credit.used_up_on > day),
    )
    columns = left.subquery().c
    credits_ = {
        currency: int(amount)
        for currency, amount in session.execute(
            select(columns.currency, func.sum(columns.unapplied)).group_by(columns.currency)
        )
    }
    currencies = {cell[0] for cell in cells} | {currency for currency, amount in credits_.items() if amount}
    return [
        Totals(
            currency=currency,
            items=sum(int(cell[2]) for cell in cells if cell[0] == currency),
            amount=sum(int(cell[3]) for cell in cells if cell[0] == currency),
            unapplied=credits_.get(currency, 0),
        )
        for currency in sorted(currencies)
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
        )
    )
    if customer_id is not None:
        rows = rows.where(Instalment.customer_id == customer_id)
    # Each part is a range of an index; for one condition of both, all that was ever settled is read too.
    parts = (rows.where(each) for each in (Instalment.settled_on.is_(None), Instalment.settled_on > day))
    columns = union_all(*parts).subquery().c
    return (
        select(columns.currency, columns.bucket, func.count(), func.sum(columns.residual))
        .where(columns.residual > 0)
        .group_by(columns.currency, columns.bucket)
    )


def _borders(session: Session, company_id: int) -> Sequence[int]:
    borders: Sequence[int] = session.scalar(select(Company.bucket_days).where(Company.id == company_id)) or ()
    return borders
