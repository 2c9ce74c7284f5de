"""Writes of an import by those who ask for it: files, how they are read, check, go, discard, undo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.exchange.uploads.rules import KEPT_DAYS, LARGEST, MOST_FILES, Settings, State, Task, distinct
from arfollow.exchange.uploads.tables import ImportFile, ImportJob
from arfollow.receivables.tables import LedgerImport
from arfollow.values.refusals import N_, Refusal

_OPEN = tuple(state for state in State if state.is_open)


class NotOpenError(Refusal, ValueError):
    """The import is under way, or over: its files cannot be changed any more."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing was changed: this import is under way, is over, or was discarded."))


class TooManyFilesError(Refusal, ValueError):
    """So many files, or so large ones, are not imported at once."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "At most %(files)s files of %(size)s MB together are imported at once. "
                "For more use the command `arfollow import`."
            ),
            files=MOST_FILES,
            size=LARGEST >> 20,
        )


class UndoAskedError(Refusal, ValueError):
    """It cannot be taken back (any more)."""

    def __init__(self) -> None:
        super().__init__(
            N_("Nothing was undone: only the last import can be, once, and not while another is under way.")
        )


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that somebody gave: its bytes, and of a workbook the sheets and the chosen one as packed text."""

    name: str
    size: int
    sha256: str
    content: bytes
    settings: Settings
    sheets: tuple[str, ...] = ()
    text: bytes | None = None


def begin(
    session: Session,
    *,
    company_id: int,
    user_id: int,
    who: str,
    uploads: Sequence[Upload],
    as_of: date | None,
) -> int:
    """Keep the files; gives the import's id. `as_of`: the day that a list of open items names. Raise TooManyFilesError."""
    job = ImportJob(company_id=company_id, user_id=user_id, who=who, made_at=clock.now(), as_of=as_of)
    session.add(job)
    session.flush()
    add_files(session, company_id=company_id, import_id=job.id, uploads=uploads)
    return job.id


def add_files(session: Session, *, company_id: int, import_id: int, uploads: Sequence[Upload]) -> None:
    """Put more files to it. Raise NotOpenError, TooManyFilesError."""
    _reopen(session, company_id, import_id)
    kept = session.execute(
        select(ImportFile.name, ImportFile.size).where(ImportFile.job_id == import_id)
    ).all()
    size = sum(file.size for file in kept) + sum(upload.size for upload in uploads)
    if len(kept) + len(uploads) > MOST_FILES or size > LARGEST:
        raise TooManyFilesError
    taken = {file.name for file in kept}
    for upload in uploads:
        name = distinct(upload.name, taken)
        taken.add(name)
        session.add(
            ImportFile(
                company_id=company_id,
                job_id=import_id,
                name=name,
                size=upload.size,
                sha256=upload.sha256,
                sheets=list(upload.sheets),
                content=upload.content,
                text=upload.text,
                settings=upload.settings.stored(),
            )
        )
    session.flush()


def set_up(
    session: Session,
    *,
    company_id: int,
    import_id: int,
    file_id: int,
    settings: Settings,
    text: bytes | None = None,
) -> None:
    """Read the file in that way; `text`: another sheet of the workbook. Raise NotOpenError."""
    _reopen(session, company_id, import_id)
    values: dict[str, Any] = {"settings": settings.stored()}
    if text is not None:
        values["text"] = text
    session.execute(update(ImportFile).where(_file(company_id, import_id, file_id)).values(**values))


def remove_file(session: Session, *, company_id: int, import_id: int, file_id: int) -> bool:
    """Leave the file away; whether others are left. Without any the import is gone. Raise NotOpenError."""
    _reopen(session, company_id, import_id)
    session.execute(delete(ImportFile).where(_file(company_id, import_id, file_id)))
    left = session.scalar(select(func.count(ImportFile.id)).where(ImportFile.job_id == import_id))
    if not left:
        _forget(session, [import_id])
    return bool(left)


