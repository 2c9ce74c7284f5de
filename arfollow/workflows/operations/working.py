"""Works the positions that are due, a batch a transaction: asks the engine, performs the step, writes its run, moves on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow.receivables.operations.lookup import holding
from arfollow.values.refusals import remark
from arfollow.workflows.messages.reading import about_enrolment
from arfollow.workflows.messages.together import Together
from arfollow.workflows.operations.enrolling import leave
from arfollow.workflows.operations.entering import acting
from arfollow.workflows.operations.pending import Pending
from arfollow.workflows.operations.positions import (
    before,
    due_positions,
    is_due,
    position_of,
    unsent,
    waits_since,
)
from arfollow.workflows.operations.triggering.following import follow_on
from arfollow.workflows.operations.turning import decide
from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.definition import MESSAGES, Definition, Kind
from arfollow.workflows.rules.engine import Act, Leave, Position, Rest, Route
from arfollow.workflows.rules.watching import asked_facts
from arfollow.workflows.steps import Doing, Done, performers
from arfollow.workflows.tables import Enrolment, StepPosition, Workflow

log = structlog.get_logger(__name__)

CHANGES_FACTS = frozenset({Kind.SET_FIELD, Kind.ADD_TO_LIST, Kind.REMOVE_FROM_LIST})
"""After these, what was read for the batch is old: the next step is for the next one."""

MOST_STEPS = 20
"""Steps of one enrolment in one transaction; the rest is due at once."""

_LATER = timedelta(hours=1)
"""When a position that could not be worked is looked at again."""


def work_batch(session: Session, *, company_id: int, now: datetime, today: date) -> int:
    """Work the company's next due positions, in a transaction that writes; gives how many. Nobody else works them meanwhile."""
    ids = due_positions(session, company_id=company_id, now=now)
    if not ids:
        return 0
    try:
        with session.begin_nested():
            _work_all(session, company_id, ids, now=now, today=today, apart=False)
    except OperationalError:
        # About the database, not about one of them: all are tried again.
        raise
    except Exception as problem:  # noqa: BLE001 - whose it is comes out below
        # Seldom: only then is it worth the time to be able to take back each by itself.
        log.info("batch worked one by one", problem=type(problem).__name__)
        _work_all(session, company_id, ids, now=now, today=today, apart=True)
    return len(ids)


