"""What is done with everybody who is in a workflow, some at a time, in the order of their ids; the worker does it where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.database import begin_write, commit
from arfollow.receivables.operations.lookup import lock_customers
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.operations.enrolling import leave
from arfollow.workflows.operations.holding import Held, carry_over, note_run, tell_of_version, write
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.queries.standing import positions_of, read
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.steering import Resuming, resumed
from arfollow.workflows.tables import Enrolment, StepPosition, Workflow, WorkflowErrand

BATCH = 100
MOST_AT_ONCE = 200
"""More than these are left to the worker."""

MISSED = Remark(N_("Missed while the workflow was paused."))


def work_errands(session: Session) -> None:
    """The worker's part: a batch of each errand a transaction, until none is left."""
    waiting = select(WorkflowErrand.id).where(WorkflowErrand.finished_at.is_(None)).limit(1)
    while session.scalar(waiting) is not None:
        session.rollback()
        begin_write(session)
        errand = session.scalar(
            select(WorkflowErrand)
            .where(WorkflowErrand.finished_at.is_(None))
            .order_by(WorkflowErrand.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if errand is None:
            # Another worker has it.
            break
        work_on(session, errand, limit=BATCH)
        commit(session)
        session.expunge_all()
    session.rollback()


def work_on(session: Session, errand: WorkflowErrand, *, limit: int) -> None:
    """Do it with the next ones; when fewer are left than the limit, it is finished."""
    ids = _next(session, errand, limit)
    lock_customers(session, company_id=errand.company_id, customer_ids={customer for _, customer in ids})
    treated = _Batch.read(session, errand, [id_ for id_, _ in ids])
    for each in treated.all_held():
        if treated.treat(each):
            errand.done += 1
        else:
            errand.passed_over += 1
    if ids:
        errand.after_id = ids[-1][0]
    if len(ids) < limit:
        errand.finished_at = clock.now()
    session.flush()


def _next(session: Session, errand: WorkflowErrand, limit: int) -> Sequence[tuple[int, int]]:
    query = select(Enrolment.id, Enrolment.customer_id).where(
        Enrolment.workflow_id == errand.workflow_id,
        Enrolment.left_at.is_(None),
        Enrolment.id > errand.after_id,
    )
    if errand.kind == "move":
        query = query.where(Enrolment.version_id == errand.settings["from"])
    rows = session.execute(query.order_by(Enrolment.id).limit(limit))
    return [(id_, customer_id) for id_, customer_id in rows]


class _Batch:
    """Those who are treated in one transaction; their customers are held."""

    def __init__(
        self,
        session: Session,
        errand: WorkflowErrand,
        enrolments: dict[int, Enrolment],
        rows: Sequence[StepPosition],
    ) -> None:
        self._session, self._errand, self._enrolments, self._rows = session, errand, enrolments, rows
        self._now = clock.now()
        versions = {each.version_id for each in enrolments.values()} | _target(errand)
        self._definitions = definitions(session, version_ids=versions)
        self._workflow = session.scalars(select(Workflow).where(Workflow.id == errand.workflow_id)).one()
        self._today = today_of(session, company_id=errand.company_id)
        self._known: Snapshot | None = None

    @classmethod
    def read(cls, session: Session, errand: WorkflowErrand, ids: Sequence[int]) -> _Batch:
        """Read these enrolments as they are now."""
        found = session.scalars(
            select(Enrolment)
            .where(Enrolment.id.in_(ids), Enrolment.left_at.is_(None))
            .order_by(Enrolment.id)
            .execution_options(populate_existing=True)
        )
        enrolments = {each.id: each for each in found}
        return cls(session, errand, enrolments, positions_of(session, [*enrolments]))

    def all_held(self) -> list[list[Held]]:
        """The positions of each enrolment, the main route's first."""
        return [
            [self._held(row) for row in rows]
            for _id, rows in groupby(self._rows, key=lambda row: row.enrolment_id)
        ]

    def treat(self, positions: list[Held]) -> bool:
        """Do it with one; False: it could not be done."""
        match self._errand.kind:
            case "retire":
                self._leave(positions[0], "retired", why=self._errand.reason)
                return True
            case "move":
                return self._move(positions[0])
            case _:
                self._resume(positions)
                return True

    def _held(self, row: StepPosition) -> Held:
        enrolment = self._enrolments[row.enrolment_id]
        return Held(enrolment, self._workflow, self._definitions[enrolment.version_id], row)

    def _move(self, held: Held) -> bool:
        settings = self._errand.settings
        new = self._definitions[settings["to"]]
        steps = settings["steps"]
        if not carry_over(self._session, held, new, settings["to"], steps=steps, now=self._now):
            return False
        tell_of_version(
            self._session,
            held,
            number=settings["number"],
            who=self._errand.who,
            reason=self._errand.reason,
        )
        return True

    def _resume(self, positions: list[Held]) -> None:
        for held in positions:
            if held.enrolment.left_at is None and held.row.held:
                self._let_go(held)

    def _let_go(self, held: Held) -> None:
        """Go on as was chosen; the engine is asked anew, since something may have happened meanwhile."""
        settings, row = self._errand.settings, held.row
        row.held = False
        paused_at, now = (datetime.fromisoformat(settings[name]) for name in ("paused_at", "now"))
        choice = Resuming(settings["choice"])
        begun = max(paused_at, row.entered_at)
        known = self._all_known().known(
            row.customer_id,
            key=held.enrolment.key,
            since=held.enrolment.told_from or held.enrolment.entered_at,
            enrolment_id=held.enrolment.id,
        )
        after = resumed(held.route, read(row), known, choice=choice, paused_at=begun, now=now)
        for missed in after.skipped:
            note_run(
                self._session,
                held,
                missed.step,
                result="skipped",
                explanation=MISSED,
                at=self._now,
                round_=missed.round,
            )
        if after.position is not None:
            write(row, after.position, due_at=self._now)
        elif row.path and after.reason == "end":
            self._session.delete(row)
        else:
            self._leave(held, after.reason)
        self._session.flush()

    def _leave(self, held: Held, reason: str, *, why: str = "") -> None:
        leave(
            self._session,
            held.enrolment,
            reason=reason,
            now=self._now,
            who=self._errand.who,
            name=self._workflow.name,
            why=why,
        )

    def _all_known(self) -> Snapshot:
        if self._known is None:
            self._known = snapshot(
                self._session,
                company_id=self._errand.company_id,
                customer_ids={each.customer_id for each in self._enrolments.values()},
                since=min(each.told_from or each.entered_at for each in self._enrolments.values()),
                today=self._today,
                keys={each.key for each in self._enrolments.values()},
            )
        return self._known


def _target(errand: WorkflowErrand) -> set[int]:
    return {errand.settings["to"]} if errand.kind == "move" else set()
