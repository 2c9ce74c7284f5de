"""Making a backup: all tables as of one moment, and the data folder's small files, in one zip."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from arfollow.backups import schema
from arfollow.backups.archive import MANIFEST
from arfollow.backups.rules import Head, Manifest, Part, dump
from arfollow.database import open_engine

_LARGEST_FILE = 2**20
_ROWS_AT_ONCE = 200
Progress = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was written; `left_out`: files of the data folder that are no part of it."""

    manifest: Manifest
    size: int
    left_out: tuple[str, ...]


def make_backup(
    *, url: str, data_dir: Path, to: Path, now: datetime, begin: Progress, progress: Progress
) -> Made:
    """Write the backup; raise FileExistsError rather than replace a file. `begin` is told how many rows there are.

    The file is there when it is whole, and not before. It holds the secret key: only its owner may read it.
    """
    if to.exists():
        raise FileExistsError(to)
    kept, left_out = _files(data_dir, url=url, target=to)
    with (
        _whole_or_not_at_all(to) as unfinished,
        _snapshot(url) as connection,
        zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        tables = schema.tables_of(connection)
        begin(sum(_count(connection, table) for table in tables.values()))
        manifest = Manifest(
            made_at=now,
            revision=str(connection.scalar(text(f"SELECT version_num FROM {schema.REVISION}"))),  # noqa: S608 - our own name
            columns={name: [column.name for column in table.columns] for name, table in tables.items()},
            tables={
                name: _write_table(archive, connection, table, progress) for name, table in tables.items()
            },
            files={file.name: _write_file(archive, file) for file in kept},
            heads=_heads(connection, tables),
        )
        archive.writestr(MANIFEST, dump(manifest))
    return Made(manifest=manifest, size=to.stat().st_size, left_out=left_out)


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """A connection that sees the database as of its first question, whatever others write meanwhile."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
    finally:
        engine.dispose()


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[Path]:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield unfinished
        _sync(unfinished)
        # Unlike a rename, a link does not replace what somebody else has put there meanwhile.
        os.link(unfinished, path)
        _sync(path.parent)
    finally:
        unfinished.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table, progress: Progress) -> Part:
    """One row a line, as a JSON array in the order of the columns."""
    encoders = [schema.encoder(column) for column in table.columns]
    digest, count = sha256(), 0
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(schema.rows_of(table))
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for some in rows.partitions():
            lines = [
                json.dumps(schema.converted(row, encoders), ensure_ascii=False, separators=(",", ":"))
                for row in some
            ]
            content = "".join(f"{line}\n" for line in lines).encode()
            file.write(content)
            digest.update(content)
            count += len(some)
            progress(len(some))
    return Part(count=count, sha256=digest.hexdigest())


def _write_file(archive: zipfile.ZipFile, file: Path) -> Part:
    content = file.read_bytes()
    archive.writestr(f"files/{file.name}", content)
    return Part(count=len(content), sha256=sha256(content).hexdigest())


def _heads(connection: Connection, tables: Mapping[str, Table]) -> list[Head]:
    rows = connection.execute(schema.rows_of(tables[schema.HEADS])).mappings()
    return [Head(**row) for row in rows]


def _files(data_dir: Path, *, url: str, target: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Small files of the data folder, and names of what is no part of a backup: large ones, folders, other backups."""
    found = sorted(data_dir.iterdir()) if data_dir.is_dir() else []
    own = [path for path in found if not _belongs_to_database(path, url)]
    kept = [path for path in own if _is_kept(path, target)]
    return kept, tuple(path.name for path in own if path not in kept)


def _is_kept(path: Path, target: Path) -> bool:
    is_small = path.is_file() and path.stat().st_size <= _LARGEST_FILE
    return is_small and path.suffix not in {target.suffix, ".unfinished"}


def _belongs_to_database(path: Path, url: str) -> bool:
    """The database's file, its log, and the fence's files, which speak for this place alone."""
    name = Path(url.partition("///")[2]).name if url.startswith("sqlite") else ""
    return bool(name) and (path.name == name or path.name.startswith((f"{name}-", f"{name}.fence")))
