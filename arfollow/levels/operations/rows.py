"""What the writes of levels share: finding rows, numbering them, saying so in the chatter."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.levels.tables import Level, Plan
from arfollow.values.refusals import N_, Refusal


class UnknownLevelError(Refusal, LookupError):
    """The company has no such level."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such level any more."))


def level_of_company(session: Session, company_id: int, level_id: int) -> tuple[Level, Plan]:
    """The level's row and its plan's, which nobody else changes until the transaction ends; raise UnknownLevelError."""
    plan = session.scalar(
        select(Plan)
        .join(Level, Level.plan_id == Plan.id)
        .where(Level.id == level_id, Plan.company_id == company_id)
        .with_for_update(of=Plan, key_share=True)
        .execution_options(populate_existing=True)
    )
    # Read only now: what it was before its plan was held may be gone.
    level = session.scalar(
        select(Level).where(Level.id == level_id).execution_options(populate_existing=True)
    )
    if plan is None or level is None:
        raise UnknownLevelError
    return level, plan


def levels_in_force(session: Session, plan_id: int) -> list[Level]:
    """The plan's levels that are not retired, in order."""
    return list(
        session.scalars(
            select(Level)
            .where(Level.plan_id == plan_id, Level.retired_on.is_(None))
            .order_by(Level.position, Level.id)
            # Read before its plan was held, a level may have been another.
            .execution_options(populate_existing=True)
        )
    )


def number_levels(levels: list[Level]) -> None:
    """Give the levels their places in this order."""
    for position, level in enumerate(levels, start=1):
        level.position = position


def record_level(
    session: Session, plan: Plan, level: Level, *, who: str, text: str, facts: Mapping[str, object]
) -> None:
    """Say in the chatter what was done to a level."""
    record(
        session,
        company_id=plan.company_id,
        customer_id=None,
        tag="level:changed",
        who=who,
        text=text,
        facts={"plan": plan.id, "level": level.id, **facts},
    )
