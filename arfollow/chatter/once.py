"""Rows that stand at most once, whoever writes them first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from arfollow.database import Table, insert_into, plain_rows


def insert_once(session: Session, table: type[Table], **values: Any) -> None:
    """Insert a row that was not there a moment ago; another transaction that was quicker has it its way."""
    dialect = session.get_bind().dialect.name
    if (dialect, table) not in _INSERTS:
        _INSERTS[dialect, table] = insert_into(session, table).on_conflict_do_nothing()
    plain_rows(session, _INSERTS[dialect, table], values)


# Made once: to build one takes longer than to run it.
_INSERTS: dict[tuple[str, type[Table]], postgresql.Insert | sqlite.Insert] = {}
