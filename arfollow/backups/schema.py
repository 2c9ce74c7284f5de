"""The tables as the database has them, and values of their columns as JSON: the same from either engine."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    cast,
    select,
)
from sqlalchemy.sql import Select

REVISION = "alembic_version"
FENCE = "fence"
ENTRIES = "chatter_entries"
HEADS = "chatter_heads"


def tables_of(connection: Connection) -> Mapping[str, Table]:
    """All tables of the ledger, each after those that it refers to, but the one that says what revision they are.

    Entries of the chatter come last: their parts have to be there before them.
    """
    found = MetaData()
    found.reflect(connection)
    tables = [table for table in found.sorted_tables if table.name != REVISION]
    return {table.name: table for table in sorted(tables, key=lambda table: table.name == ENTRIES)}


def rows_of(table: Table) -> Select[Any]:
    """All rows in the order of their key; JSON as the very text that is stored."""
    columns = [
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]
    return select(*columns).order_by(*table.primary_key.columns)


def encoder(column: Column[Any]) -> Callable[[Any], Any]:
    """How a value of the column becomes JSON; None stays None."""
    match column.type:
        case DateTime():
            return lambda value: _in_utc(value).isoformat()
        case Date():
            return date.isoformat
        case Time():
            # As SQLAlchemy stores it in SQLite, which has no type for it.
            return partial(time.isoformat, timespec="microseconds")
        case LargeBinary():
            return lambda value: base64.b64encode(value).decode("ascii")
    return lambda value: value


def decoder(column: Column[Any], *, is_postgresql: bool) -> Callable[[Any], Any]:
    """The way back, to what the engine's driver is given."""
    match column.type:
        case DateTime():
            return datetime.fromisoformat if is_postgresql else _sqlite_instant
        case Date():
            return date.fromisoformat if is_postgresql else lambda value: value
        case Time():
            return time.fromisoformat if is_postgresql else lambda value: value
        case LargeBinary():
            return base64.b64decode
    return lambda value: value


def converted(values: Sequence[Any], converters: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """The values of a row, each by its converter."""
    return [
        None if value is None else convert(value) for value, convert in zip(values, converters, strict=True)
    ]


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _sqlite_instant(text: str) -> str:
    """As SQLAlchemy stores it: without a zone, with microseconds."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
