"""Rows that stand at most once, whoever writes them first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from arfollow.database import Table


def insert_once(session: Session, table: type[Table], **values: Any) -> None:
    """Insert a row that was not there a moment ago; another transaction that was quicker has it its way.

    On SQLite there is no other: one transaction writes at a time.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(table).values(**values))
    else:
        session.execute(postgresql_insert(table).values(**values).on_conflict_do_nothing())
