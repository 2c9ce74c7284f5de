"""Rows that stand at most once, whoever writes them first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from arfollow.database import Table, insert_into


def insert_once(session: Session, table: type[Table], **values: Any) -> None:
    """Insert a row that was not there a moment ago; another transaction that was quicker has it its way."""
    session.execute(insert_into(session, table).values(**values).on_conflict_do_nothing())
