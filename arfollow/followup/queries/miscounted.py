"""By how much the figures of the list are off what its rows count and add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, Select, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from arfollow.followup.tables import ListAmount, ListDue, ListFigure, ListRow

_OF_ROW = (
    ListRow.status,
    ListRow.band,
    ListRow.has_overdue,
    func.coalesce(ListRow.level_id, 0).label("level_id"),
    func.coalesce(ListRow.responsible_id, 0).label("responsible_id"),
)


def miscounted(session: Session, *, company_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The key of each figure that is off, and by how much its customers and its overdue amount are above the rows'.

    One statement, because it sees one moment: figures change in the transaction that changes the rows.
    """
    parts = union_all(_figures(company_id), _rows(company_id), _amounts(company_id)).subquery()
    key = [column for column in parts.c if column.name not in ("customers", "overdue")]
    customers, overdue = (
        cast(func.sum(column), BigInteger) for column in (parts.c.customers, parts.c.overdue)
    )
    return session.execute(
        select(*key, customers.label("customers"), overdue.label("overdue"))
        .group_by(*key)
        .having((customers != 0) | (overdue != 0))
        .order_by(*key)
    ).all()


def misadded_dues(session: Session, *, company_id: int) -> Sequence[tuple[str, date, int, int]]:
    """The currency and date of each due day that is off, and by how much its items and its amount are above the rows'."""
    kept = select(
        ListDue.currency,
        ListDue.due_date,
        ListDue.items,
        ListDue.amount,
        literal([], ListAmount.dues.type).label("dues"),
    ).where(ListDue.company_id == company_id)
    rows = select(
        ListAmount.currency, null(), literal(0), cast(literal(0), BigInteger), ListAmount.dues
    ).where(ListAmount.company_id == company_id)
    items: Counter[tuple[str, date]] = Counter()
    amounts: Counter[tuple[str, date]] = Counter()
    # One statement here, too; the database could take the dues apart, each engine in words of its own.
    for currency, due_date, kept_items, kept_amount, dues in session.execute(union_all(kept, rows)):
        if due_date is not None:
            items[currency, due_date] += kept_items
            amounts[currency, due_date] += kept_amount
        for on, due_items, due_amount in dues:
            items[currency, date.fromisoformat(on)] -= due_items
            amounts[currency, date.fromisoformat(on)] -= due_amount
    return [(*key, items[key], amounts[key]) for key in sorted(items) if items[key] or amounts[key]]


def _figures(company_id: int) -> Select[*tuple[Any, ...]]:
    columns = ListFigure.__table__.columns
    return select(*columns).where(ListFigure.company_id == company_id)


def _rows(company_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(ListRow.company_id, literal("").label("currency"), *_OF_ROW, -func.count(), literal(0))
        .where(ListRow.company_id == company_id)
        .group_by(ListRow.company_id, *_OF_ROW)
    )


def _amounts(company_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ListRow.company_id, ListAmount.currency, *_OF_ROW, -func.count(), -func.sum(ListAmount.overdue)
        )
        .join(ListAmount, ListAmount.customer_id == ListRow.customer_id)
        .where(ListRow.company_id == company_id)
        .group_by(ListRow.company_id, ListAmount.currency, *_OF_ROW)
    )
