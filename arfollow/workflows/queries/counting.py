"""How many are in a workflow, by what pages show of them and by the step at which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun


class View(StrEnum):
    """Which of those who ever were in a workflow are shown."""

    INSIDE = "inside"
    DUE = "due"
    WAITING = "waiting"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many each view of a workflow shows, and how many of those inside stand at each step, by its key."""

    views: Mapping[View, int]
    steps: Mapping[str, int]


def counts(session: Session, *, workflow_id: int) -> Counts:
    """Those of a workflow; customers are not read for it."""
    steps = by_step(session, workflow_id=workflow_id)
    inside = sum(steps.values())
    found, left, failed = session.execute(_COUNTS, {"workflow_id": workflow_id, "now": clock.now()}).one()
    views = {
        View.INSIDE: inside,
        View.WAITING: inside - found,
        View.DUE: found,
        View.FAILED: failed,
        View.LEFT: left,
    }
    return Counts(views=views, steps=steps)


def by_step(session: Session, *, workflow_id: int) -> Mapping[str, int]:
    """How many stand at each step of the main route, by its key; together all who are in the workflow."""
    rows = session.execute(_BY_STEP, {"workflow_id": workflow_id})
    return {step or "": count for step, count in rows if count}


def stands_in(workflow_id: int | BindParameter[int]) -> tuple[ColumnElement[bool], ...]:
    """The main routes' positions of who is in the workflow: two indexes begin with these."""
    return StepPosition.workflow_id == workflow_id, StepPosition.path == 0


def has_failed() -> Select[int]:
    """The enrolments that have a step which failed."""
    return select(StepRun.enrolment_id).where(StepRun.result == "failed")


def is_due() -> ColumnElement[bool]:
    """Positions that the worker is about to come to."""
    return _is_due_by(clock.now())


def _is_due_by(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    # In the words of the index of what is due, which is not used otherwise.
    return and_(StepPosition.due_at <= now, ~StepPosition.held)


def _counts() -> Select[int, int, int]:
    """How many are due, have left, and have failed: each a range of an index of its own, so that nobody else is looked at one by one."""
    due = select(func.count()).select_from(StepPosition)
    of_it = select(func.count()).select_from(Enrolment).where(Enrolment.workflow_id == _WORKFLOW_ID)
    return select(
        due.where(*stands_in(_WORKFLOW_ID), _is_due_by(bindparam("now"))).scalar_subquery(),
        of_it.where(Enrolment.left_at.is_not(None)).scalar_subquery(),
        of_it.where(Enrolment.id.in_(has_failed())).scalar_subquery(),
    )


def _by_step() -> Select[str | None, int]:
    """Each step, found as the next one in the index, and how many are in its range of it; one without a name, at the end, comes last.

    To group them, either engine would compare each of a hundred thousand with the one before.
    """
    stands, step = stands_in(_WORKFLOW_ID), StepPosition.step
    first = select(func.min(step).label("step")).where(*stands).cte("steps", recursive=True)
    following = select(func.min(step)).where(*stands, step > first.c.step).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.step.is_not(None)))
    count = select(func.count()).select_from(StepPosition).where(*stands)
    at_end = count.where(step.is_(None)).scalar_subquery()
    at_step = count.where(step == steps.c.step).scalar_subquery()
    return select(steps.c.step, case((steps.c.step.is_(None), at_end), else_=at_step))


# Made once: to build them anew for each page would take longer than to run some of them.
_WORKFLOW_ID: BindParameter[int] = bindparam("workflow_id", type_=Integer())
_BY_STEP = _by_step()
_COUNTS = _counts()
