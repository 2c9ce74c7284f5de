"""Which rows of the stored list wait to be refreshed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from arfollow.followup.tables import ListRow


def waiting(company_id: int, today: date) -> ColumnElement[bool]:
    """The condition on rows that are stale or change by themselves by today."""
    return (ListRow.company_id == company_id) & or_(ListRow.stale.is_(True), ListRow.changes_on <= today)


def is_waiting(session: Session, *, company_id: int, today: date) -> bool:
    """Whether there is any."""
    return session.scalar(select(ListRow.customer_id).where(waiting(company_id, today)).limit(1)) is not None


def count_waiting(session: Session, *, company_id: int, today: date) -> int:
    """How many there are; the list says so meanwhile."""
    return session.scalar(select(func.count()).where(waiting(company_id, today))) or 0
