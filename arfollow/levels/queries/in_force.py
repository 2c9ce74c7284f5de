"""Reads of plans and levels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.database import plain_rows
from arfollow.levels.rules.steps import LevelTerms, Pace, PlanTerms, Timing
from arfollow.levels.tables import Level, Plan, PlanAssignment

# Made once: to build them anew would take longer than to run them.
_COMPANY = bindparam("company_id", type_=Integer())
_PLANS = select(*Plan.__table__.columns).where(Plan.company_id == _COMPANY)
_LEVELS = (
    select(*Level.__table__.columns)
    .join(Plan, Plan.id == Level.plan_id)
    .where(Plan.company_id == _COMPANY, Level.retired_on.is_(None))
    .order_by(Level.plan_id, Level.position, Level.id)
)
_ASSIGNED = select(PlanAssignment.customer_id, PlanAssignment.plan_id).where(
    one_of(PlanAssignment.customer_id, "ids")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansInForce:
    """A company's plans by id, and which customers have another than the default one (None: no follow-up)."""

    by_id: Mapping[int, PlanTerms]
    default_id: int | None
    assigned: Mapping[int, int | None]

    def plan_of(self, customer_id: int) -> PlanTerms | None:
        """The customer's plan; None: no follow-up."""
        plan_id = self.assigned.get(customer_id, self.default_id)
        return None if plan_id is None else self.by_id[plan_id]


def plans_in_force(session: Session, *, company_id: int, customer_ids: Collection[int]) -> PlansInForce:
    """The company's plans with their levels in force, and the own plans of these customers."""
    levels = {
        plan_id: tuple(of) for plan_id, of in groupby(_levels(session, company_id), lambda row: row.plan_id)
    }
    plans = plain_rows(session, _PLANS, {"company_id": company_id}).all()
    assigned = plain_rows(session, _ASSIGNED, {"ids": sorted(customer_ids)}).all() if customer_ids else ()
    return PlansInForce(
        by_id={plan.id: plan_terms(plan, levels.get(plan.id, ())) for plan in plans},
        default_id=next((plan.id for plan in plans if plan.is_default), None),
        assigned=dict(assigned),
    )


def plan_terms(plan: Plan | Row[Any], levels: Collection[Level | Row[Any]]) -> PlanTerms:
    """The plan as the rules see it; `levels`: those in force, in order."""
    return PlanTerms(
        id=plan.id,
        name=plan.name,
        levels=tuple(level_terms(level) for level in levels),
        pace=Pace(plan.pace),
        minimum_amounts=plan.minimum_amounts,
        contact_gap_days=plan.contact_gap_days,
        repeat_last_after_days=plan.repeat_last_after_days,
        review_after_days=plan.review_after_days,
        promise_grace_days=plan.promise_grace_days,
    )


def level_terms(level: Level | Row[Any]) -> LevelTerms:
    """The level as the rules see it."""
    return LevelTerms(
        id=level.id,
        name=level.name,
        timing=Timing(level.timing),
        days=level.days,
        deadline_days=level.deadline_days,
        actions=tuple(level.actions),
    )


def _levels(session: Session, company_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    return plain_rows(session, _LEVELS, {"company_id": company_id}).all()
