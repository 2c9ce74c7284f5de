"""Reads of plans and levels."""

from arfollow.levels.queries.effect import Effect, LevelEffect, effect_of_change, effect_of_default
from arfollow.levels.queries.in_force import PlansInForce, level_terms, plan_terms, plans_in_force
from arfollow.levels.queries.plans import (
    LevelView,
    PlanView,
    find_level,
    find_plan,
    plan_ids,
    plans,
)
from arfollow.levels.queries.wordings import (
    NoWordingError,
    WordingView,
    find_wording,
    versions_of,
    wording_for,
)

__all__ = [
    "Effect",
    "LevelEffect",
    "LevelView",
    "NoWordingError",
    "PlanView",
    "PlansInForce",
    "WordingView",
    "effect_of_change",
    "effect_of_default",
    "find_level",
    "find_plan",
    "find_wording",
    "level_terms",
    "plan_ids",
    "plan_terms",
    "plans",
    "plans_in_force",
    "versions_of",
    "wording_for",
]
