"""Work on very many rows: writes new ones as fast as each database takes them, and spares what does not change."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from psycopg import sql
from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from arfollow.database import Table

T = TypeVar("T", int, str)
Row = Sequence[object]
Encoder = Callable[[Any], str]


@contextmanager
def collecting_only_what_is_new() -> Iterator[None]:
    """Let garbage collection leave alone what was there before: to look through it again and again costs a third of the work."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Listed(TypeDecorator[Collection[Any]]):
    """Many values in one parameter: an array where the database has arrays, else JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of the items on PostgreSQL."""
        return ARRAY(self.item) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """As its database takes it."""
        values = [*(value or ())]
        return values if dialect.name == "postgresql" else json.dumps(values)


class _OneOf(FunctionElement[bool]):
    """Whether the first clause, a column, is among the values of the second, a parameter.

    It has no type: of a Boolean SQLAlchemy would make `… = 1` on SQLite, for which no index is found.
    """

    inherit_cache = True


@compiles(_OneOf, "postgresql")
def _any(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled, values are bound


def one_of(
    column: InstrumentedAttribute[T] | InstrumentedAttribute[T | None], values: Collection[T] | str
) -> ColumnElement[bool]:
    """Whether the column is one of these values, or of those that the statement is asked with under that name.

    They are one parameter: a thousand of them take longer to render and send than to look up.
    """
    kind = _Listed(column.type)
    if isinstance(values, str):
        return _OneOf(column, bindparam(values, type_=kind))
    return _OneOf(column, bindparam(None, values, type_=kind, unique=True))


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
    """Add rows of these columns of one table: numbers, texts, truth values, days, JSON or None, in the columns' order."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, columns, _encoded(rows, _encoders(columns, {JSON: json.dumps})))
    else:
        encoders = _encoders(columns, {JSON: json.dumps, Date: date.isoformat})
        _execute_many(connection, columns, _encoded(rows, encoders))


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
    stored: list[Any] = list(rows)
    if stored:
        table, names = columns[0].class_.__tablename__, ", ".join(column.key for column in columns)
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", stored)  # noqa: S608 - our own names


def _encoders(
    columns: Sequence[InstrumentedAttribute[Any]], encode: Mapping[type[TypeEngine[Any]], Encoder]
) -> list[tuple[int, Encoder]]:
    """What the driver does not do by itself, by the index of the column."""
    return [
        (index, encoder)
        for index, column in enumerate(columns)
        for kind, encoder in encode.items()
        if isinstance(column.type, kind)
    ]


def _encoded(rows: Iterable[Row], encoders: Sequence[tuple[int, Encoder]]) -> Iterable[Row]:
    if not encoders:
        yield from rows
        return
    for row in rows:
        cells: list[Any] = [*row]
        for index, encode in encoders:
            if cells[index] is not None:
                cells[index] = encode(cells[index])
        yield tuple(cells)
