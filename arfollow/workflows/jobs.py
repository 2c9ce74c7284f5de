"""What the worker does for workflows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.database import begin_write, commit
from arfollow.workflows.operations.working import today_of, wake, work_batch
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun, StepTurn

MOST_BATCHES = 20
"""Batches of a company in one turn: other jobs wait meanwhile."""


def work_workflows(session: Session) -> None:
    """Work what is due in all companies, a batch a transaction; safe in any number of workers at once."""
    is_due = (StepPosition.due_at <= clock.now()) & StepPosition.held.is_(False)
    due = select(StepPosition.company_id).where(is_due).distinct()
    companies = session.scalars(due.order_by(StepPosition.company_id)).all()
    session.rollback()
    for company_id in companies:
        for _ in range(MOST_BATCHES):
            begin_write(session)
            worked = work_batch(
                session, company_id=company_id, today=today_of(session, company_id=company_id)
            )
            commit(session)
            session.expunge_all()
            if not worked:
                break


def wake_by_profile(session: Session, customer_ids: Sequence[int]) -> None:
    """Something happened to these customers, or more is known of them; registered with profiles."""
    wake(session, customer_ids)


def wake_by_account(session: Session, customer_ids: frozenset[int]) -> None:
    """What these customers owe may have changed; registered as a refresher."""
    wake(session, sorted(customer_ids), of_money=True)


def leave_erased(session: Session, customer_id: int) -> None:
    """A customer who is erased is in no workflow any more; registered with profiles."""
    session.execute(delete(StepPosition).where(StepPosition.customer_id == customer_id))
    inside = (Enrolment.customer_id == customer_id) & Enrolment.left_at.is_(None)
    session.execute(update(Enrolment).where(inside).values(left_at=clock.now(), reason="erased"))
    session.execute(update(StepRun).where(StepRun.customer_id == customer_id).values(explanation=""))
    session.execute(update(StepTurn).where(StepTurn.customer_id == customer_id).values(facts={}))
