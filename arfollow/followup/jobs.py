"""What the worker does for the list from time to time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.database import begin_write, commit
from arfollow.followup.operations.refresh import refresh_due
from arfollow.followup.queries.waiting import is_waiting


def bring_up_to_date(session: Session) -> None:
    """Refresh every row that is stale or whose day has come, in all companies, a batch a transaction."""
    companies = session.execute(select(Company.id, Company.timezone)).all()
    for company_id, timezone in companies:
        while is_waiting(session, company_id=company_id, today=clock.today(timezone)):
            session.rollback()
            begin_write(session)
            refresh_due(session, company_id=company_id, today=clock.today(timezone))
            commit(session)
        session.rollback()
