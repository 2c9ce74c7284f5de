"""Loading a backup into an empty database, in one transaction that leaves the fence closed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Table, delete, inspect, select, text
from sqlalchemy.orm import Session

from arfollow.backups import loading, schema
from arfollow.backups.archive import Archive, open_archive
from arfollow.backups.fingerprints import Fingerprint, noting
from arfollow.backups.rules import DamagedBackupError, Head, Manifest, OtherFormatError
from arfollow.chatter.verification import Report, companies_with_chatter, verify
from arfollow.database import alembic_config, analyze, begin_write, commit, migrate, open_engine
from arfollow.fence.operations import close_restored

Progress = Callable[[int], object]
_KEY_FILE = "secret.key"
_ROWS_AT_ONCE = 200


class NotEmptyError(RuntimeError):
    """There is something in the database already."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The database is not empty: there are rows in {table}. Restore into a new one, by another "
            "ARFOLLOW_DATABASE_URL or ARFOLLOW_DATA_DIR; nothing was changed."
        )


class ReadsDifferentlyError(RuntimeError):
    """What was written to a table is not what is read from it."""

    def __init__(self, table: str) -> None:
        super().__init__(f"What was written to {table} reads differently. Nothing was restored.")


class OtherRevisionError(RuntimeError):
    """The database was prepared by another version than the one that made the backup."""

    def __init__(self) -> None:
        super().__init__(
            "The database has tables of another version than the backup. Restore into one that has none yet."
        )


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was loaded. `kept`: files that were there already, with other bytes, and stayed."""

    manifest: Manifest
    reports: Sequence[Report]
    kept: Sequence[str]

    @property
    def is_intact(self) -> bool:
        """Whether the chatter is whole, in every company."""
        return all(report.is_intact for report in self.reports)


def restore_backup(*, path: Path, url: str, data_dir: Path, begin: Progress, progress: Progress) -> Restored:
    """Load the backup and read every row back; raise one of the errors of `rules`, NotEmptyError, OtherRevisionError,
    ReadsDifferentlyError or OSError.

    Until it is whole nothing is there: a restore that was interrupted is simply begun again.
    """
    with open_archive(path) as archive:
        manifest = archive.manifest
        _prepare(url, manifest.revision)
        begin(manifest.rows)
        with _session(url) as session:
            begin_write(session)
            _load(session.connection(), archive, progress)
            close_restored(session, made_at=manifest.made_at)
            kept = _write_files(archive, data_dir)
            commit(session)
    migrate(url)
    with _session(url) as session:
        # PostgreSQL plans by what it knows of the tables: of new ones nothing, and the log would take a hundred times as long.
        analyze(session)
        reports = [verify(session, company_id=id_) for id_ in companies_with_chatter(session)]
    return Restored(manifest=manifest, reports=reports, kept=kept)


@contextmanager
def _session(url: str) -> Iterator[Session]:
    engine = open_engine(url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _prepare(url: str, revision: str) -> None:
    """Make the tables as they were when the backup was made."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            is_new = not inspect(connection).has_table(schema.REVISION)
            found = "" if is_new else connection.scalar(text("SELECT version_num FROM alembic_version"))
    finally:
        engine.dispose()
    if found and found != revision:
        raise OtherRevisionError
    try:
        command.upgrade(alembic_config(url), revision)
    except CommandError:
        raise OtherFormatError from None


def _load(connection: Connection, archive: Archive, progress: Progress) -> None:
    is_postgresql = connection.dialect.name == "postgresql"
    if not is_postgresql:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    tables = schema.tables_of(connection)
    if missing := archive.manifest.tables.keys() - tables.keys():
        raise DamagedBackupError(min(missing))
    for name, table in tables.items():
        if name != schema.FENCE and connection.execute(select(table).limit(1)).first() is not None:
            raise NotEmptyError(name)
    # Somebody may have served the empty database before; the restored one gets a fence of its own.
    connection.execute(delete(tables[schema.FENCE]))
    written = {}
    for name, table in tables.items():
        if name in archive.manifest.tables:
            written[name] = _load_table(connection, archive, table, progress)
            if is_postgresql:
                loading.continue_numbering(connection, table)
    _check_heads(connection, tables, archive.manifest)
    for name, fingerprint in written.items():
        columns = archive.manifest.columns[name]
        if name != schema.FENCE and _read_back(connection, tables[name], columns) != fingerprint:
            raise ReadsDifferentlyError(name)


def _load_table(connection: Connection, archive: Archive, table: Table, progress: Progress) -> Fingerprint:
    columns, fingerprint = archive.manifest.columns[table.name], Fingerprint()
    rows = noting(_counted(archive.rows(table.name), progress), fingerprint)
    match table.name:
        case schema.FENCE:
            for _ in rows:
                pass  # The original's own, which is read for its sum alone.
        case schema.HEADS:
            loading.start_heads(connection, table, columns, rows)
        case _:
            loading.load(connection, table, columns, rows)
    return fingerprint


def _read_back(connection: Connection, table: Table, columns: Sequence[str]) -> Fingerprint:
    found = Fingerprint()
    encoders = [schema.encoder(table.columns[name]) for name in columns]
    places = [table.columns.keys().index(name) for name in columns]
    rows = connection.execute(schema.rows_of(table).execution_options(yield_per=_ROWS_AT_ONCE))
    for row in rows:
        found.add(schema.converted([row[place] for place in places], encoders))
    return found


def _counted(rows: Iterator[list[Any]], progress: Progress) -> Iterator[list[Any]]:
    for row in rows:
        yield row
        progress(1)


def _check_heads(connection: Connection, tables: Mapping[str, Table], manifest: Manifest) -> None:
    found = [Head(**row) for row in connection.execute(schema.rows_of(tables[schema.HEADS])).mappings()]
    if found != list(manifest.heads):
        raise DamagedBackupError(schema.HEADS)


def _write_files(archive: Archive, data_dir: Path) -> list[str]:
    """Put the small files into the data folder; one that is there stays, but for the secret key of an empty ledger."""
    kept = []
    for name in archive.manifest.files:
        content, path = archive.file(name), data_dir / Path(name).name
        if not path.exists() or name == _KEY_FILE:
            _replace(path, content)
        elif path.read_bytes() != content:
            kept.append(name)
    return kept


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(content)
    unfinished.replace(path)
