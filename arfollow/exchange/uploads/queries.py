"""Imports by the screens: one of them with its files, those under way, and the history of all imports."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from arfollow import clock
from arfollow.exchange.files import File
from arfollow.exchange.problems import Problem
from arfollow.exchange.recording import read_report
from arfollow.exchange.report import Report
from arfollow.exchange.uploads.rules import Settings, State, Task
from arfollow.exchange.uploads.tables import ImportFile, ImportJob
from arfollow.receivables.tables import LedgerImport
from arfollow.values.remarks import brought_back

PAGE_SIZE = 25
_PATIENCE = timedelta(seconds=15)
"""After so long without a worker that takes it up, there probably is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """A file of an import. `is_table`: it is a sheet of a workbook."""

    id: int
    name: str
    size: int
    sheets: tuple[str, ...]
    settings: Settings

    @property
    def is_table(self) -> bool:
        """Whether it is a sheet of a workbook."""
        return bool(self.sheets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An import by the screens, or the undoing of one. `report`: what it would do, or has done; `refusal`: why it did not.

    `is_unattended`: it waits for a worker, and none has come for it.
    """

    id: int
    user_id: int
    who: str
    task: Task
    state: State
    made_at: datetime
    finished_at: datetime | None
    phase: str
    rows_done: int
    rows_total: int
    as_of: date | None
    customers_in_file: bool
    confirmed: bool
    report: Report | None
    problem_count: int
    refusal: str
    ledger_import_id: int | None
    is_unattended: bool
    files: tuple[JobFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastImport:
    """An import that changed the ledger. `report` None: it is older than these records; `files` are names."""

    id: int
    at: datetime
    by: str
    as_of: date | None
    summary: str
    files: tuple[str, ...]
    documents: tuple[str, ...]
    report: Report | None
    undone_at: datetime | None
    undone_by: str
    is_last: bool

    @property
    def may_be_undone(self) -> bool:
        """Whether it is the one that can be taken back, if nothing depends on it."""
        return self.is_last and self.report is not None


def find_job(session: Session, *, company_id: int, import_id: int) -> Job | None:
    """The company's import of that id."""
    row = session.scalar(
        select(ImportJob).where(ImportJob.id == import_id, ImportJob.company_id == company_id)
    )
    return None if row is None else _job(row, _files(session, [row.id]).get(row.id, ()))


def jobs_under_way(session: Session, *, company_id: int, user_id: int) -> Sequence[Job]:
    """What the user has begun and not finished, and what workers are at; the latest first."""
    rows = session.scalars(
        select(ImportJob)
        .where(
            ImportJob.company_id == company_id,
            ImportJob.state != State.DONE,
            ((ImportJob.user_id == user_id) & (ImportJob.task == Task.IMPORT))
            | (ImportJob.state == State.RUNNING),
        )
        .order_by(ImportJob.id.desc())
    ).all()
    files = _files(session, [row.id for row in rows])
    return [_job(row, files.get(row.id, ())) for row in rows]


def stored_file(session: Session, *, import_id: int, file: JobFile) -> File:
    """The file's bytes, ready to be read; of a workbook the chosen sheet as text."""
    row = session.scalars(
        select(ImportFile)
        .where(ImportFile.id == file.id, ImportFile.job_id == import_id)
        .options(undefer(ImportFile.text), undefer(ImportFile.content))
    ).one()
    content = row.content if row.text is None else zlib.decompress(row.text)
    session.expunge(row)
    return File(name=row.name, content=content or b"", sha256=row.sha256)


def stored_workbook(session: Session, *, import_id: int, file: JobFile) -> bytes:
    """The workbook that the file came as."""
    stored = select(ImportFile.content).where(ImportFile.id == file.id, ImportFile.job_id == import_id)
    return session.scalar(stored) or b""


def problems_of(session: Session, *, import_id: int, most: int | None = None) -> list[Problem]:
    """What a check or an import was refused for, in the order of files and rows; at most so many."""
    packed = session.scalar(select(ImportJob.problems).where(ImportJob.id == import_id))
    found = [] if packed is None else json.loads(zlib.decompress(packed))
    return [
        Problem(file=file, line=line, field=name, message=brought_back(said))
        for file, line, name, said in found[:most]
    ]


def past_imports(session: Session, *, company_id: int, page: int = 1) -> Sequence[PastImport]:
    """A page (from 1) of the company's imports, the latest first; however they were made."""
    rows = session.scalars(
        select(LedgerImport)
        .where(LedgerImport.company_id == company_id)
        .order_by(LedgerImport.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    last = _last(session, company_id)
    return [_past(row, last) for row in rows]


def count_imports(session: Session, *, company_id: int) -> int:
    """How many imports there were."""
    return (
        session.scalar(select(func.count(LedgerImport.id)).where(LedgerImport.company_id == company_id)) or 0
    )


def find_import(session: Session, *, company_id: int, ledger_import_id: int) -> PastImport | None:
    """The company's import of that id."""
    row = session.scalar(
        select(LedgerImport).where(LedgerImport.id == ledger_import_id, LedgerImport.company_id == company_id)
    )
    return None if row is None else _past(row, _last(session, company_id))


def _last(session: Session, company_id: int) -> int | None:
    return session.scalar(
        select(func.max(LedgerImport.id)).where(
            LedgerImport.company_id == company_id, LedgerImport.undone_at.is_(None)
        )
    )


def _files(session: Session, ids: Sequence[int]) -> dict[int, tuple[JobFile, ...]]:
    found: dict[int, tuple[JobFile, ...]] = {}
    rows = session.scalars(
        select(ImportFile).where(ImportFile.job_id.in_(ids)).order_by(ImportFile.job_id, ImportFile.id)
    )
    for row in rows:
        file = JobFile(
            id=row.id,
            name=row.name,
            size=row.size,
            sheets=tuple(row.sheets),
            settings=Settings.of(row.settings),
        )
        found[row.job_id] = (*found.get(row.job_id, ()), file)
    return found


def _job(row: ImportJob, files: tuple[JobFile, ...]) -> Job:
    state = State(row.state)
    waits = state.is_work and row.token == 0 and row.asked_at is not None
    return Job(
        id=row.id,
        user_id=row.user_id,
        who=row.who,
        task=Task(row.task),
        state=state,
        made_at=row.made_at,
        finished_at=row.finished_at,
        phase=row.phase,
        rows_done=row.rows_done,
        rows_total=row.rows_total,
        as_of=row.as_of,
        customers_in_file=row.customers_in_file,
        confirmed=row.confirmed,
        report=read_report(row.report) if row.report else None,
        problem_count=row.problem_count,
        refusal=_refusal(row.refusal),
        ledger_import_id=row.ledger_import_id,
        is_unattended=waits and row.asked_at is not None and clock.now() - row.asked_at > _PATIENCE,
        files=files,
    )


def _refusal(stored: str) -> str:
    """Those of an earlier program are plain text."""
    return brought_back(json.loads(stored)) if stored.startswith(("{", '"')) else stored


def _past(row: LedgerImport, last: int | None) -> PastImport:
    facts: dict[str, Any] = row.facts or {}
    return PastImport(
        id=row.id,
        at=row.at,
        by=row.by,
        as_of=row.as_of,
        summary=row.summary,
        files=tuple(file["name"] for file in facts.get("files", ())),
        documents=tuple(facts.get("documents", ())),
        report=read_report(facts) if facts else None,
        undone_at=row.undone_at,
        undone_by=row.undone_by or "",
        is_last=row.id == last,
    )