def discard(session: Session, *, company_id: int, import_id: int) -> None:
    """Forget the files. Raise NotOpenError."""
    _reopen(session, company_id, import_id)
    _forget(session, [import_id])


def ask(
    session: Session,
    *,
    company_id: int,
    import_id: int,
    state: State,
    as_of: date | None = None,
    customers_in_file: bool = False,
    confirmed: bool = False,
) -> None:
    """Have a worker check the files, or import what was checked. Raise NotOpenError."""
    if state is State.CHECKING:
        values = {"as_of": as_of, "customers_in_file": customers_in_file, "confirmed": confirmed}
        _move(session, company_id, import_id, _OPEN, **_waiting(state), **_blank(), **values)
    else:
        _move(session, company_id, import_id, (State.CHECKED,), **_waiting(state))


def ask_for_undo(session: Session, *, company_id: int, user_id: int, who: str, ledger_import_id: int) -> int:
    """Have a worker take the import back; gives the id of that work. Raise UndoAskedError."""
    last = session.scalar(
        select(func.max(LedgerImport.id)).where(
            LedgerImport.company_id == company_id, LedgerImport.undone_at.is_(None)
        )
    )
    busy = session.scalar(
        select(ImportJob.id)
        .where(ImportJob.company_id == company_id, ImportJob.state == State.RUNNING)
        .limit(1)
    )
    if last != ledger_import_id or busy is not None:
        raise UndoAskedError
    job = ImportJob(
        company_id=company_id,
        user_id=user_id,
        who=who,
        task=Task.UNDO,
        made_at=clock.now(),
        ledger_import_id=ledger_import_id,
        **_waiting(State.RUNNING),
    )
    session.add(job)
    session.flush()
    return job.id


def forget_outdated(session: Session) -> int:
    """Drop what is too old, with the files that nobody imported in time; how many imports that were."""
    old = select(ImportJob.id).where(outdated())
    ids = session.scalars(old.order_by(ImportJob.id).with_for_update(skip_locked=True)).all()
    _forget(session, ids)
    return len(ids)


def outdated() -> ColumnElement[bool]:
    """Which imports are too old to be kept: what became of them stands in the history, where nothing names anybody."""
    return ImportJob.state.in_((*_OPEN, State.DONE)) & (
        ImportJob.made_at < clock.now() - timedelta(days=KEPT_DAYS)
    )


def _file(company_id: int, import_id: int, file_id: int) -> ColumnElement[bool]:
    return (
        (ImportFile.id == file_id) & (ImportFile.job_id == import_id) & (ImportFile.company_id == company_id)
    )


def _reopen(session: Session, company_id: int, import_id: int) -> None:
    """What was found out about it is not true any more, once a file of it changes."""
    _move(session, company_id, import_id, _OPEN, state=State.DRAFT, finished_at=None, **_blank())


def _blank() -> dict[str, Any]:
    return {"report": {}, "problem_count": 0, "problems": None, "refusal": ""}


def _waiting(state: State) -> dict[str, Any]:
    now: datetime = clock.now()
    return {
        "state": state,
        "asked_at": now,
        "finished_at": None,
        "token": 0,
        "lease_until": None,
        "phase": "",
        "rows_done": 0,
        "rows_total": 0,
    }


def _move(
    session: Session, company_id: int, import_id: int, before: Collection[State], **values: Any
) -> None:
    moved = session.execute(
        update(ImportJob)
        .where(
            ImportJob.id == import_id,
            ImportJob.company_id == company_id,
            ImportJob.task == Task.IMPORT,
            or_(*(ImportJob.state == state for state in before)),
        )
        .values(**values)
        .returning(ImportJob.id),
        execution_options={"synchronize_session": False},
    )
    if moved.one_or_none() is None:
        raise NotOpenError


def _forget(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(ImportFile).where(ImportFile.job_id.in_(ids)))
    session.execute(delete(ImportJob).where(ImportJob.id.in_(ids)))