def _work_all(
    session: Session, company_id: int, ids: Sequence[int], *, now: datetime, today: date, apart: bool
) -> None:
    """Work these, whose customers we hold; `apart`: what goes wrong with one is taken back, and not with the others."""
    positions = session.scalars(
        select(StepPosition)
        .where(StepPosition.id.in_(ids), *is_due(now))
        .order_by(StepPosition.due_at, StepPosition.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if positions:
        desk = _Desk.of(session, company_id, positions, now, today, apart=apart)
        with holding(session, company_id=company_id, customer_ids=desk.together.customer_ids):
            for position in positions:
                _work(desk, position)
            desk.pending.write(session)


def _work(desk: _Desk, position: StepPosition) -> None:
    """Work it; one that nobody can go on with, such as for a day beyond the calendar, must not hold up the others."""
    if not desk.apart:
        desk.work(position)
        return
    enrolment_id, path, customer_id = position.enrolment_id, position.path, position.customer_id
    try:
        with desk.session.begin_nested():
            desk.work(position)
            desk.pending.write(desk.session)
    except OperationalError:
        raise
    except Exception:
        log.exception("position not worked", enrolment=enrolment_id, path=path)
        desk.pending.clear()
        desk.together.forget(customer_id)
        position.due_at, position.waits_since = desk.now + _LATER, None


@dataclass(frozen=True, slots=True)
class _Desk:
    """One batch: what was read for it, the instant that it happens at, and what is not written yet."""

    session: Session
    enrolments: dict[int, Enrolment]
    workflows: dict[int, Workflow]
    definitions: Mapping[int, Definition]
    known: Snapshot
    now: datetime
    today: date
    apart: bool
    together: Together
    pending: Pending = field(default_factory=Pending)

    @classmethod
    def of(
        cls,
        session: Session,
        company_id: int,
        positions: Sequence[StepPosition],
        now: datetime,
        today: date,
        *,
        apart: bool,
    ) -> _Desk:
        """Read all that the batch needs."""
        ids = {position.enrolment_id for position in positions}
        enrolments = {
            each.id: each for each in session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)))
        }
        read = definitions(session, version_ids={each.version_id for each in enrolments.values()})
        found = session.scalars(
            select(Workflow).where(Workflow.id.in_({each.workflow_id for each in enrolments.values()}))
        )
        workflows = {each.id: each for each in found}
        abouts = [
            about_enrolment(each, read[each.version_id], workflow=workflows[each.workflow_id].name)
            for each in enrolments.values()
        ]
        return cls(
            session=session,
            enrolments=enrolments,
            workflows=workflows,
            definitions=read,
            known=snapshot(
                session,
                company_id=company_id,
                customer_ids={position.customer_id for position in positions},
                since=min(each.told_from or each.entered_at for each in enrolments.values()),
                until=now,
                today=today,
                keys={each.key for each in enrolments.values()},
                asked=frozenset().union(*map(asked_facts, read.values())),
            ),
            now=now,
            today=today,
            apart=apart,
            together=Together.of(abouts, company_id=company_id, today=today),
        )

    def work(self, position: StepPosition) -> None:
        """Ask the engine until it rests or leaves."""
        if position.customer_id in self.pending.of:
            # What it did elsewhere may concern this one.
            self.pending.write(self.session)
        enrolment = self.enrolments[position.enrolment_id]
        if enrolment.left_at is not None and (position.path == 0 or enrolment.reason != "end"):
            # On another path, in this very batch: its positions are gone.
            return
        workflow = self.workflows[enrolment.workflow_id]
        if workflow.state == "paused":
            # It began while the pause did; whoever resumes lets go of it.
            position.held = True
            return
        definition = self.definitions[enrolment.version_id]
        route = Route(definition, whenever=position.whenever)
        at = position_of(position)
        since = enrolment.told_from or enrolment.entered_at
        known = self.known.known(
            position.customer_id, key=enrolment.key, since=since, enrolment_id=enrolment.id
        )
        for _ in range(MOST_STEPS):
            match decide(
                route,
                at,
                known,
                enrolment=enrolment,
                path=position.path,
                now=self.now,
                turns=self.pending.turns,
            ):
                case Act() as act:
                    done = self._perform(act, position, enrolment, workflow)
                    if done.result == "later":
                        waits = waits_since(position, act) or self.now
                        self.pending.stand(position, before(act), due_at=done.until, waits_since=waits)
                        return
                    at = _after(act, done)
                    if act.step.kind in CHANGES_FACTS:
                        break
                case Rest() as rest:
                    self.pending.stand(position, rest.at, due_at=rest.until)
                    return
                case Leave(reason=reason):
                    self._leave(position, enrolment, workflow, reason)
                    return
        self.pending.stand(position, at, due_at=self.now)

    def _perform(self, act: Act, position: StepPosition, enrolment: Enrolment, workflow: Workflow) -> Done:
        """Do the step; one that fails takes back what it began, and the route goes on without it.

        Of one that may not be done yet nothing is written.
        """
        doing = Doing(
            step=act.step,
            definition=self.definitions[enrolment.version_id],
            known=self.known,
            company_id=enrolment.company_id,
            customer_id=enrolment.customer_id,
            enrolment_id=enrolment.id,
            key=f"workflow:{enrolment.id}:{position.path}:{act.step.key}:{act.round}",
            now=self.now,
            today=self.today,
            waits_since=waits_since(position, act) or self.now,
            who=acting(workflow.name),
            together=self.together,
        )
        if enrolment.customer_id in self.pending.of:
            # A step may tell what this workflow has done so far.
            self.pending.write(self.session)
        done = self._done(doing)
        if done.result == "later":
            return done
        self.together.forget(enrolment.customer_id)
        self.pending.of.add(enrolment.customer_id)
        self.pending.runs.append(
            {
                "enrolment_id": enrolment.id,
                "path": position.path,
                "step": act.step.key,
                "round": act.round,
                "customer_id": enrolment.customer_id,
                "kind": act.step.kind.value,
                "at": self.now,
                "result": done.result,
                "explanation": done.explanation,
                "delivery_id": done.delivery_id,
                "task_id": done.task_id,
            }
        )
        return done

    def _done(self, doing: Doing) -> Done:
        perform = performers()[doing.step.kind]
        if not self.apart:
            return perform(self.session, doing)
        try:
            with self.session.begin_nested():
                return perform(self.session, doing)
        except (LookupError, ValueError) as problem:
            log.warning("workflow step failed", key=doing.key, problem=type(problem).__name__)
            return Done(result="failed", explanation=remark(problem))

    def _leave(self, position: StepPosition, enrolment: Enrolment, workflow: Workflow, reason: str) -> None:
        if position.path and (reason == "end" or enrolment.left_at is not None):
            self.session.delete(position)
            return
        leave(
            self.session,
            enrolment,
            reason=reason,
            now=self.now,
            who=acting(workflow.name),
            name=workflow.name,
        )
        follow_on(
            self.session,
            company_id=enrolment.company_id,
            customer_id=enrolment.customer_id,
            name=workflow.name,
            now=self.now,
            today=self.today,
        )


def _after(act: Act, done: Done) -> Position:
    """Where it stands after the step; what a message was to bring about does not come if it was not sent."""
    is_lost = act.step.kind in MESSAGES and done.result != "done" and not done.for_now
    return unsent(act) if is_lost else act.after
