"""Plans as they are kept with a trial: what was tried stays what it was, whatever becomes of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from arfollow.levels.rules.steps import LevelTerms, Pace, PlanTerms, Timing


def to_json(plan: PlanTerms) -> dict[str, Any]:
    """The plan as JSON; `from_json` gives the same plan again."""
    return {
        **asdict(plan),
        "minimum_amounts": dict(plan.minimum_amounts),
        "levels": [asdict(each) for each in plan.levels],
    }


def from_json(data: Mapping[str, Any]) -> PlanTerms:
    """The plan that was kept."""
    levels = tuple(
        LevelTerms(**{**each, "timing": Timing(each["timing"]), "actions": tuple(each["actions"])})
        for each in data["levels"]
    )
    return PlanTerms(**{**data, "pace": Pace(data["pace"]), "levels": levels})
