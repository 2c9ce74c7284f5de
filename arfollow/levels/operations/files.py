"""Writes of the files that go with a level's e-mails."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.chatter.operations import record
from arfollow.levels.attachments import MOST, BadFileError, media_type_of, plain_filename
from arfollow.levels.operations.rows import level_of_company
from arfollow.levels.tables import LevelFile
from arfollow.values.refusals import N_


def attach_file(
    session: Session, *, company_id: int, level_id: int, filename: str, content: bytes, who: str
) -> None:
    """Let the file go with every e-mail of the level; one of the same name is replaced. Raise BadFileError, UnknownLevelError."""
    level, plan = level_of_company(session, company_id, level_id)
    name = plain_filename(filename)
    media_type = media_type_of(name, content)
    of_level = select(LevelFile).where(LevelFile.level_id == level.id)
    row = session.scalar(of_level.where(LevelFile.filename == name))
    count = session.scalar(select(func.count()).select_from(of_level.subquery())) or 0
    if row is None and count >= MOST:
        raise BadFileError(N_("A level has at most %(number)s files. Take one away first."), number=MOST)
    sha256 = documents.store(session, media_type=media_type, content=content)
    if row is None:
        row = LevelFile(level_id=level.id, filename=name, media_type=media_type, size=0, sha256="")
        session.add(row)
    row.media_type, row.size, row.sha256 = media_type, len(content), sha256
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="level:changed",
        who=who,
        text=f"File “{name}” goes with the e-mails of “{level.name}” of {plan.name}.",
        facts={"plan": plan.id, "level": level.id, "file": name, "size": len(content)},
        documents=[sha256],
    )


def detach_file(session: Session, *, company_id: int, level_id: int, file_id: int, who: str) -> None:
    """Let the file go with the level's e-mails no longer; what was sent stays as it was. Raise UnknownLevelError."""
    level, plan = level_of_company(session, company_id, level_id)
    row = session.scalar(select(LevelFile).where(LevelFile.id == file_id, LevelFile.level_id == level.id))
    if row is None:
        return
    session.delete(row)
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="level:changed",
        who=who,
        text=f"File “{row.filename}” taken from the e-mails of “{level.name}” of {plan.name}.",
        facts={"plan": plan.id, "level": level.id, "file": row.filename},
    )
