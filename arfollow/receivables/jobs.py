"""What the worker does for customers from time to time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM
from arfollow.database import begin_write, commit
from arfollow.receivables.operations.responsibility import carry_out
from arfollow.receivables.queries.responsibility import companies_to_go_through, is_carried_out


def carry_out_rules(session: Session) -> None:
    """Go through the customers of every company whose rules of responsibility have changed; safe in two workers at once."""
    companies = companies_to_go_through(session)
    session.rollback()
    for company_id in companies:
        begin_write(session)
        # Another worker may have done it while this one waited.
        if not is_carried_out(session, company_id=company_id):
            carry_out(session, company_id=company_id, who=SYSTEM)
        commit(session)
