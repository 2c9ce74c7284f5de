"""Another order of a plan's levels."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.levels.drafts import FirstLevelError, PlanError
from arfollow.levels.operations.plans import held_plan, touch_customers
from arfollow.levels.operations.rows import levels_in_force, number_levels
from arfollow.levels.ordering import Keeps, ordered
from arfollow.levels.queries.plans import draft_of_level
from arfollow.levels.rules.steps import Timing
from arfollow.values.refusals import N_


class OutdatedOrderError(PlanError):
    """The plan has other levels than those that were put in order."""

    def __init__(self) -> None:
        super().__init__(
            N_("Nothing was changed: the plan's levels have changed meanwhile. Put them in order again.")
        )


def reorder_levels(
    session: Session, *, company_id: int, plan_id: int, order: Sequence[int], keeps: Keeps, who: str
) -> None:
    """Put the plan's levels, all of them by id, in this order. Raise PlanError, UnknownPlanError.

    `keeps`: whether each place keeps its days, which a level that is moved there then takes, or each level its own.
    """
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    present = {level.id: level for level in levels_in_force(session, plan.id)}
    if sorted(order) != sorted(present):
        raise OutdatedOrderError
    drafts = {id_: draft_of_level(level, {}) for id_, level in present.items()}
    after = dict(ordered(drafts, order, keeps=keeps))
    if list(order) == list(present):
        return
    if after[order[0]].timing is Timing.AFTER_PREVIOUS:
        raise FirstLevelError(after[order[0]].name)
    for id_, draft in after.items():
        present[id_].timing, present[id_].days = draft.timing.value, draft.days
    number_levels([present[id_] for id_ in order])
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="plan:changed",
        who=who,
        text=f"Levels of “{plan.name}” put in another order.",
        facts={
            "plan": plan.id,
            "before": [f"{draft.name} ({draft.days})" for draft in drafts.values()],
            "after": [f"{draft.name} ({draft.days})" for draft in after.values()],
        },
    )
    touch_customers(session, plan)
