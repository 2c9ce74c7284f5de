"""What the worker does for workflows, and what others tell it of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import structlog
from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.database import begin_write, commit
from arfollow.workflows.operations.triggering.happening import handle_some, new_events
from arfollow.workflows.operations.triggering.looking import look_at_some
from arfollow.workflows.operations.triggering.noting import note_changed
from arfollow.workflows.operations.triggering.scanning import scan, with_new_days
from arfollow.workflows.operations.waking import wake
from arfollow.workflows.operations.working import work_batch
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.tables import CustomerLook, Enrolment, StepPosition, StepRun, StepTurn

log = structlog.get_logger(__name__)

MOST_BATCHES = 20
"""Batches of a company in one turn: other jobs wait meanwhile."""

_OURS = "workflows at work"


def work_workflows(session: Session) -> bool:
    """Handle events, days and changes, then work what is due, a batch a transaction; safe in any number of workers at once.

    Gives whether there is more: nobody waits for the next turn while thousands are due.

    Where nothing is to be done, that is four short looks at indexes of what there is to do.
    """
    events = new_events(session, now=clock.now())
    session.rollback()
    more = _in_batches(session, events, _handle)
    new_days = with_new_days(session)
    session.rollback()
    for workflow_id, today in new_days:
        begin_write(session)
        _scan(session, workflow_id, today)
        _commit(session)
    looks = select(CustomerLook.company_id).distinct().order_by(CustomerLook.company_id)
    more |= _in_batches(session, _companies(session, looks), _look)
    is_due = (StepPosition.due_at <= clock.now()) & ~StepPosition.held
    due = select(StepPosition.company_id).where(is_due).distinct().order_by(StepPosition.company_id)
    more |= _in_batches(session, _companies(session, due), _work)
    return more


def wake_by_profile(session: Session, customer_ids: Sequence[int]) -> None:
    """Something happened to these customers, or more is known of them; registered with profiles."""
    wake(session, customer_ids)
    note_changed(session, customer_ids)


def wake_by_account(session: Session, customer_ids: frozenset[int]) -> None:
    """What these customers owe may have changed; registered as a refresher."""
    # What a step does is no news to routes, and changes no account.
    if not session.info.get(_OURS):
        wake(session, sorted(customer_ids), of_money=True)
        note_changed(session, sorted(customer_ids))


def leave_erased(session: Session, customer_id: int) -> None:
    """A customer who is erased is in no workflow any more; registered with profiles."""
    session.execute(delete(StepPosition).where(StepPosition.customer_id == customer_id))
    session.execute(delete(CustomerLook).where(CustomerLook.customer_id == customer_id))
    inside = (Enrolment.customer_id == customer_id) & Enrolment.left_at.is_(None)
    session.execute(update(Enrolment).where(inside).values(left_at=clock.now(), reason="erased"))
    session.execute(update(StepRun).where(StepRun.customer_id == customer_id).values(explanation=""))
    session.execute(update(StepTurn).where(StepTurn.customer_id == customer_id).values(facts={}))


def _scan(session: Session, workflow_id: int, today: date) -> None:
    """One whose days nobody can find must not keep the others from theirs; it is tried again in the next turn."""
    try:
        with session.begin_nested():
            scan(session, workflow_id=workflow_id, today=today, now=clock.now())
    except OperationalError:
        raise
    except Exception:
        log.exception("days not scanned", workflow=workflow_id)


Batch = Callable[[Session, int, datetime, date], int]


def _companies(session: Session, found: Select[int]) -> Sequence[int]:
    companies = session.scalars(found).all()
    session.rollback()
    return companies


def _in_batches(session: Session, companies: Sequence[int], work: Batch) -> bool:
    """Whether a company had more than its batches."""
    more = False
    for company_id in companies:
        more |= _has_more(session, company_id, work)
    return more


def _has_more(session: Session, company_id: int, work: Batch) -> bool:
    for _ in range(MOST_BATCHES):
        begin_write(session)
        worked = work(session, company_id, clock.now(), today_of(session, company_id=company_id))
        session.info[_OURS] = True
        _commit(session)
        if not worked:
            return False
    return True


def _commit(session: Session) -> None:
    commit(session)
    session.info.pop(_OURS, None)
    session.expunge_all()


def _handle(session: Session, company_id: int, now: datetime, today: date) -> int:
    return handle_some(session, company_id=company_id, now=now, today=today)


def _look(session: Session, company_id: int, now: datetime, today: date) -> int:
    return look_at_some(session, company_id=company_id, now=now, today=today)


def _work(session: Session, company_id: int, now: datetime, today: date) -> int:
    return work_batch(session, company_id=company_id, now=now, today=today)
