"""Writes of plans, levels, wording and places."""

from arfollow.levels.operations.levels import (
    LevelUsedError,
    UnknownLevelError,
    add_level,
    change_level,
    delete_level,
    retire_level,
)
from arfollow.levels.operations.places import (
    BroughtPlace,
    LastContact,
    UnknownItemError,
    assign_plan,
    assign_plans,
    bring_over,
    follow_default_plan,
    follow_default_plans,
)
from arfollow.levels.operations.plans import (
    PlanInUseError,
    UnknownPlanError,
    change_plan,
    create_plan,
    delete_plan,
    make_default,
    retire_plan,
)
from arfollow.levels.operations.whole import create_default_plan, write_whole_plan

__all__ = [
    "BroughtPlace",
    "LastContact",
    "LevelUsedError",
    "PlanInUseError",
    "UnknownItemError",
    "UnknownLevelError",
    "UnknownPlanError",
    "add_level",
    "assign_plan",
    "assign_plans",
    "bring_over",
    "change_level",
    "change_plan",
    "create_default_plan",
    "create_plan",
    "delete_level",
    "delete_plan",
    "follow_default_plan",
    "follow_default_plans",
    "make_default",
    "retire_level",
    "retire_plan",
    "write_whole_plan",
]
