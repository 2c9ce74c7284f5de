"""Writes of a run by those who ask for it: prepare, start, cancel, and its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.followup.runs.planning import PlannedCustomer
from arfollow.followup.runs.rules import RowState, RunState, Why
from arfollow.followup.runs.tables import BulkRun, BulkRunRow
from arfollow.values.refusals import N_, Refusal


class RunGoneError(Refusal, ValueError):
    """The preflight cannot be started any more."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing was started: this preflight was started before, holds nothing to do, is of another day, or was "
                "replaced by a newer one. Choose the customers again."
            )
        )


class NotRunningError(Refusal, ValueError):
    """There is nothing to stop."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing was stopped: this run has ended already."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody has chosen from the list; `has_more`: more than a run takes."""

    has_more: bool
    list_query: str


def prepare(
    session: Session,
    *,
    company_id: int,
    user_id: int,
    who: str,
    day: date,
    chosen: Chosen,
    customers: Sequence[PlannedCustomer],
) -> int:
    """Keep what the preflight shows, in place of this person's earlier one; gives the run's id. It does nothing yet."""
    _forget_prepared(session, company_id, or_(BulkRun.user_id == user_id, BulkRun.day < day))
    run = BulkRun(
        company_id=company_id,
        user_id=user_id,
        who=who,
        day=day,
        has_more=chosen.has_more,
        list_query=chosen.list_query,
        prepared_at=clock.now(),
    )
    session.add(run)
    session.flush()
    if customers:
        rows = [_row(run, each) for each in customers]
        session.execute(insert(BulkRunRow), rows)
    return run.id


def forget_outdated(session: Session, *, company_id: int, today: date) -> None:
    """Drop the preflights of earlier days: nobody can start them, and they keep the levels that they name from being deleted."""
    _forget_prepared(session, company_id, BulkRun.day < today)


def start(
    session: Session, *, company_id: int, run_id: int, user_id: int, marks_done: bool, today: date
) -> None:
    """Say go: the worker takes it from here. Raise RunGoneError."""
    run = _move(
        session,
        run_id,
        RunState.PREPARED,
        RunState.RUNNING,
        BulkRun.company_id == company_id,
        BulkRun.user_id == user_id,
        BulkRun.day == today,
        exists().where(BulkRunRow.run_id == run_id, BulkRunRow.state == RowState.WAITING),
        started_at=clock.now(),
        marks_done=marks_done,
    )
    if run is None:
        raise RunGoneError
    planned = session.scalars(
        select(BulkRunRow.sends).where(BulkRunRow.run_id == run_id, BulkRunRow.state == RowState.WAITING)
    ).all()
    kinds = Counter(kind for sends in planned for kind in sends)
    facts = {"customers": len(planned), "emails": kinds["email"], "letters": kinds["letter"]}
    text = f"Bulk run of {len(planned)} customers started"
    _tell(session, run, "started", who=run.who, text=text, facts=facts)


def cancel(session: Session, *, company_id: int, run_id: int, who: str) -> int:
    """Leave the customers that nobody has begun with; gives how many. What was queued stays so. Raise NotRunningError."""
    run = _move(
        session,
        run_id,
        RunState.RUNNING,
        RunState.CANCELLED,
        BulkRun.company_id == company_id,
        finished_at=clock.now(),
        ended_by=who,
    )
    if run is None:
        raise NotRunningError
    stopped = session.scalars(
        update(BulkRunRow)
        .where(BulkRunRow.run_id == run_id, BulkRunRow.state == RowState.WAITING)
        .values(state=RowState.SKIPPED, why=Why.CANCELLED)
        .returning(BulkRunRow.id),
        execution_options={"synchronize_session": False},
    ).all()
    text = f"Bulk run stopped before {len(stopped)} customers"
    _tell(session, run, "cancelled", who=who, text=text, facts=_counts(session, run_id))
    return len(stopped)


def finish(session: Session, *, run_id: int) -> bool:
    """End a run in which nobody waits any more; False: somebody does, or it has ended."""
    waiting = exists().where(BulkRunRow.run_id == run_id, BulkRunRow.state == RowState.WAITING)
    run = _move(session, run_id, RunState.RUNNING, RunState.FINISHED, ~waiting, finished_at=clock.now())
    if run is None:
        return False
    counts = _counts(session, run_id)
    text = f"Bulk run finished: {counts['done']} done, {counts['skipped']} skipped, {counts['failed']} failed"
    _tell(session, run, "finished", who=run.who, text=text, facts=counts)
    return True


def _forget_prepared(session: Session, company_id: int, which: ColumnElement[bool]) -> None:
    prepared = select(BulkRun.id).where(
        BulkRun.company_id == company_id, BulkRun.state == RunState.PREPARED, which
    )
    # In one order, so that two who forget the same ones wait for each other.
    ids = session.scalars(prepared.order_by(BulkRun.id).with_for_update()).all()
    session.execute(delete(BulkRunRow).where(BulkRunRow.run_id.in_(ids)))
    session.execute(delete(BulkRun).where(BulkRun.id.in_(ids)))


def _row(run: BulkRun, customer: PlannedCustomer) -> dict[str, object]:
    planned = customer.planned
    return {
        "run_id": run.id,
        "company_id": run.company_id,
        "customer_id": customer.customer_id,
        "number": customer.number,
        "level_id": planned.level_id,
        "sends": list(planned.sends),
        "remains": list(planned.remains),
        "claimed": dict(planned.claimed),
        "state": RowState.SKIPPED if planned.why else RowState.WAITING,
        "why": planned.why or "",
        "explanation": customer.by,
    }


def _move(
    session: Session,
    run_id: int,
    before: RunState,
    after: RunState,
    *conditions: ColumnElement[bool],
    **values: object,
) -> BulkRun | None:
    """The run in its new state; None: it was not in the state before, or a condition does not hold."""
    moved = session.execute(
        update(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state == before, *conditions)
        .values(state=after, **values)
        .returning(BulkRun.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return session.get_one(BulkRun, run_id, populate_existing=True) if moved else None


def _counts(session: Session, run_id: int) -> dict[str, int]:
    rows = session.execute(
        select(BulkRunRow.state, func.count()).where(BulkRunRow.run_id == run_id).group_by(BulkRunRow.state)
    )
    found = {RowState(state): count for state, count in rows}
    return {state.value: found.get(state, 0) for state in (RowState.DONE, RowState.SKIPPED, RowState.FAILED)}


def _tell(session: Session, run: BulkRun, action: str, *, who: str, text: str, facts: dict[str, int]) -> None:
    record(
        session,
        company_id=run.company_id,
        customer_id=None,
        tag=f"run:{action}",
        who=who,
        text=text,
        facts={"run": run.id, **facts},
    )
