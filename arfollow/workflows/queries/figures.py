"""Workflows in figures, from those who are in them; no figure reads the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.workflows.queries.counting import has_failed, is_due
from arfollow.workflows.tables import Enrolment, StepPosition, Workflow, WorkflowErrand, WorkflowVersion

_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A workflow in figures. `waiting`: of those enrolled, whose route has nothing due now; `failed`: who ever had a step that failed.

    `finished`: who came to the end or the goal within the last 30 days.
    """

    enrolled: int = 0
    waiting: int = 0
    failed: int = 0
    finished: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the worker does with all who are in a workflow."""

    kind: str
    total: int
    done: int
    passed_over: int


def standing_of_workflows(session: Session, company_id: int) -> Mapping[int, Standing]:
    """The figures of each of the company's workflows in which anybody ever was, by id."""
    found: dict[int, dict[str, int]] = {}
    for name, query in _figures(company_id):
        for workflow_id, count in session.execute(query):
            found.setdefault(workflow_id, {})[name] = count
    return {
        id_: Standing(
            enrolled=each.get("enrolled", 0),
            waiting=each.get("enrolled", 0) - each.get("due", 0),
            failed=each.get("failed", 0),
            finished=each.get("finished", 0),
        )
        for id_, each in found.items()
    }


def _figures(company_id: int) -> Iterator[tuple[str, Select[int, int]]]:
    ids = select(Workflow.id).where(Workflow.company_id == company_id)
    counted = (
        select(Enrolment.workflow_id, func.count())
        .where(Enrolment.workflow_id.in_(ids))
        .group_by(Enrolment.workflow_id)
    )
    inside = (
        select(StepPosition.workflow_id, func.count())
        .where(StepPosition.workflow_id.in_(ids), StepPosition.path == 0)
        .group_by(StepPosition.workflow_id)
    )
    yield "enrolled", inside
    yield "due", inside.where(is_due())
    yield "failed", counted.where(Enrolment.id.in_(has_failed()))
    since = clock.now() - _LATELY
    yield "finished", counted.where(Enrolment.left_at >= since, Enrolment.reason.in_(("end", "goal")))


def by_version(session: Session, *, workflow_id: int) -> Mapping[int, int]:
    """How many are in each version, by its number."""
    query = (
        select(WorkflowVersion.number, func.count())
        .join(Enrolment, Enrolment.version_id == WorkflowVersion.id)
        .where(WorkflowVersion.workflow_id == workflow_id, Enrolment.left_at.is_(None))
        .group_by(WorkflowVersion.number)
        .order_by(WorkflowVersion.number)
    )
    return {number: count for number, count in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def errand_of(session: Session, *, workflow_id: int) -> Errand | None:
    """What the worker is about to do with all who are in it; None: nothing."""
    found = session.scalar(
        select(WorkflowErrand)
        .where(WorkflowErrand.workflow_id == workflow_id, WorkflowErrand.finished_at.is_(None))
        .limit(1)
    )
    if found is None:
        return None
    return Errand(kind=found.kind, total=found.total, done=found.done, passed_over=found.passed_over)
