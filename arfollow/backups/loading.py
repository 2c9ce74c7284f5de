"""Rows into an empty database, in bulk: COPY on PostgreSQL, one statement run many times on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import psycopg
from sqlalchemy import Connection, Integer, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from arfollow.backups import schema

_ROWS_AT_ONCE = 500
_GENESIS = "0" * 64

Rows = Iterable[Sequence[Any]]


class RefusedRowsError(RuntimeError):
    """The database's own rules refused what was loaded."""

    def __init__(self, table: str, problem: object) -> None:
        words = str(problem).partition("\n")[0]
        super().__init__(f"The database refused rows of {table}: {words}. Nothing was restored.")


def load(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert rows of JSON values, the columns in this order; raise RefusedRowsError.

    Triggers are on: those of the chatter let entries pass that follow one another.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    converters = [schema.decoder(table.columns[name], is_postgresql=is_postgresql) for name in columns]
    converted = (schema.converted(row, converters) for row in rows)
    try:
        if is_postgresql:
            _copy(connection, table, columns, converted)
        else:
            _insert(connection, table, columns, converted)
    except DBAPIError as error:
        raise RefusedRowsError(table.name, error.orig) from None
    except psycopg.Error as error:  # COPY is spoken to the driver itself
        raise RefusedRowsError(table.name, error) from None


def start_heads(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Begin each chain at its beginning: the entries then move the head, as they did when they were recorded."""
    begun = [dict(zip(columns, row, strict=True)) | {"sequence": 0, "hash": _GENESIS} for row in rows]
    load(connection, table, columns, [[head[name] for name in columns] for head in begun])


def continue_numbering(connection: Connection, table: Table) -> None:
    """Let new rows on PostgreSQL be numbered after those that were loaded."""
    [key, *others] = table.primary_key.columns
    if others or not isinstance(key.type, Integer):
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": key.name}
    )
    last = connection.scalar(select(func.max(key)))
    if sequence and last:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    quote: Callable[[str], str] = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, columns))
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    quote: Callable[[str], str] = connection.dialect.identifier_preparer.quote
    names, marks = ", ".join(map(quote, columns)), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    for some in _batches(rows):
        connection.exec_driver_sql(statement, some)


def _batches(rows: Rows) -> Iterator[list[tuple[Any, ...]]]:
    waiting = iter(rows)
    while some := [tuple(row) for row in islice(waiting, _ROWS_AT_ONCE)]:
        yield some
