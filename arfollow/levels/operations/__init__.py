"""Writes of plans, levels, wording and places."""

from arfollow.levels.operations.files import attach_file, detach_file
from arfollow.levels.operations.levels import (
    LevelUsedError,
    add_level,
    change_level,
    delete_level,
    retire_level,
)
from arfollow.levels.operations.order import OutdatedOrderError, reorder_levels
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
from arfollow.levels.operations.rows import UnknownLevelError
from arfollow.levels.operations.whole import create_default_plan, write_whole_plan
from arfollow.levels.operations.wordings import UnknownWordingError, restore_wording

__all__ = [
    "BroughtPlace",
    "LastContact",
    "LevelUsedError",
    "OutdatedOrderError",
    "PlanInUseError",
    "UnknownItemError",
    "UnknownLevelError",
    "UnknownPlanError",
    "UnknownWordingError",
    "add_level",
    "assign_plan",
    "assign_plans",
    "attach_file",
    "bring_over",
    "change_level",
    "change_plan",
    "create_default_plan",
    "create_plan",
    "delete_level",
    "delete_plan",
    "detach_file",
    "follow_default_plan",
    "follow_default_plans",
    "make_default",
    "reorder_levels",
    "restore_wording",
    "retire_level",
    "retire_plan",
    "write_whole_plan",
]
