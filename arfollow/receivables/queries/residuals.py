"""What is left of items and credits, as expressions for the database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from arfollow.receivables.tables import Allocation, Credit, Instalment


def applied(
    side: InstrumentedAttribute[int], holder: InstrumentedAttribute[int], day: date | ColumnElement[date]
) -> ColumnElement[int]:
    """What stands applied on the day of an item (`Allocation.instalment_id`, `Instalment.id`) or of a credit."""
    stands = and_(Allocation.date <= day, or_(Allocation.ended_on.is_(None), Allocation.ended_on > day))
    return func.coalesce(
        select(func.sum(Allocation.amount)).where(side == holder, stands).scalar_subquery(), 0
    )


def residual(day: date | ColumnElement[date]) -> ColumnElement[int]:
    """What is owed of an instalment on the day, without regard to its invoice's date."""
    return Instalment.amount - applied(Allocation.instalment_id, Instalment.id, day)


def unapplied(day: date | ColumnElement[date]) -> ColumnElement[int]:
    """What is left of a payment or credit note on the day; 0 before its date and once it is reversed."""
    counts = and_(Credit.date <= day, or_(Credit.reversed_on.is_(None), Credit.reversed_on > day))
    return case((counts, Credit.amount - applied(Allocation.credit_id, Credit.id, day)), else_=0)
