"""Sets a field of the company's own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.profiles import operations
from arfollow.workflows.steps import Doing, Done

TODAY = "today"
"""Written as the value: the day on which the step is done."""


def perform(session: Session, doing: Doing) -> Done:
    """Set it; an empty value takes the field away."""
    value = str(doing.step.settings.get("value", ""))
    operations.set_field(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        name=str(doing.step.settings["field"]).removeprefix("field."),
        value=doing.today.isoformat() if value == TODAY else value,
        who=doing.who,
    )
    return Done()
