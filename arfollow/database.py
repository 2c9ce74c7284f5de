"""Tables' base, column types, engines, and the only commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from arfollow.config import BadSettingError

_SQLITE_MINIMUM = (3, 51, 3)
_WRITE = "arfollow_write"
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    # What is erased must not be found in the file's free pages.
    "secure_delete=ON",
    "busy_timeout=30000",
)


class SqliteTooOldError(RuntimeError):
    """SQLite is too old to be trusted with a ledger."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"SQLite {version} can corrupt a database that two connections use. Install the pysqlite3 wheel "
            "(SQLite 3.51.3 or later), or set ARFOLLOW_DATABASE_URL to a PostgreSQL database."
        )


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite stores it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes: nobody knows which zone they meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        return (
            value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC whatever zone the connection talks in."""
        del dialect
        return (
            None
            if value is None
            else (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
        )


_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of all tables; a plain declarative base, so that mypy sees its columns."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON},
    )


Minor = BigInteger
"""Column type of an amount in minor units."""

db = SQLAlchemy(model_class=Table, session_options={"expire_on_commit": False})

_refresh: list[Callable[[Session, frozenset[int]], None]] = []
_seal: list[Callable[[Session], None]] = []


def sqlite_module() -> Any:
    """The DB-API module for SQLite: the wheel's, else the standard one if it is new enough; raise SqliteTooOldError."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        if sqlite3.sqlite_version_info < _SQLITE_MINIMUM:
            raise SqliteTooOldError(sqlite3.sqlite_version) from None
        return sqlite3


def engine_url(url: str) -> URL:
    """The URL with the driver that we use for its database; raise BadSettingError for any but these two."""
    # What was given is not quoted: it may hold a password.
    unknown = BadSettingError(
        "ARFOLLOW_DATABASE_URL",
        "It names no database that arfollow knows. Give postgresql://user:password@host/database "
        "or sqlite:////folder/file.sqlite3.",
    )
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise unknown from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise unknown
    return (
        parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername in ("postgres", "postgresql")
        else parsed
    )


def engine_options(url: str) -> dict[str, Any]:
    """Keyword arguments of `create_engine` for the database of `url`."""
    return (
        {"module": sqlite_module()}
        if make_url(url).get_backend_name() == "sqlite"
        else {"pool_pre_ping": True}
    )


def open_engine(url: str) -> Engine:
    """An engine outside any app, for migrations and tests; the caller disposes of it."""
    return create_engine(engine_url(url), **engine_options(url))


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
        writes = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def begin_migration(engine: Engine) -> Iterator[Connection]:
    """A connection in one writing transaction; on SQLite foreign keys are checked at its end only."""
    with engine.connect().execution_options(**{_WRITE: True}) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield connection


def begin_write(session: Session) -> None:
    """Open the session's transaction for writing; first thing in it, since a read that upgrades fails on SQLite."""
    session.connection(execution_options={_WRITE: True})


def current_session() -> Session:
    """The session of this request or app context."""
    session: Session = db.session()
    return session


def insert_into(session: Session, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on conflict, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def touch(session: Session, customer_ids: Iterable[int]) -> None:
    """Say that what the list shows of these customers may have changed; `commit` refreshes them."""
    session.info.setdefault("touched", set()).update(customer_ids)


def on_refresh(refresher: Callable[[Session, frozenset[int]], None]) -> None:
    """Register what `commit` runs for touched customers; `app.py` does, once."""
    if refresher not in _refresh:
        _refresh.append(refresher)


def on_seal(sealer: Callable[[Session], None]) -> None:
    """Register what `commit` runs last, inside the transaction: the chatter's head is locked there."""
    if sealer not in _seal:
        _seal.append(sealer)


def commit(session: Session) -> None:
    """Refresh the stored list for touched customers, seal the chatter, commit. Nothing else commits."""
    touched = frozenset(session.info.pop("touched", ()))
    if touched:
        session.flush()
        for refresher in _refresh:
            refresher(session, touched)
    for sealer in _seal:
        sealer(session)
    session.commit()


def checkpoint(session: Session) -> None:
    """After a commit: let SQLite write its log into its file and empty it, so that what was erased is in neither."""
    if session.get_bind().dialect.name == "sqlite":
        session.rollback()
        engine = session.get_bind().engine
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def analyze(session: Session) -> None:
    """After a commit that changed much: let PostgreSQL look at its tables now, since it plans by what it saw last."""
    if session.get_bind().dialect.name == "postgresql":
        session.rollback()
        with session.get_bind().engine.connect() as connection:
            # Ours by name: another tenant's may stand in another schema of the same database.
            names = ", ".join(table.name for table in Table.metadata.sorted_tables)
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(f"ANALYZE {names}")


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous_transaction: object) -> None:
    del previous_transaction
    if not session.in_transaction():
        session.info.clear()


def migrations_folder() -> Path:
    """The migrations of the checkout, else those inside the installed package."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "migrations"
    return checkout if checkout.is_dir() else here / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database of `url`."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option(
        "sqlalchemy.url", engine_url(url).render_as_string(hide_password=False).replace("%", "%%")
    )
    return config


def migrate(url: str) -> None:
    """Create the database's tables, or bring them up to this program's version; safe to run twice."""
    command.upgrade(alembic_config(url), "head")
