"""Writes of a level's words: versions are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.levels.drafts import TextError, WordingDraft, text_problems
from arfollow.levels.queries.wordings import find_wording, in_force
from arfollow.levels.tables import Level, Plan, Wording
from arfollow.values.refusals import N_, Refusal


class UnknownWordingError(Refusal, LookupError):
    """The company has no such version."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such version of the words."))


def write_wordings(session: Session, level: Level, wordings: Mapping[str, WordingDraft], who: str) -> None:
    """Add a version for each text that differs from the one in force."""
    present = {wording.language: wording for wording in in_force(session, level_ids=[level.id])}
    for language, draft in wordings.items():
        last = present.get(language)
        if last is None or last.text != draft:
            number = 1 if last is None else last.version + 1
            wording = _add_version(session, level, language, draft, who, number=number)
            _record_wording(session, level, wording, who, before=None if last is None else last.text)


def restore_wording(session: Session, *, company_id: int, wording_id: int, who: str) -> int:
    """Write the words of an earlier version anew, as the next version; gives its number.

    Nothing happens when they are what is in force. Raise UnknownWordingError; TextError when they could not be saved today.
    """
    old = find_wording(session, company_id=company_id, wording_id=wording_id)
    if old is None:
        raise UnknownWordingError
    for (language, name), problems in text_problems({old.language: old.text}).items():
        raise TextError(language=language, field=name, problems=problems)
    present = {each.language: each for each in in_force(session, level_ids=[old.level_id])}[old.language]
    if present.text == old.text:
        return present.version
    level = session.get_one(Level, old.level_id)
    wording = _add_version(session, level, old.language, old.text, who, number=present.version + 1)
    _record_wording(session, level, wording, who, before=present.text, back_to=old.version)
    return wording.version


def _add_version(
    session: Session, level: Level, language: str, draft: WordingDraft, who: str, *, number: int
) -> Wording:
    wording = Wording(
        level_id=level.id,
        language=language,
        version=number,
        written_by=who,
        written_at=clock.now(),
        **asdict(draft),
    )
    session.add(wording)
    return wording


def _record_wording(
    session: Session,
    level: Level,
    wording: Wording,
    who: str,
    *,
    before: WordingDraft | None,
    back_to: int | None = None,
) -> None:
    plan = session.get_one(Plan, level.plan_id)
    returned = "" if back_to is None else f", which is version {back_to} again"
    record(
        session,
        company_id=plan.company_id,
        customer_id=None,
        tag="wording:changed",
        who=who,
        text=f"Words of “{level.name}” in {wording.language}: version {wording.version}{returned}.",
        facts={
            "level": level.id,
            "language": wording.language,
            "version": wording.version,
            **({} if back_to is None else {"back_to": back_to}),
            "before": None if before is None else asdict(before),
            "after": {name: getattr(wording, name) for name in WordingDraft.__dataclass_fields__},
        },
    )
