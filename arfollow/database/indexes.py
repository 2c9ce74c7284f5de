"""For migrations: indexes on large tables, made and dropped while others go on working."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic import op
from sqlalchemy import Connection, TextClause

SOON = "2s"
"""Whoever waits for a migration's lock waits behind it: so it gives up soon, lets them pass and comes again."""


def create_index(name: str, table: str, columns: Sequence[str | TextClause], **options: Any) -> None:
    """In a migration that does nothing else: an index on a table that is there already, while others write to it.

    What a try before has left unfinished is dropped first.
    """
    with _beside_the_work() as connection:
        if connection.dialect.name != "postgresql":
            op.create_index(name, table, columns, **options)
            return
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    """In a migration that does nothing else: take an index away without making anybody wait."""
    with _beside_the_work():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


@contextmanager
def _beside_the_work() -> Iterator[Connection]:
    context = op.get_context()
    if context.dialect.name != "postgresql":
        yield op.get_bind()
        return
    with context.autocommit_block():
        connection = op.get_bind()
        # It blocks nobody, and waits until every transaction that knows nothing of it is over.
        set_lock_timeout(connection, "0")
        yield connection
        set_lock_timeout(connection, SOON)


def set_lock_timeout(connection: Connection, duration: str) -> None:
    """For how long a statement of this connection waits for a lock, such as `2s`; 0: as long as it takes."""
    connection.exec_driver_sql(f"SET lock_timeout = '{duration}'")
