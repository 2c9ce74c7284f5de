"""Writes of levels and their words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import (
    FirstLevelError,
    LevelDraft,
    PlanError,
    Responsible,
    ResponsibleError,
    check_level,
)
from arfollow.levels.operations.plans import held_plan, touch_customers
from arfollow.levels.operations.rows import level_of_company, levels_in_force, number_levels, record_level
from arfollow.levels.operations.wordings import write_wordings
from arfollow.levels.queries.plans import draft_of_level
from arfollow.levels.rules.steps import Timing
from arfollow.levels.tables import Level, LevelFile, Plan, Wording
from arfollow.users.tables import Membership
from arfollow.values.refusals import N_


class LevelUsedError(PlanError):
    """A level at which something was followed cannot be deleted."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("“%(name)s” has been used, so it stays on record. Retire it instead."), name=name)


def add_level(
    session: Session, *, company_id: int, plan_id: int, draft: LevelDraft, position: int | None, who: str
) -> int:
    """Add a level at the position (from 1; None: as the last one) and give its id. Raise PlanError, UnknownPlanError."""
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    levels = levels_in_force(session, plan.id)
    place = len(levels) if position is None else min(max(position, 1) - 1, len(levels))
    _check(session, plan, draft, levels, place)
    level = Level(plan_id=plan.id, name=draft.name.strip(), position=0, days=draft.days)
    _fill(level, draft)
    session.add(level)
    levels.insert(place, level)
    number_levels(levels)
    session.flush()
    write_wordings(session, level, draft.wordings, who)
    text = f"Level “{level.name}” added to {plan.name}."
    record_level(session, plan, level, who=who, text=text, facts={"after": _facts(draft)})
    touch_customers(session, plan)
    return level.id


def change_level(
    session: Session, *, company_id: int, level_id: int, draft: LevelDraft, position: int | None, who: str
) -> None:
    """Give the level these settings and words, and perhaps another position (from 1; None: where it is).

    Each text that differs becomes a new version. Raise PlanError, UnknownLevelError.
    """
    level, plan = level_of_company(session, company_id, level_id)
    others = [other for other in levels_in_force(session, plan.id) if other is not level]
    place = level.position - 1 if position is None else position - 1
    place = min(max(place, 0), len(others))
    _check(session, plan, draft, others, place)
    before, was_at = _facts(draft_of_level(level, {})), level.position
    _fill(level, draft)
    if level.retired_on is None:
        others.insert(place, level)
        number_levels(others)
    write_wordings(session, level, draft.wordings, who)
    if before == _facts(draft) and was_at == level.position:
        return
    facts = {"before": before, "after": _facts(draft), "position": level.position}
    record_level(
        session, plan, level, who=who, text=f"Level “{level.name}” of {plan.name} changed.", facts=facts
    )
    touch_customers(session, plan)


def retire_level(session: Session, *, company_id: int, level_id: int, today: date, who: str) -> None:
    """Take the level out of its plan; items that were followed at it keep their place. Raise PlanError, UnknownLevelError."""
    level, plan = level_of_company(session, company_id, level_id)
    if level.retired_on is not None:
        return
    rest = _without(session, plan, level)
    level.retired_on = today
    number_levels(rest)
    record_level(
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
    level, plan = level_of_company(session, company_id, level_id)
    rest = _without(session, plan, level) if level.retired_on is None else None
    name, facts = level.name, _facts(draft_of_level(level, {}))
    try:
        with session.begin_nested():
            session.execute(delete(Wording).where(Wording.level_id == level.id))
            session.execute(delete(LevelFile).where(LevelFile.level_id == level.id))
            session.delete(level)
    except IntegrityError:
        raise LevelUsedError(name) from None
    if rest is not None:
        number_levels(rest)
    record_level(
        session, plan, level, who=who, text=f"Level “{name}” of {plan.name} deleted.", facts={"before": facts}
    )
    touch_customers(session, plan)


def _without(session: Session, plan: Plan, level: Level) -> list[Level]:
    """The plan's other levels; raise FirstLevelError if the first of them counts from a previous one."""
    rest = [other for other in levels_in_force(session, plan.id) if other is not level]
    if rest and rest[0].timing == Timing.AFTER_PREVIOUS:
        raise FirstLevelError(rest[0].name)
    return rest


def _check(session: Session, plan: Plan, draft: LevelDraft, others: list[Level], place: int) -> None:
    check_level(
        draft,
        first=place == 0,
        other_names=[other.name for other in others],
        actions=tuple(ACTIONS),
    )
    if (
        draft.responsible is Responsible.USER
        and session.get(Membership, (draft.responsible_id, plan.company_id)) is None
    ):
        raise ResponsibleError(draft.name)
    if others and place != 0 and others[0].timing == Timing.AFTER_PREVIOUS:
        raise FirstLevelError(others[0].name)


def _fill(level: Level, draft: LevelDraft) -> None:
    level.name = draft.name.strip()
    level.timing = draft.timing.value
    level.days = draft.days
    level.deadline_days = draft.deadline_days
    level.actions = list(draft.actions)
    level.attach_statement = draft.attach_statement
    level.attach_letter = draft.attach_letter
    level.attach_items = draft.attach_items
    level.email_automatic = draft.email_automatic
    level.responsible = draft.responsible.value
    level.responsible_id = draft.responsible_id


def _facts(draft: LevelDraft) -> dict[str, object]:
    return {
        "name": draft.name.strip(),
        "timing": draft.timing.value,
        "days": draft.days,
        "deadline_days": draft.deadline_days,
        "actions": list(draft.actions),
        "attach_statement": draft.attach_statement,
        "attach_letter": draft.attach_letter,
        "attach_items": draft.attach_items,
        "email_automatic": draft.email_automatic,
        "responsible": draft.responsible.value,
        "responsible_id": draft.responsible_id,
    }
