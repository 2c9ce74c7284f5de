"""Databases of both engines, outside any test run."""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from tests.fixtures.databases import start_postgres

ENGINES = ("sqlite", "postgresql")
_SQLITE = "sqlite:///"


def empty_database(engine: str, folder: Path) -> str:
    """The URL of a new database; SQLite's lies in `folder`."""
    if engine == "sqlite":
        return f"{_SQLITE}{folder}/arfollow.sqlite3"
    return _create("CREATE DATABASE {}")


def copy_database(url: str, folder: Path) -> str:
    """The URL of a copy of a database that nobody is connected to; SQLite's lies in `folder`."""
    if url.startswith(_SQLITE):
        return f"{_SQLITE}{shutil.copyfile(url.removeprefix(_SQLITE), folder / 'arfollow.sqlite3')}"
    return _create("CREATE DATABASE {} TEMPLATE {}", _name_of(url))


def drop_database(url: str) -> None:
    """Drop a database of PostgreSQL; SQLite's goes with its folder."""
    if not url.startswith(_SQLITE):
        _administrate("DROP DATABASE {} WITH (FORCE)", _name_of(url))


def vacuum(url: str) -> None:
    """Do at once what PostgreSQL does by itself within minutes of a large change; the server of the tests does not."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")


@cache
def postgres_server() -> Path:
    """The folder of the socket of a PostgreSQL that ends with this process."""
    return start_postgres()


def _create(statement: str, *others: str) -> str:
    name = f"bench_{time.time_ns()}"
    _administrate(statement, name, *others)
    return f"postgresql://postgres@/{name}?host={postgres_server()}"


def _administrate(statement: str, *names: str) -> None:
    with psycopg.connect(
        f"host={postgres_server()} user=postgres dbname=postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
