"""One enrolment, whole: where it stands and why, what comes next, and everything it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.receivables.tables import Customer
from arfollow.tasks.tables import Task
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.queries.standing import find_enrolment, positions_of, read
from arfollow.workflows.queries.versions import definitions, find_workflow, latest_version
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.engine import CircleError, Known, Route
from arfollow.workflows.rules.facts import all_facts
from arfollow.workflows.rules.forecasting import Forecast, forecast
from arfollow.workflows.rules.steering import seen
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun, StepTurn, WorkflowVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One position. `step`: where it stands; None: at the end. `waits`: for the contact gap; `seen`: what a form carries; `whenever`: the event that began it."""

    path: int
    step: Step | None
    round: int
    since: datetime
    due_at: datetime | None
    waits: bool
    held: bool
    seen: str
    whenever: str
    forecast: Forecast | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that was done, or a way that was taken. `outcome`: the branch's; `result`: empty for a way.

    `task`: its title; `by_event`: it belongs to what an event began beside the main route.
    """

    at: datetime
    step: Step | None
    key: str
    round: int
    result: str = ""
    explanation: str = ""
    delivery_id: int | None = None
    task: str = ""
    outcome: str = ""
    label: str = ""
    facts: Mapping[str, Any] | None = None
    by_event: bool = False

    @property
    def is_turn(self) -> bool:
        """Whether it is a way that was taken."""
        return not self.result


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentView:
    """One enrolment as its page shows it. `newer`: the number of a newer version; None: there is none."""

    id: int
    workflow_id: int
    workflow: str
    state: str
    customer: str
    number: str
    key: str
    version: int
    newer: int | None
    newer_steps: tuple[Step, ...]
    is_gone: bool
    entered_at: datetime
    left_at: datetime | None
    reason: str
    definition: Definition
    stands: tuple[Stand, ...]
    history: tuple[Happened, ...]
    facts: Mapping[str, Any]
    currency: str

    @property
    def main(self) -> Stand | None:
        """Where the main route stands; None: the customer has left."""
        return next((each for each in self.stands if each.path == 0), None)


def enrolment_view(
    session: Session, *, company_id: int, enrolment_id: int, now: datetime, today: date
) -> EnrolmentView:
    """The enrolment as it is; raise UnknownEnrolmentError."""
    found = find_enrolment(session, company_id=company_id, enrolment_id=enrolment_id)
    workflow = find_workflow(session, company_id=company_id, workflow_id=found.workflow_id)
    customer = session.scalars(select(Customer).where(Customer.id == found.customer_id)).one()
    newest = latest_version(session, workflow_id=workflow.id, published=True)
    since = found.told_from or found.entered_at
    known_now = snapshot(
        session, company_id=company_id, customer_ids=[customer.id], since=since, today=today, keys=[found.key]
    )
    known = known_now.known(customer.id, key=found.key, since=since, enrolment_id=found.id)
    ids = {found.version_id} | ({newest.id} if newest else set())
    read_definitions = definitions(session, version_ids=ids)
    definition = read_definitions[found.version_id]
    rows = positions_of(session, [found.id])
    new = read_definitions[newest.id] if newest and newest.id != found.version_id else None
    return EnrolmentView(
        id=found.id,
        workflow_id=workflow.id,
        workflow=workflow.name,
        state=workflow.state,
        customer=customer.name,
        number=customer.number,
        key=found.key,
        version=session.scalars(
            select(WorkflowVersion.number).where(WorkflowVersion.id == found.version_id)
        ).one(),
        newer=newest.number if newest and new else None,
        newer_steps=main_steps(new) if new else (),
        is_gone=new is not None and bool(rows) and rows[0].step not in Route(new),
        entered_at=found.entered_at,
        left_at=found.left_at,
        reason=found.reason,
        definition=definition,
        stands=tuple(_stand(row, found, definition, known, now) for row in rows),
        history=_history(session, found, definition),
        facts=all_facts(known.facts, events=known.events, now=now, place=known.place),
        currency=known_now.company.currency,
    )


def main_steps(definition: Definition) -> tuple[Step, ...]:
    """The steps of the main route, as they are drawn."""
    route = Route(definition)
    return tuple(step for step in definition.steps() if step.key in route)


def _stand(
    row: StepPosition, enrolment: Enrolment, definition: Definition, known: Known, now: datetime
) -> Stand:
    route, position = Route(definition, whenever=row.whenever), read(row)
    return Stand(
        path=row.path,
        step=route.step(row.step) if row.step is not None and row.step in route else None,
        round=row.round,
        since=row.entered_at,
        due_at=row.due_at,
        waits=row.waits_since is not None,
        held=row.held,
        seen=seen(position, version_id=enrolment.version_id, path=row.path),
        whenever="" if row.whenever is None else definition.whenever[row.whenever].event,
        forecast=_forecast(route, row, known, row.due_at if row.waits_since and row.due_at else now),
    )


def _forecast(route: Route, row: StepPosition, known: Known, now: datetime) -> Forecast | None:
    """None: nobody can say, since the route goes in a circle or a day is beyond the calendar."""
    try:
        # A route may begin at an hour that is still to come.
        return forecast(route, read(row), known, now=max(now, row.entered_at))
    except (CircleError, OverflowError, KeyError, ValueError):
        return None


def _history(session: Session, enrolment: Enrolment, definition: Definition) -> tuple[Happened, ...]:
    """All runs and turns, the latest first."""
    steps = {step.key: step for step in definition.steps()}
    runs = session.execute(
        select(StepRun, Task.title)
        .outerjoin(Task, Task.id == StepRun.task_id)
        .where(StepRun.enrolment_id == enrolment.id)
    )
    happened = [_run(run, title, steps) for run, title in runs]
    turns = session.scalars(
        select(StepTurn).where(StepTurn.enrolment_id == enrolment.id).order_by(StepTurn.id)
    )
    happened += [_turn(turn, steps) for turn in turns]
    order = {key: at for at, key in enumerate(steps)}
    happened.sort(key=lambda each: (each.at, each.round, order.get(each.key, -1)), reverse=True)
    return tuple(happened)


def _run(run: StepRun, title: str | None, steps: Mapping[str, Step]) -> Happened:
    return Happened(
        at=run.at,
        step=steps.get(run.step),
        key=run.step,
        round=run.round,
        result=run.result,
        explanation=run.explanation,
        delivery_id=run.delivery_id,
        task=title or "",
        by_event=run.path > 0,
    )


def _turn(turn: StepTurn, steps: Mapping[str, Step]) -> Happened:
    step = steps.get(turn.step)
    return Happened(
        at=turn.at,
        step=step,
        key=turn.step,
        round=turn.round,
        outcome=turn.outcome,
        label=label_of(step, turn.outcome),
        facts=turn.facts,
        by_event=turn.path > 0,
    )


def label_of(step: Step | None, outcome: str) -> str:
    """What the drawing says beside the branch; empty: nothing."""
    branches: Sequence[Any] = step.branches if step is not None else ()
    return next((each.label for each in branches if each.outcome == outcome), "")
