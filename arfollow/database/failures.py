"""Failures of the database that are nobody's mistake: what may be tried again, and what has to wait."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from time import sleep
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)
T = TypeVar("T")

# serialization_failure, deadlock_detected: the transaction was undone as a whole, so that others could go on.
_OVERTAKEN = frozenset({"40001", "40P01"})
# lock_not_available, query_canceled: our own time-outs (config.Connections).
_BUSY = frozenset({"55P03", "57014"})
_PAUSES = (0.05, 0.2, 0.8)


def is_overtaken(error: BaseException) -> bool:
    """Whether PostgreSQL undid the transaction for another one's sake: run again as a whole, it most likely succeeds."""
    return _state(error) in _OVERTAKEN


def is_busy(error: BaseException | None) -> bool:
    """Whether somebody else held for too long what was wanted: a lock, or SQLite's one place for a writer."""
    return _state(error) in _BUSY or _is_locked_sqlite(error)


def pauses() -> Iterator[float]:
    """Seconds to wait before each further try, a few times, each longer; with jitter, so that two do not meet again."""
    for pause in _PAUSES:
        yield pause * (0.5 + secrets.randbelow(1000) / 1000)


def again_if_overtaken(run: Callable[[], T], *, wait: Callable[[float], object] = sleep) -> T:
    """What `run` gives, run again a few times when it was overtaken; each run begins a transaction and ends it."""
    for pause in pauses():
        try:
            return run()
        except DBAPIError as error:
            if not is_overtaken(error):
                raise
            log.warning("overtaken, run again", cause=type(error.orig).__name__)
            wait(pause)
    return run()


def _state(error: BaseException | None) -> str | None:
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return str(state) if state else None


def _is_locked_sqlite(error: BaseException | None) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, DBAPIError) else None
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY
