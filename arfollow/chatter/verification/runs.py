"""Verifications as work for the worker: asked for by people and once a day by itself, and kept with what they found.

A log of a million entries takes longer to read than anybody waits for a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import SYSTEM
from arfollow.chatter.tables import ChatterHead, Verification
from arfollow.chatter.verification import Report, verify
from arfollow.database import begin_write, commit

EVERY = timedelta(days=1)
ABANDONED = timedelta(hours=1)
"""After so long a verification that was begun and not finished is begun again: its worker has stopped."""

_run = Verification
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a verification found, the first bad entry first."""

    asked_by: str
    finished_at: datetime
    entries: int
    documents: int
    erased: int
    head: str
    problems: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The last finished verification of a company's log, None: there was none; and whether another is under way."""

    finished: Finished | None
    is_under_way: bool


def standing(session: Session, *, company_id: int) -> Standing:
    """How it stands with verifications of the company's log."""
    rows = session.scalars(
        select(_run)
        .where(_run.company_id == company_id)
        .order_by(_run.asked_at.desc(), _run.id.desc())
        .limit(2)
    ).all()
    last = next((row for row in rows if row.finished_at is not None), None)
    return Standing(
        finished=None if last is None or last.finished_at is None else _finished(last, last.finished_at),
        is_under_way=any(row.finished_at is None for row in rows),
    )


def ask_for_verification(session: Session, *, company_id: int, who: str) -> None:
    """Have a worker verify the company's log; nothing more if that was asked for already."""
    if not standing(session, company_id=company_id).is_under_way:
        session.add(_run(company_id=company_id, asked_at=clock.now(), asked_by=who))


def verify_what_is_due(session: Session) -> None:
    """The worker's job: carry out one that was asked for, and ask for each log once a day. Any number of workers may run it."""
    for company_id in _due_by_themselves(session):
        begin_write(session)
        ask_for_verification(session, company_id=company_id, who=SYSTEM)
        commit(session)
    # One at a time: between two logs the worker looks after everything else.
    if (run_id := _next(session)) is not None:
        _carry_out(session, run_id)


def _due_by_themselves(session: Session) -> Sequence[int]:
    lately = select(_run.id).where(
        _run.company_id == ChatterHead.company_id, _run.asked_at > clock.now() - EVERY
    )
    heads = select(ChatterHead.company_id).where(~lately.exists()).distinct().order_by(ChatterHead.company_id)
    found = session.scalars(heads).all()
    session.rollback()
    return found


def _waits() -> ColumnElement[bool]:
    abandoned = clock.now() - ABANDONED
    return _run.finished_at.is_(None) & or_(_run.begun_at.is_(None), _run.begun_at < abandoned)


def _next(session: Session) -> int | None:
    found = session.scalar(select(_run.id).where(_waits()).order_by(_run.id).limit(1))
    session.rollback()
    return found


def _carry_out(session: Session, run_id: int) -> None:
    begin_write(session)
    taken = session.scalar(
        update(_run)
        .where(_run.id == run_id, _waits())
        .values(begun_at=clock.now())
        .returning(_run.company_id)
    )
    commit(session)
    if taken is None:
        return
    report = verify(session, company_id=taken)
    session.rollback()
    if not report.is_intact:
        log.error("the log is not whole", company=taken, problem=str(report.problems[0]))
    begin_write(session)
    session.execute(update(_run).where(_run.id == run_id).values(**_columns(report)))
    commit(session)


def _columns(report: Report) -> dict[str, object]:
    return {
        "finished_at": clock.now(),
        "entries": report.entries,
        "documents": report.documents,
        "erased": len(report.erased),
        "head": report.head,
        "problems": [str(problem) for problem in report.problems],
    }


def _finished(row: Verification, at: datetime) -> Finished:
    return Finished(
        asked_by=row.asked_by,
        finished_at=at,
        entries=row.entries,
        documents=row.documents,
        erased=row.erased,
        head=row.head,
        problems=tuple(row.problems),
    )
