"""Writes many new rows at once, as fast as each database takes them; no ORM objects, and nothing but plain columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Date, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.database import Table

Row = Sequence[object]


def new_ids(session: Session, table: type[Table], count: int) -> Sequence[int]:
    """Ids for so many new rows of the table, ascending, which nobody else gets; the transaction is open for writing."""
    connection = session.connection()
    name = table.__tablename__
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(name, "id")
        return connection.scalars(
            select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        ).all()
    last = connection.scalar(select(func.max(Table.metadata.tables[name].c.id))) or 0
    return range(last + 1, last + 1 + count)


def insert_rows(session: Session, columns: Sequence[InstrumentedAttribute[Any]], rows: Iterable[Row]) -> None:
    """Add rows of these columns of one table: numbers, texts, truth values, days or None, in the columns' order."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, columns, rows)
    else:
        _execute_many(connection, columns, rows)


def _copy(connection: Connection, columns: Sequence[InstrumentedAttribute[Any]], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(columns[0].class_.__tablename__),
        sql.SQL(", ").join(sql.Identifier(column.key) for column in columns),
    )
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _execute_many(
    connection: Connection, columns: Sequence[InstrumentedAttribute[Any]], rows: Iterable[Row]
) -> None:
    days = [index for index, column in enumerate(columns) if isinstance(column.type, Date)]
    stored = list(_with_days_as_text(rows, days))
    if stored:
        table, names = columns[0].class_.__tablename__, ", ".join(column.key for column in columns)
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", stored)  # noqa: S608 - our own names


def _with_days_as_text(rows: Iterable[Row], days: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        cells: list[Any] = [*row]
        for index in days:
            if cells[index] is not None:
                cells[index] = cells[index].isoformat()
        yield tuple(cells)
