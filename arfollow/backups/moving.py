"""Moving a ledger to another database: SQLite to PostgreSQL when users outgrow it, or the other way."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow.backups import schema
from arfollow.backups.making import make_backup
from arfollow.backups.restoring import Restored, restore_backup
from arfollow.backups.rules import Head
from arfollow.database import begin_write, commit, engine_url, open_engine
from arfollow.fence.operations import FenceClosedError, close
from arfollow.fence.rules import Reason

Progress = Callable[[int], object]


class SameDatabaseError(ValueError):
    """The ledger is there already."""

    def __init__(self) -> None:
        super().__init__("That is the database that the ledger is in. Give another one.")


class UnreachableError(ValueError):
    """The new database cannot be used; says why."""

    def __init__(self, why: object) -> None:
        super().__init__(f"The new database cannot be used: {why}. Nothing was changed.")


class WorkedMeanwhileError(RuntimeError):
    """Somebody worked in the old database while it was copied."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody went on working in the old database, so the new one lacks something. Stop the web application "
            "and the worker, and move into another empty database."
        )


def move_ledger(
    session: Session, *, url: str, to: str, data_dir: Path, now: datetime, begin: Progress, progress: Progress
) -> Restored:
    """Copy everything to the empty database of `to`, each row read back there; from both nothing is sent until confirmed.

    `session` is on the old database, of `url`, and its fence is closed first. Raise SameDatabaseError, UnreachableError, WorkedMeanwhileError, and
    the errors of `restore_backup`; the old database stays whole whatever happens.
    """
    if engine_url(to) == engine_url(url):
        raise SameDatabaseError
    _reach(to)
    _hold_back(session)
    path = data_dir / f"moving.{os.getpid()}.unfinished"
    try:
        make_backup(url=url, data_dir=data_dir, to=path, now=now, begin=begin, progress=lambda _: None)
        restored = restore_backup(
            path=path, url=to, data_dir=data_dir, begin=lambda _: None, progress=progress
        )
    finally:
        path.unlink(missing_ok=True)
    if _heads(url) != set(restored.manifest.heads):
        raise WorkedMeanwhileError
    return restored


def _reach(url: str) -> None:
    """A slip in the address must not stop the sending."""
    engine = open_engine(url)
    try:
        engine.connect().close()
    except OperationalError as problem:
        raise UnreachableError(problem.orig) from None
    finally:
        engine.dispose()


def _hold_back(session: Session) -> None:
    session.rollback()
    begin_write(session)
    with suppress(FenceClosedError):
        close(session, because=Reason.BY_HAND, text="Sending stopped: the ledger moves to another database.")
    commit(session)


def _heads(url: str) -> set[Head]:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            heads = schema.tables_of(connection)[schema.HEADS]
            rows = connection.execute(schema.rows_of(heads)).mappings()
            return {Head(**row) for row in rows}
    finally:
        engine.dispose()
