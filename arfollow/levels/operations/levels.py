"""Writes of levels and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import FirstLevelError, LevelDraft, PlanError, WordingDraft, check_level
from arfollow.levels.operations.plans import plan_of_company, touch_customers
from arfollow.levels.queries.plans import draft_of_level
from arfollow.levels.queries.wordings import in_force
from arfollow.levels.rules.steps import Timing
from arfollow.levels.tables import Level, Plan, Wording


class UnknownLevelError(LookupError):
    """The company has no such level."""

    def __init__(self) -> None:
        super().__init__("There is no such level any more.")


class LevelUsedError(PlanError):
    """A level at which something was followed cannot be deleted."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” has been used, so it stays on record. Retire it instead.")


def add_level(
    session: Session, *, company_id: int, plan_id: int, draft: LevelDraft, position: int | None, who: str
) -> int:
    """Add a level at the position (from 1; None: as the last one) and give its id. Raise PlanError, UnknownPlanError."""
    plan = plan_of_company(session, company_id=company_id, plan_id=plan_id)
    levels = _in_force(session, plan.id)
    place = len(levels) if position is None else min(max(position, 1) - 1, len(levels))
    _check(draft, levels, place)
    level = Level(plan_id=plan.id, name=draft.name.strip(), position=0, days=draft.days)
    _fill(level, draft)
    session.add(level)
    levels.insert(place, level)
    _number(levels)
    session.flush()
    _write_wordings(session, level, draft.wordings, who)
    text = f"Level “{level.name}” added to {plan.name}."
    _record(session, plan, level, who=who, text=text, facts={"after": _facts(draft)})
    touch_customers(session, plan)
    return level.id


def change_level(
    session: Session, *, company_id: int, level_id: int, draft: LevelDraft, position: int | None, who: str
) -> None:
    """Give the level these settings and words, and perhaps another position (from 1; None: where it is).

    Each text that differs becomes a new version. Raise PlanError, UnknownLevelError.
    """
    level, plan = _level_of_company(session, company_id, level_id)
    others = [other for other in _in_force(session, plan.id) if other is not level]
    place = level.position - 1 if position is None else position - 1
    place = min(max(place, 0), len(others))
    _check(draft, others, place)
    before, was_at = _facts(draft_of_level(level, {})), level.position
    _fill(level, draft)
    if level.retired_on is None:
        others.insert(place, level)
        _number(others)
    _write_wordings(session, level, draft.wordings, who)
    if before == _facts(draft) and was_at == level.position:
        return
    facts = {"before": before, "after": _facts(draft), "position": level.position}
    _record(session, plan, level, who=who, text=f"Level “{level.name}” of {plan.name} changed.", facts=facts)
    touch_customers(session, plan)


def retire_level(session: Session, *, company_id: int, level_id: int, today: date, who: str) -> None:
    """Take the level out of its plan; items that were followed at it keep their place. Raise PlanError, UnknownLevelError."""
    level, plan = _level_of_company(session, company_id, level_id)
    if level.retired_on is not None:
        return
    rest = _without(session, plan, level)
    level.retired_on = today
    _number(rest)
    _record(
        session,
        plan,
        level,
        who=who,
        text=f"Level “{level.name}” of {plan.name} retired.",
        facts={"retired_on": today},
    )
    touch_customers(session, plan)


def delete_level(session: Session, *, company_id: int, level_id: int, who: str) -> None:
    """Remove a level that was never used. Raise LevelUsedError, UnknownLevelError."""
    level, plan = _level_of_company(session, company_id, level_id)
    rest = _without(session, plan, level) if level.retired_on is None else None
    name, facts = level.name, _facts(draft_of_level(level, {}))
    try:
        with session.begin_nested():
            session.execute(delete(Wording).where(Wording.level_id == level.id))
            session.delete(level)
    except IntegrityError:
        raise LevelUsedError(name) from None
    if rest is not None:
        _number(rest)
    _record(
        session, plan, level, who=who, text=f"Level “{name}” of {plan.name} deleted.", facts={"before": facts}
    )
    touch_customers(session, plan)


