"""Migrations: one process at a time, none that waits for a lock while others queue behind it, indexes beside the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import structlog
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from arfollow.database.addresses import engine_url, schema_of
from arfollow.database.engines import WRITE
from arfollow.database.failures import is_busy, is_overtaken
from arfollow.database.indexes import SOON, set_lock_timeout

log = structlog.get_logger(__name__)

# Any number that no other advisory lock of ours has.
_LOCK = 7_245_002
_LONGEST_WAIT = 1800
_TRIES = 30
_PAUSE = 2


class MigratingElsewhereError(RuntimeError):
    """Another process has been migrating for half an hour."""

    def __init__(self) -> None:
        super().__init__("Another process is bringing this database up to date. Try again when it has ended.")


class NoSchemaError(RuntimeError):
    """The schema is not there, and may not be made."""

    def __init__(self, schema: str) -> None:
        super().__init__(
            f"There is no schema {schema} in this database, and its user may not make one. As its owner: "
            f"CREATE SCHEMA {schema} AUTHORIZATION the_user"
        )


def migrations_folder() -> Path:
    """The migrations of the checkout, else those inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "migrations"
    return checkout if checkout.is_dir() else package / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database of `url`."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option(
        "sqlalchemy.url", engine_url(url).render_as_string(hide_password=False).replace("%", "%%")
    )
    return config


def migrate(url: str) -> None:
    """Create the database's tables, or bring them up to this program's version; safe to run twice, and by many at once.

    Raise NoSchemaError or MigratingElsewhereError.
    """
    command.upgrade(alembic_config(url), "head")


def is_migrated(session: Session) -> bool:
    """Whether the tables are of this program's version, or of a later one that it does not know."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return False
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    *earlier, head = _revisions()
    return found is not None and (found == head or found not in earlier)


@lru_cache(maxsize=1)
def _revisions() -> Sequence[str]:
    """Those that this program knows, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@contextmanager
def only_migration(engine: Engine) -> Iterator[None]:
    """Hold a lock against other processes that migrate, and make the schema of the engine's address if it is missing.

    Not within the migration's transaction, which a new index ends; and asked for again and again rather than waited
    for, since CREATE INDEX CONCURRENTLY waits for every statement that began before it, a waiting one too.
    """
    if engine.dialect.name != "postgresql":
        yield  # BEGIN IMMEDIATE is such a lock.
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"number": _LOCK, "schema": schema_of(engine.url)}
        place = "hashtext(coalesce(CAST(:schema AS text), current_schema()))"
        _wait_for_lock(connection, f"SELECT pg_try_advisory_lock(:number, {place})", key)
        try:
            _make_schema(connection, schema_of(engine.url))
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock(:number, {place})"), key)


def run_when_free(engine: Engine, run: Callable[[Connection], None]) -> None:
    """Run migrations on a connection, again when a lock is not to be had soon: what is done already is not done twice.

    On SQLite in one writing transaction, in which foreign keys are checked at its end only.
    """
    if engine.dialect.name != "postgresql":
        with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            run(connection)
        return
    for left in reversed(range(_TRIES)):
        try:
            with engine.connect() as connection:
                # Whoever comes after us waits behind us: so we give up soon, and let them pass.
                with connection.begin():
                    set_lock_timeout(connection, SOON)
                run(connection)
        except DBAPIError as error:
            if not left or not (is_busy(error) or is_overtaken(error)):
                raise
            log.warning("a table is in use, the migration waits", tries_left=left)
            sleep(_PAUSE)
        else:
            return


def _wait_for_lock(connection: Connection, question: str, key: dict[str, Any]) -> None:
    until = monotonic() + _LONGEST_WAIT
    while not connection.scalar(text(question), key):
        if monotonic() > until:
            raise MigratingElsewhereError
        sleep(_PAUSE / 10)


def _make_schema(connection: Connection, schema: str | None) -> None:
    if schema is None or connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": schema}):
        return
    if not connection.scalar(text("SELECT has_database_privilege(current_database(), 'CREATE')")):
        raise NoSchemaError(schema)
    connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
