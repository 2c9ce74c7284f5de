"""Reads of the files that go with a level's e-mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.levels.tables import Level, LevelFile, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file by its name, size in bytes and digest."""

    id: int
    filename: str
    media_type: str
    size: int
    sha256: str


def files_of(session: Session, *, company_id: int, level_id: int) -> Sequence[FileView]:
    """The level's files by name; none where the company has no such level."""
    rows = session.scalars(
        select(LevelFile)
        .join(Level, Level.id == LevelFile.level_id)
        .join(Plan, Plan.id == Level.plan_id)
        .where(LevelFile.level_id == level_id, Plan.company_id == company_id)
        .order_by(LevelFile.filename)
    )
    return tuple(
        FileView(
            id=row.id,
            filename=row.filename,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
        )
        for row in rows
    )
