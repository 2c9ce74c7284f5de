"""Which day it is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company


def today_of(session: Session, *, company_id: int) -> date:
    """The company's today."""
    return clock.today(session.scalars(select(Company.timezone).where(Company.id == company_id)).one())
