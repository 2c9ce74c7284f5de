"""Writes a plan with all its levels: the default one, or one from a file."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from arfollow.levels.actions import ACTIONS
from arfollow.levels.defaults import default_plan
from arfollow.levels.drafts import WholePlan, check_whole
from arfollow.levels.operations.levels import (
    LevelUsedError,
    add_level,
    change_level,
    delete_level,
    retire_level,
)
from arfollow.levels.operations.plans import change_plan, create_plan
from arfollow.levels.queries.plans import find_plan, plan_ids


def create_default_plan(session: Session, *, company_id: int, language: str, who: str) -> int:
    """Give a new company its first plan, levels named in `language`; gives the plan's id."""
    return _create(session, company_id, default_plan(language), who)


def write_whole_plan(session: Session, *, company_id: int, whole: WholePlan, today: date, who: str) -> int:
    """Make the plan of this name what `whole` says, and give its id; raise PlanError.

    Levels are known by their names. One that is not in `whole` is deleted if it was never used, else retired. Texts in
    languages that `whole` does not hold stay as they are.
    """
    check_whole(whole, other_names=(), actions=tuple(ACTIONS))
    plan_id = plan_ids(session, company_id=company_id).get(whole.plan.name.strip())
    if plan_id is None:
        return _create(session, company_id, whole, who)
    change_plan(session, company_id=company_id, plan_id=plan_id, draft=whole.plan, who=who)
    present = _levels_by_name(session, company_id, plan_id)
    for position, draft in enumerate(whole.levels, start=1):
        level_id = present.pop(_key(draft.name), None)
        if level_id is None:
            add_level(
                session, company_id=company_id, plan_id=plan_id, draft=draft, position=position, who=who
            )
        else:
            change_level(
                session, company_id=company_id, level_id=level_id, draft=draft, position=position, who=who
            )
    for level_id in present.values():
        _take_away(session, company_id=company_id, level_id=level_id, today=today, who=who)
    return plan_id


def _create(session: Session, company_id: int, whole: WholePlan, who: str) -> int:
    plan_id = create_plan(session, company_id=company_id, draft=whole.plan, who=who)
    for draft in whole.levels:
        add_level(session, company_id=company_id, plan_id=plan_id, draft=draft, position=None, who=who)
    return plan_id


def _levels_by_name(session: Session, company_id: int, plan_id: int) -> dict[str, int]:
    view = find_plan(session, company_id=company_id, plan_id=plan_id)
    return {_key(level.draft.name): level.id for level in view.levels} if view else {}


def _key(name: str) -> str:
    return name.strip().casefold()


def _take_away(session: Session, *, company_id: int, level_id: int, today: date, who: str) -> None:
    try:
        delete_level(session, company_id=company_id, level_id=level_id, who=who)
    except LevelUsedError:
        retire_level(session, company_id=company_id, level_id=level_id, today=today, who=who)
