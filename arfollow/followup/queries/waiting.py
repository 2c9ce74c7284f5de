"""Which rows of the stored list wait to be refreshed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    bindparam,
    func,
    select,
    union,
)
from sqlalchemy.orm import Session

from arfollow.followup.tables import ListRow, ListRules

MANY = 1000
"""More are not counted: a page must not read them all to say that the list is being brought up to date."""


def rules_version(company_id: int | SQLColumnExpression[int]) -> ColumnElement[int]:
    """The version of what decides about the company's list; rows made by an earlier one are stale."""
    version = select(ListRules.version).where(ListRules.company_id == company_id)
    return func.coalesce(version.scalar_subquery(), 1)


def waiting(
    company_id: int | SQLColumnExpression[int], today: date | SQLColumnExpression[date]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions on rows that are stale, and on those that change by themselves by today.

    They are asked one after the other: for one condition of both, SQLite reads every row.
    """
    of_company = ListRow.company_id == company_id
    stale = ListRow.rules_version < rules_version(company_id)
    return of_company & stale, of_company & (ListRow.changes_on <= today)


def is_waiting(session: Session, *, company_id: int, today: date) -> bool:
    """Whether there is any."""
    first = (select(ListRow.customer_id).where(each).limit(1) for each in waiting(company_id, today))
    return any(session.scalar(each) is not None for each in first)


def count_waiting(session: Session, *, company_id: int, today: date) -> int:
    """How many there are; one more than MANY where there are more. The list says so meanwhile."""
    return min(session.scalar(_COUNT, {"company_id": company_id, "today": today}) or 0, MANY + 1)


def _count() -> Select[int]:
    conditions = waiting(bindparam("company_id", type_=Integer()), bindparam("today", type_=Date()))
    some = (select(ListRow.customer_id).where(each).limit(MANY + 1) for each in conditions)
    both = union(*(select(each.subquery().c.customer_id) for each in some)).subquery()
    return select(func.count()).select_from(both)


# Made once: every look at the list asks it, and to build it anew would take longer than to run it.
_COUNT = _count()
