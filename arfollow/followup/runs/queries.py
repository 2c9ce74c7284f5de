"""Runs: one of them, how far it has come, and those of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.runs.rules import RowState, RunState
from arfollow.followup.runs.tables import BulkRun, BulkRunRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """A run. `has_more`: more were chosen than it could take; `ended_by`: who cancelled it, or empty."""

    id: int
    user_id: int
    who: str
    day: date
    state: RunState
    marks_done: bool
    has_more: bool
    list_query: str
    started_at: datetime | None
    finished_at: datetime | None
    ended_by: str

    @property
    def is_under_way(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.state is RunState.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far a run has come: customers by state, those marked Done, and what was queued and printed."""

    by_state: Mapping[RowState, int]
    marked_done: int
    emails: int
    letters: int

    @property
    def total(self) -> int:
        """All its customers."""
        return sum(self.by_state.values())

    @property
    def settled(self) -> int:
        """Those who do not wait any more."""
        return self.total - self.by_state[RowState.WAITING]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run that was started, and what came of it."""

    head: RunHead
    tally: Tally


def find_run(session: Session, *, company_id: int, run_id: int) -> RunHead | None:
    """The company's run of that id; None: there is none."""
    run = session.get(BulkRun, run_id)
    return _head(run) if run is not None and run.company_id == company_id else None


def tallies(session: Session, *, run_ids: Sequence[int]) -> Mapping[int, Tally]:
    """How far these runs have come, by id."""
    rows = session.execute(
        select(
            BulkRunRow.run_id,
            BulkRunRow.state,
            func.count().label("customers"),
            func.count().filter(BulkRunRow.marked_done).label("marked_done"),
            func.count(BulkRunRow.email_id).label("emails"),
            func.count(BulkRunRow.letter_id).label("letters"),
        )
        .where(BulkRunRow.run_id.in_(run_ids))
        .group_by(BulkRunRow.run_id, BulkRunRow.state)
    ).all()
    return {
        run_id: Tally(
            by_state={
                state: sum(row.customers for row in rows if (row.run_id, row.state) == (run_id, state))
                for state in RowState
            },
            marked_done=sum(row.marked_done for row in rows if row.run_id == run_id),
            emails=sum(row.emails for row in rows if row.run_id == run_id),
            letters=sum(row.letters for row in rows if row.run_id == run_id),
        )
        for run_id in run_ids
    }


def is_on_its_way(session: Session, *, run_id: int) -> bool:
    """Whether an e-mail of the run has not reached its end yet."""
    moving = select(BulkRunRow.id).where(
        BulkRunRow.run_id == run_id,
        exists().where(Delivery.id == BulkRunRow.email_id, Delivery.state.in_((State.QUEUED, State.SENDING))),
    )
    return session.scalar(moving.limit(1)) is not None


def count_runs(session: Session, *, company_id: int) -> int:
    """How many runs were started."""
    return session.scalar(select(func.count(BulkRun.id)).where(*_started(company_id))) or 0


def past_runs(session: Session, *, company_id: int, page: int) -> Sequence[PastRun]:
    """A page (from 1) of the runs that were started, the latest first."""
    runs = session.scalars(
        select(BulkRun)
        .where(*_started(company_id))
        .order_by(BulkRun.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    found = tallies(session, run_ids=[run.id for run in runs])
    return [PastRun(head=_head(run), tally=found[run.id]) for run in runs]


def _started(company_id: int) -> tuple[ColumnElement[bool], ...]:
    return (BulkRun.company_id == company_id, BulkRun.state != RunState.PREPARED)


def _head(run: BulkRun) -> RunHead:
    return RunHead(
        id=run.id,
        user_id=run.user_id,
        who=run.who,
        day=run.day,
        state=RunState(run.state),
        marks_done=run.marks_done,
        has_more=run.has_more,
        list_query=run.list_query,
        started_at=run.started_at,
        finished_at=run.finished_at,
        ended_by=run.ended_by,
    )
