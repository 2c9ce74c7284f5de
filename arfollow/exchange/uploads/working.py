"""The worker's part of imports: read outside any transaction, then check or enter in one; safe with any number of workers."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.database import analyze, begin_write, commit
from arfollow.exchange.entering import OpenItems
from arfollow.exchange.mapping import MappingError
from arfollow.exchange.operations import AsOfError, Prepared, TooMuchGoneError, apply, prepare_each
from arfollow.exchange.problems import ImportRefusedError, Problem
from arfollow.exchange.reading import Row
from arfollow.exchange.recording import report_facts
from arfollow.exchange.report import Report
from arfollow.exchange.texts import UnreadableFileError
from arfollow.exchange.translating import Reading
from arfollow.exchange.undoing import NotUndoneError, undo_import
from arfollow.exchange.uploads.mappings import saved_formats
from arfollow.exchange.uploads.operations import forget_outdated, outdated
from arfollow.exchange.uploads.preview import Known, heading_of, layout_of, reading_of
from arfollow.exchange.uploads.queries import Job, find_job, stored_file
from arfollow.exchange.uploads.rules import Kind, Phase, State, Task
from arfollow.exchange.uploads.tables import ImportFile, ImportJob
from arfollow.values.refusals import remark
from arfollow.values.remarks import kept

LEASE = timedelta(minutes=2)
TRIES = 3
MOST_PROBLEMS = 100_000
_LARGE = 5_000
_EVERY = 1.0
"""Seconds between two notes of how far reading has come."""

log = structlog.get_logger(__name__)


class LostError(RuntimeError):
    """Somebody else has the import now."""

    def __init__(self) -> None:
        super().__init__("This import was taken over by another worker.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An import that is ours until its lease ends; `token` proves it and counts the tries."""

    import_id: int
    company_id: int
    token: int
    today: date


def work_imports(session: Session) -> None:
    """The worker's job: carry out what was asked for, and drop files that nobody imported. Any number of workers may run it."""
    _clean_up(session)
    # One at a time: between two imports the worker looks after everything else.
    claim = _claim(session)
    if claim is not None:
        _work(session, claim)


def _clean_up(session: Session) -> None:
    found = session.scalar(select(ImportJob.id).where(outdated()).limit(1))
    session.rollback()
    if found is not None:
        begin_write(session)
        forget_outdated(session)
        commit(session)


def _waits() -> ColumnElement[bool]:
    states = [state for state in State if state.is_work]
    free = or_(ImportJob.lease_until.is_(None), ImportJob.lease_until < clock.now())
    return ImportJob.state.in_(states) & free


def _claim(session: Session) -> Claim | None:
    waiting = select(ImportJob.id).where(_waits()).order_by(ImportJob.asked_at, ImportJob.id).limit(1)
    found = session.scalar(waiting)
    session.rollback()
    if found is None:
        return None
    begin_write(session)
    # SKIP LOCKED: one that is being entered is locked until that has ended, whatever its lease says.
    job = session.scalar(
        select(ImportJob).where(ImportJob.id == found, _waits()).with_for_update(skip_locked=True)
    )
    if job is None:
        commit(session)
        return None
    job.token, job.lease_until = job.token + 1, clock.now() + LEASE
    timezone = session.get_one(Company, job.company_id).timezone
    claim = Claim(import_id=job.id, company_id=job.company_id, token=job.token, today=clock.today(timezone))
    commit(session)
    session.expunge_all()
    return claim


def _work(session: Session, claim: Claim) -> None:
    job = find_job(session, company_id=claim.company_id, import_id=claim.import_id)
    session.rollback()
    session.expunge_all()
    if job is None:
        return
    try:
        if claim.token > TRIES:
            _end(session, claim, state=State.FAILED)
        elif job.task is Task.UNDO:
            _undo(session, claim, job)
        else:
            _import(session, claim, job)
    except LostError:
        session.rollback()
    except OperationalError:
        # A deadlock, or a database that was away: tried again, a few times.
        session.rollback()
        begin_write(session)
        _change(session, claim, lease_until=None)
        commit(session)
        raise
    except Exception:  # whatever is in a file, the worker goes on with everything else
        log.exception("import failed", import_id=claim.import_id)
        _end(session, claim, state=State.FAILED)


def _import(session: Session, claim: Claim, job: Job) -> None:
    try:
        _note(session, claim, phase=Phase.READING)
        prepared = _prepare(session, claim, job)
        _note(session, claim, phase=Phase.ENTERING)
        _enter(session, claim, job, prepared)
    except ImportRefusedError as refusal:
        _refuse(session, claim, refusal.problems)
    except (AsOfError, TooMuchGoneError, MappingError) as refusal:
        _end(session, claim, state=State.REFUSED, refusal=json.dumps(kept(remark(refusal))))


