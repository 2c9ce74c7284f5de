"""What a row of the first run's table says."""

from __future__ import annotations

from arfollow.setup.rules import Step

PLAN_CHOSEN = "chosen:plan"
TRIED = "tried:mail"
DISMISSED = "dismissed"


def step_skipped_by(step: Step) -> str:
    """The mark that says that the step was skipped."""
    return f"skipped:{step.value}"
