from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from arfollow.backups.making import Made, make_backup
from arfollow.backups.restoring import Restored, restore_backup
from arfollow.clock import now


@pytest.fixture
def new_sqlite(tmp_path) -> str:
    """A SQLite database that does not exist yet, in a folder of its own."""
    (tmp_path / "elsewhere").mkdir()
    return f"sqlite:///{tmp_path / 'elsewhere' / 'arfollow.sqlite3'}"


@pytest.fixture
def new_postgresql(postgres_url) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    name = f"new_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres_url.replace("/postgres?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def new_url(request, engine_url) -> str:
    """A database without tables, on the engine of `engine_url`."""
    return request.getfixturevalue("new_sqlite" if engine_url.startswith("sqlite") else "new_postgresql")


def back_up(url: str, to: Path) -> Made:
    """Back up the database and the folder `data` beside the file, if there is one."""
    return make_backup(
        url=url,
        data_dir=to.parent / "data",
        to=to,
        now=now(),
        begin=lambda _: None,
        progress=lambda _: None,
    )


def restore(path: Path, url: str) -> Restored:
    """Restore into the database and the folder `restored` beside the file."""
    return restore_backup(
        path=path,
        url=url,
        data_dir=path.parent / "restored",
        begin=lambda _: None,
        progress=lambda _: None,
    )