def _prepare(session: Session, claim: Claim, job: Job) -> Prepared:
    known = Known(saved=saved_formats(session, company_id=claim.company_id))
    files = []
    for each in job.files:
        file = stored_file(session, import_id=job.id, file=each)
        try:
            sheet = heading_of(file, each.settings, known, is_table=each.is_table)
        except UnreadableFileError:
            # It is refused again when it is read, with its place.
            reading = None
        else:
            reading = reading_of(each.settings, sheet, known, is_table=each.is_table)
        layout = layout_of(each.settings, is_table=each.is_table)
        files.append((file, reading or Reading(layout=layout)))
    session.rollback()
    return prepare_each(files, progress=_Track(session, claim))


class _Track:
    """Notes how far reading has come, and keeps the lease meanwhile."""

    def __init__(self, session: Session, claim: Claim) -> None:
        self._session, self._claim = session, claim
        self._next = monotonic() + _EVERY

    def __call__(self, file: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
        del file
        return self._tracked(rows, count) if count >= _LARGE else rows

    def _tracked(self, rows: Iterable[Row], count: int) -> Iterator[Row]:
        for done, row in enumerate(rows):
            if not done % 500 and monotonic() > self._next:
                _note(self._session, self._claim, phase=Phase.READING, rows_done=done, rows_total=count)
                self._next = monotonic() + _EVERY
            yield row


def _enter(session: Session, claim: Claim, job: Job, prepared: Prepared) -> None:
    begin_write(session)
    # Held until the transaction ends, so that nobody else takes it up, however long that is.
    _change(session, claim, lease_until=clock.now() + LEASE)
    report = apply(
        session,
        company_id=claim.company_id,
        prepared=prepared,
        open_items=_open_items(job),
        today=claim.today,
        who=job.who,
    )
    if job.state is State.CHECKING:
        session.rollback()
        _end(session, claim, state=State.CHECKED, report=report_facts(report))
    else:
        _finish(session, claim, report)


def _finish(session: Session, claim: Claim, report: Report) -> None:
    """In the transaction that imports: it cannot be done and still wait."""
    _change(
        session,
        claim,
        state=State.DONE,
        lease_until=None,
        finished_at=clock.now(),
        report=report_facts(report),
        ledger_import_id=report.import_id,
    )
    session.execute(
        update(ImportFile).where(ImportFile.job_id == claim.import_id).values(content=None, text=None)
    )
    commit(session)
    analyze(session)


def _open_items(job: Job) -> OpenItems | None:
    if job.as_of is None or all(file.settings.kind is not Kind.OPEN_ITEMS for file in job.files):
        return None
    return OpenItems(as_of=job.as_of, customers_in_file=job.customers_in_file, confirmed=job.confirmed)


def _undo(session: Session, claim: Claim, job: Job) -> None:
    begin_write(session)
    _change(session, claim, lease_until=clock.now() + LEASE)
    try:
        undo_import(
            session, company_id=claim.company_id, ledger_import_id=job.ledger_import_id or 0, who=job.who
        )
    except NotUndoneError as refusal:
        _end(session, claim, state=State.REFUSED, refusal=json.dumps(kept(remark(refusal))))
        return
    _change(session, claim, state=State.DONE, lease_until=None, finished_at=clock.now())
    commit(session)


def _refuse(session: Session, claim: Claim, problems: Sequence[Problem]) -> None:
    found = [(each.file, each.line, each.field, kept(each.message)) for each in problems[:MOST_PROBLEMS]]
    packed = zlib.compress(json.dumps(found).encode())
    _end(session, claim, state=State.REFUSED, problem_count=len(problems), problems=packed)


def _end(session: Session, claim: Claim, **values: Any) -> None:
    session.rollback()
    begin_write(session)
    _change(session, claim, lease_until=None, finished_at=clock.now(), **values)
    commit(session)


def _note(session: Session, claim: Claim, **values: Any) -> None:
    """Keep how far it has come; no transaction is open before or afterwards."""
    begin_write(session)
    _change(session, claim, lease_until=clock.now() + LEASE, **values)
    commit(session)


def _own(claim: Claim) -> Update:
    states = [state for state in State if state.is_work]
    return update(ImportJob).where(
        ImportJob.id == claim.import_id, ImportJob.token == claim.token, ImportJob.state.in_(states)
    )


def _change(session: Session, claim: Claim, **values: Any) -> None:
    """Raise LostError when the import is not ours any more."""
    changed = session.execute(
        _own(claim).values(**values).returning(ImportJob.id),
        execution_options={"synchronize_session": False},
    )
    if changed.one_or_none() is None:
        raise LostError
