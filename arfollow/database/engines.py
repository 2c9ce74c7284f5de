"""Engines: SQLite prepared as we need it, PostgreSQL with its pool and its limits, and how transactions begin."""

from __future__ import annotations

import sqlite3
from importlib import import_module
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from arfollow.config import Connections
from arfollow.database.addresses import engine_url, options_of

log = structlog.get_logger(__name__)

WRITE = "arfollow_write"
"""The execution option of a connection whose transactions write."""

_SLOW = "arfollow_slow_ms"
_SQLITE_MINIMUM = (3, 51, 3)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    # What is erased must not be found in the file's free pages.
    "secure_delete=ON",
    "busy_timeout=30000",
    # Whoever looks at a table looks at so many entries of each index.
    "analysis_limit=400",
)
# Of the client: a server that is gone without a word is noticed within a minute, and not after two hours.
_DRIVER = {
    "application_name": "arfollow",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class SqliteTooOldError(RuntimeError):
    """SQLite is too old to be trusted with a ledger."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"SQLite {version} can corrupt a database that two connections use. Install the pysqlite3 wheel "
            "(SQLite 3.51.3 or later), or set ARFOLLOW_DATABASE_URL to a PostgreSQL database."
        )


def sqlite_module() -> Any:
    """The DB-API module for SQLite: the wheel's, else the standard one if it is new enough; raise SqliteTooOldError."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        if sqlite3.sqlite_version_info < _SQLITE_MINIMUM:
            raise SqliteTooOldError(sqlite3.sqlite_version) from None
        return sqlite3


def engine_options(url: str, connections: Connections | None = None) -> dict[str, Any]:
    """Keyword arguments of `create_engine` for the database of `url`, with these limits (default: none)."""
    connections = connections or Connections().unlimited()
    # An error's text goes to the log: what people wrote must not.
    options: dict[str, Any] = {"hide_parameters": True}
    if connections.slow_ms:
        options["execution_options"] = {_SLOW: connections.slow_ms}
    parsed = engine_url(url)
    if parsed.get_backend_name() == "sqlite":
        return options | {"module": sqlite_module()}
    return options | {
        "pool_pre_ping": True,
        "pool_size": connections.pool_size,
        "max_overflow": connections.pool_overflow,
        "pool_recycle": connections.recycle_seconds,
        "connect_args": _arguments(parsed, connections),
    }


def open_engine(url: str) -> Engine:
    """An engine outside any app, for migrations, backups and tests; the caller disposes of it."""
    return create_engine(engine_url(url), **engine_options(url))


def _arguments(url: URL, connections: Connections) -> dict[str, Any]:
    """What each connection begins with; the address has the last word."""
    found: dict[str, Any] = {name: value for name, value in _DRIVER.items() if name not in url.query}
    limits = {
        "statement_timeout": connections.statement_seconds,
        "lock_timeout": connections.lock_seconds,
        "idle_in_transaction_session_timeout": connections.idle_seconds,
    }
    wanted = [f"-c{name}={seconds}s" for name, seconds in limits.items() if seconds]
    # The last setting of a name counts.
    if options := " ".join([*wanted, options_of(url)]).strip():
        found["options"] = options
    if not connections.prepares:
        found["prepare_threshold"] = None
    return found


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__.partition(".")[0] not in ("pysqlite3", "sqlite3"):
        return
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Engine, "before_cursor_execute", named=True)
def _note_beginning(*, context: Any, **_rest: Any) -> None:
    if context is not None and _SLOW in context.execution_options:
        context.arfollow_began = perf_counter()


@event.listens_for(Engine, "after_cursor_execute", named=True)
def _tell_if_slow(*, statement: str, context: Any, **_rest: Any) -> None:
    """The statement as it was written, with marks where its values go: they are nobody's business."""
    began = getattr(context, "arfollow_began", None)
    # A command has no log: its standard output is what it was asked for.
    if began is None or not structlog.is_configured():
        return
    milliseconds = (perf_counter() - began) * 1000
    if milliseconds >= context.execution_options[_SLOW]:
        log.warning("slow query", ms=round(milliseconds), sql=" ".join(statement.split()))