def _level_of_company(session: Session, company_id: int, level_id: int) -> tuple[Level, Plan]:
    row = session.execute(
        select(Level, Plan)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Level.id == level_id, Plan.company_id == company_id)
    ).one_or_none()
    if row is None:
        raise UnknownLevelError
    level, plan = row
    return level, plan


def _in_force(session: Session, plan_id: int) -> list[Level]:
    return list(
        session.scalars(
            select(Level)
            .where(Level.plan_id == plan_id, Level.retired_on.is_(None))
            .order_by(Level.position, Level.id)
        )
    )


def _without(session: Session, plan: Plan, level: Level) -> list[Level]:
    """The plan's other levels; raise FirstLevelError if the first of them counts from a previous one."""
    rest = [other for other in _in_force(session, plan.id) if other is not level]
    if rest and rest[0].timing == Timing.AFTER_PREVIOUS:
        raise FirstLevelError(rest[0].name)
    return rest


def _check(draft: LevelDraft, others: list[Level], place: int) -> None:
    check_level(
        draft,
        first=place == 0,
        other_names=[other.name for other in others],
        actions=tuple(ACTIONS),
    )
    if others and place != 0 and others[0].timing == Timing.AFTER_PREVIOUS:
        raise FirstLevelError(others[0].name)


def _number(levels: list[Level]) -> None:
    for position, level in enumerate(levels, start=1):
        level.position = position


def _fill(level: Level, draft: LevelDraft) -> None:
    level.name = draft.name.strip()
    level.timing = draft.timing.value
    level.days = draft.days
    level.deadline_days = draft.deadline_days
    level.actions = list(draft.actions)
    level.attach_statement = draft.attach_statement
    level.email_automatic = draft.email_automatic


def _write_wordings(session: Session, level: Level, wordings: Mapping[str, WordingDraft], who: str) -> None:
    """Add a version for each text that differs from the one in force."""
    present = {wording.language: wording.text for wording in in_force(session, level_ids=[level.id])}
    for language, draft in wordings.items():
        if present.get(language) == draft:
            continue
        last = session.scalar(
            select(func.max(Wording.version)).where(
                Wording.level_id == level.id, Wording.language == language
            )
        )
        wording = Wording(
            level_id=level.id,
            language=language,
            version=(last or 0) + 1,
            written_by=who,
            written_at=clock.now(),
            **asdict(draft),
        )
        session.add(wording)
        _record_wording(session, level, wording, who, before=present.get(language))


def _record_wording(
    session: Session, level: Level, wording: Wording, who: str, *, before: WordingDraft | None
) -> None:
    plan = session.get_one(Plan, level.plan_id)
    record(
        session,
        company_id=plan.company_id,
        customer_id=None,
        tag="wording:changed",
        who=who,
        text=f"Words of “{level.name}” in {wording.language}: version {wording.version}.",
        facts={
            "level": level.id,
            "language": wording.language,
            "version": wording.version,
            "before": None if before is None else asdict(before),
            "after": {name: getattr(wording, name) for name in WordingDraft.__dataclass_fields__},
        },
    )


def _record(
    session: Session, plan: Plan, level: Level, *, who: str, text: str, facts: Mapping[str, object]
) -> None:
    record(
        session,
        company_id=plan.company_id,
        customer_id=None,
        tag="level:changed",
        who=who,
        text=text,
        facts={"plan": plan.id, "level": level.id, **facts},
    )


def _facts(draft: LevelDraft) -> dict[str, object]:
    return {
        "name": draft.name.strip(),
        "timing": draft.timing.value,
        "days": draft.days,
        "deadline_days": draft.deadline_days,
        "actions": list(draft.actions),
        "attach_statement": draft.attach_statement,
        "email_automatic": draft.email_automatic,
    }
