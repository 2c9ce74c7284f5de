"""Empty databases of both engines, outside any test run."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from tests.fixtures.databases import start_postgres

ENGINES = ("sqlite", "postgresql")


def empty_database(engine: str, folder: Path) -> str:
    """The URL of a new database; SQLite's lies in `folder`."""
    if engine == "sqlite":
        return f"sqlite:///{folder}/arfollow.sqlite3"
    server, name = postgres_server(), f"empty_{time.time_ns()}"
    with psycopg.connect(f"host={server} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql://postgres@/{name}?host={server}"


def vacuum(url: str) -> None:
    """Do at once what PostgreSQL does by itself within minutes of a large change; the server of the tests does not."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")


@cache
def postgres_server() -> Path:
    """The folder of the socket of a PostgreSQL that ends with this process."""
    return start_postgres()
