"""Reads of a level's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from arfollow.levels.drafts import WordingDraft
from arfollow.levels.tables import Level, Plan, Wording
from arfollow.values.refusals import N_, Refusal

LAST_RESORT = "en"
_WORDING = (
    select(Wording)
    .join(Level, Level.id == Wording.level_id)
    .join(Plan, Plan.id == Level.plan_id)
    .where(Wording.id == bindparam("wording_id"), Plan.company_id == bindparam("company_id"))
)


class NoWordingError(Refusal, LookupError):
    """The level has no text in any language."""

    def __init__(self, level: str) -> None:
        super().__init__(
            N_("“%(level)s” has no text yet. A manager can write one under Levels."), level=level
        )


@dataclass(frozen=True, kw_only=True)
class WordingView:
    """A version of a level's words in one language."""

    id: int
    level_id: int
    language: str
    version: int
    text: WordingDraft
    written_by: str
    written_at: datetime


def wording_for(session: Session, *, company_id: int, level_id: int, languages: Sequence[str]) -> WordingView:
    """The level's words in force in the first of these languages that it has, else in English, else in any.

    A language with a region (`de-AT`) is followed by the language alone. Raise NoWordingError.
    """
    name = session.scalar(
        select(Level.name)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Level.id == level_id, Plan.company_id == company_id)
    )
    newest = {wording.language: wording for wording in in_force(session, level_ids=[level_id])}
    if name is None or not newest:
        raise NoWordingError(name or "This level")
    found = next((newest[language] for language in _tried(languages) if language in newest), None)
    return found or newest[min(newest)]


def find_wording(session: Session, *, company_id: int, wording_id: int) -> WordingView | None:
    """One version, in force or not; None when the company has none with this id."""
    wording = session.scalar(_WORDING, {"wording_id": wording_id, "company_id": company_id})
    return None if wording is None else _view(wording)


def versions_of(session: Session, *, company_id: int, level_id: int, language: str) -> list[WordingView]:
    """Every version of the level's words in the language, the newest first."""
    rows = session.scalars(
        select(Wording)
        .join(Level, Level.id == Wording.level_id)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Wording.level_id == level_id, Wording.language == language, Plan.company_id == company_id)
        .order_by(Wording.version.desc())
    )
    return [_view(row) for row in rows]


def in_force(session: Session, *, level_ids: Iterable[int]) -> list[WordingView]:
    """The highest version in each language of each of these levels, by level and language."""
    newest = (
        select(func.max(Wording.id))
        .where(Wording.level_id.in_(sorted(level_ids)))
        .group_by(Wording.level_id, Wording.language)
    )
    rows = session.scalars(
        select(Wording).where(Wording.id.in_(newest)).order_by(Wording.level_id, Wording.language)
    )
    return [_view(row) for row in rows]


def _tried(languages: Sequence[str]) -> Iterator[str]:
    for language in (*languages, LAST_RESORT):
        yield language
        yield language.replace("_", "-").partition("-")[0]


def _view(wording: Wording) -> WordingView:
    return WordingView(
        id=wording.id,
        level_id=wording.level_id,
        language=wording.language,
        version=wording.version,
        text=WordingDraft(
            email_subject=wording.email_subject,
            email_body=wording.email_body,
            letter_title=wording.letter_title,
            letter_body=wording.letter_body,
            todo=wording.todo,
        ),
        written_by=wording.written_by,
        written_at=wording.written_at,
    )
