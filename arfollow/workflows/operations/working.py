"""Works the positions that are due, a batch a transaction: asks the engine, performs the step, writes its run, moves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.receivables.tables import Customer
from arfollow.workflows.operations.enrolling import leave
from arfollow.workflows.operations.turning import decide
from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.rules.engine import Act, Leave, Position, Rest, Route
from arfollow.workflows.steps import Doing, Done, performers
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun, Workflow

log = structlog.get_logger(__name__)

BATCH = 50
CHANGES_FACTS = frozenset({Kind.SET_FIELD, Kind.ADD_TO_LIST, Kind.REMOVE_FROM_LIST})
"""After these, what was read for the batch is old: the next step is for the next one."""

MOST_STEPS = 20
"""Steps of one enrolment in one transaction; the rest is due at once."""

_LATER = timedelta(hours=1)
"""When a position that could not be worked is looked at again."""


def wake(session: Session, customer_ids: Sequence[int], *, of_money: bool = False) -> None:
    """Something happened to these customers, whom the caller holds: those of their positions that wait are due.

    `of_money`: their accounts changed, which concerns only routes that look at money.
    """
    now = clock.now()
    waiting: list[ColumnElement[bool]] = [
        StepPosition.customer_id.in_(customer_ids),
        StepPosition.due_at.is_(None) | (StepPosition.due_at > now),
    ]
    if of_money:
        waiting.append(StepPosition.watches.is_(True))
    session.execute(update(StepPosition).where(*waiting).values(due_at=now))


def work_batch(session: Session, *, company_id: int, today: date) -> int:
    """Work the company's next due positions, in a transaction that writes; gives how many. Nobody else works them meanwhile."""
    now = clock.now()
    is_due = (StepPosition.due_at <= now) & StepPosition.held.is_(False)
    # Whoever writes of a customer holds it first, so it is held before its positions; who is held already comes later.
    free = (
        select(StepPosition.id)
        .join(Customer, Customer.id == StepPosition.customer_id)
        .where(StepPosition.company_id == company_id, is_due)
        .order_by(StepPosition.due_at, StepPosition.id)
        .limit(BATCH)
        .with_for_update(of=Customer, key_share=True, skip_locked=True)
    )
    ids = session.scalars(free).all()
    if not ids:
        return 0
    positions = session.scalars(
        select(StepPosition)
        .where(StepPosition.id.in_(ids), is_due)
        .order_by(StepPosition.due_at, StepPosition.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if positions:
        desk = _Desk.of(session, company_id, positions, now, today)
        for position in positions:
            _work(desk, position)
    return len(ids)


def _work(desk: _Desk, position: StepPosition) -> None:
    """Work it in a savepoint: one that nobody can go on with, such as for a day beyond the calendar, must not hold up the others."""
    enrolment_id, path = position.enrolment_id, position.path
    try:
        with desk.session.begin_nested():
            desk.work(position)
    except OperationalError:
        # About the database, not about this one: all are tried again.
        raise
    except Exception:
        log.exception("position not worked", enrolment=enrolment_id, path=path)
        position.due_at = desk.now + _LATER


@dataclass(frozen=True, slots=True)
class _Desk:
    """One batch: what was read for it, and the instant that it happens at."""

    session: Session
    enrolments: dict[int, Enrolment]
    workflows: dict[int, Workflow]
    definitions: dict[int, Definition]
    known: Snapshot
    now: datetime
    today: date

    @classmethod
    def of(
        cls,
        session: Session,
        company_id: int,
        positions: Sequence[StepPosition],
        now: datetime,
        today: date,
    ) -> _Desk:
        """Read all that the batch needs."""
        ids = {position.enrolment_id for position in positions}
        enrolments = {
            each.id: each for each in session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)))
        }
        workflows = select(Workflow).where(
            Workflow.id.in_({each.workflow_id for each in enrolments.values()})
        )
        return cls(
            session=session,
            enrolments=enrolments,
            workflows={each.id: each for each in session.scalars(workflows)},
            definitions=dict(
                definitions(session, version_ids={each.version_id for each in enrolments.values()})
            ),
            known=snapshot(
                session,
                company_id=company_id,
                customer_ids={position.customer_id for position in positions},
                since=min(each.entered_at for each in enrolments.values()),
                today=today,
            ),
            now=now,
            today=today,
        )

    def work(self, position: StepPosition) -> None:
        """Ask the engine until it rests or leaves."""
        enrolment = self.enrolments[position.enrolment_id]
        if enrolment.left_at is not None:
            # On another path, in this very batch: its positions are gone.
            return
        workflow = self.workflows[enrolment.workflow_id]
        if workflow.state == "paused":
            # It began while the pause did; whoever resumes lets go of it.
            position.held = True
            return
        definition = self.definitions[enrolment.version_id]
        route = Route(definition, whenever=position.whenever)
        at = _read(position)
        for _ in range(MOST_STEPS):
            known = self.known.known(position.customer_id, key=enrolment.key, since=enrolment.entered_at)
            match decide(
                self.session,
                route,
                at,
                known,
                enrolment=enrolment,
                path=position.path,
                now=self.now,
            ):
                case Act() as act:
                    self._perform(act, position, enrolment, workflow)
                    at = act.after
                    if act.step.kind in CHANGES_FACTS:
                        break
                case Rest() as rest:
                    _write(position, rest.at, due_at=rest.until)
                    return
                case Leave(reason=reason):
                    self._leave(position, enrolment, workflow, reason)
                    return
        _write(position, at, due_at=self.now)

    def _perform(self, act: Act, position: StepPosition, enrolment: Enrolment, workflow: Workflow) -> None:
        """Do the step in a savepoint: one that fails takes back what it began, and the route goes on without it."""
        doing = Doing(
            step=act.step,
            company_id=enrolment.company_id,
            customer_id=enrolment.customer_id,
            enrolment_id=enrolment.id,
            key=f"workflow:{enrolment.id}:{position.path}:{act.step.key}:{act.round}",
            now=self.now,
            today=self.today,
            who=f"workflow “{workflow.name}”",
        )
        try:
            with self.session.begin_nested():
                done = performers()[act.step.kind](self.session, doing)
        except (LookupError, ValueError) as problem:
            done = Done(result="failed", explanation=str(problem))
            log.warning("workflow step failed", key=doing.key, problem=type(problem).__name__)
        self.session.add(
            StepRun(
                enrolment_id=enrolment.id,
                path=position.path,
                step=act.step.key,
                round=act.round,
                customer_id=enrolment.customer_id,
                kind=act.step.kind.value,
                at=self.now,
                result=done.result,
                explanation=done.explanation,
                delivery_id=done.delivery_id,
                task_id=done.task_id,
            )
        )
        self.session.flush()

    def _leave(self, position: StepPosition, enrolment: Enrolment, workflow: Workflow, reason: str) -> None:
        if position.path and reason == "end":
            self.session.delete(position)
            return
        leave(
            self.session,
            enrolment,
            reason=reason,
            now=self.now,
            who=f"workflow “{workflow.name}”",
            name=workflow.name,
        )


def _read(position: StepPosition) -> Position:
    return Position(
        step=position.step,
        entered_at=position.entered_at,
        round=position.round,
        ran={key: datetime.fromisoformat(at) for key, at in position.ran.items()},
    )


def _write(position: StepPosition, at: Position, *, due_at: datetime | None) -> None:
    position.step, position.round, position.entered_at = at.step, at.round, at.entered_at
    position.ran = {key: when.isoformat() for key, when in at.ran.items()}
    position.due_at = due_at


def today_of(session: Session, *, company_id: int) -> date:
    """The company's today."""
    return clock.today(session.scalars(select(Company.timezone).where(Company.id == company_id)).one())
