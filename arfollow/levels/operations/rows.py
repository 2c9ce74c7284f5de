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
    """The level's row and its plan's; raise UnknownLevelError."""
    row = session.execute(
        select(Level, Plan)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Level.id == level_id, Plan.company_id == company_id)
    ).one_or_none()
    if row is None:
        raise UnknownLevelError
    level, plan = row
    return level, plan


def levels_in_force(session: Session, plan_id: int) -> list[Level]:
    """The plan's levels that are not retired, in order."""
    return list(
        session.scalars(
            select(Level)
            .where(Level.plan_id == plan_id, Level.retired_on.is_(None))
            .order_by(Level.position, Level.id)
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
