"""How many customers a plan would bring up, before it is the default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.plan_choices import RawPlace, moved
from arfollow.levels.queries.in_force import plans_in_force
from arfollow.levels.rules.facts import Facts, level_terms
from arfollow.levels.rules.steps import PlanTerms
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.tables import ItemPlace, Level
from arfollow.receivables.tables import Customer

LOOKED_AT = 1000
"""So many customers are looked at: enough to tell what a plan does, and few enough to answer within a page."""

_PLACES = (
    select(ItemPlace.customer_id, ItemPlace.instalment_id, Level.id, Level.days, ItemPlace.followed_on)
    .join(Level, Level.id == ItemPlace.level_id)
    .where(one_of(ItemPlace.customer_id, "ids"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a plan would do on a day: customers on the list, and of them by the level that they come up for, in the plan's order.

    Of the first `looked_at` customers alone, where the company has more.
    """

    listed: int
    levels: tuple[tuple[str, int], ...]
    looked_at: int
    customers: int

    @property
    def others(self) -> int:
        """Customers on the list for whom no level speaks: a task, or cash to apply."""
        return self.listed - sum(count for _, count in self.levels)

    @property
    def is_partial(self) -> bool:
        """Whether there are customers that were not looked at."""
        return self.looked_at < self.customers


def forecasts(
    session: Session, *, company_id: int, plans: Mapping[str, PlanTerms], day: date
) -> Mapping[str, Forecast]:
    """What each of the plans would do on the day if it were the default now, by what is known today.

    Customers with a plan of their own keep it; the ids of levels that are not saved yet are below 1.
    """
    ids = _customers(session, company_id)
    total = session.scalar(select(func.count(Customer.id)).where(Customer.company_id == company_id)) or 0
    facts = facts_of(session, company_id=company_id, customer_ids=ids, day=day)
    own = plans_in_force(session, company_id=company_id, customer_ids=ids).assigned
    places = _places(session, ids)
    return {
        name: _forecast(
            plan,
            {
                id_: known if id_ in own else moved(known, plan, places.get(id_, {}))
                for id_, known in facts.items()
            },
            day,
            total,
        )
        for name, plan in plans.items()
    }


def _forecast(plan: PlanTerms, facts: Mapping[int, Facts], day: date, total: int) -> Forecast:
    listed, levels = 0, Counter[str]()
    for known in facts.values():
        decision = decide(known, day)
        if decision.listed:
            listed += 1
            level = level_terms(known, decision)
            levels.update([level.name] if level else [])
    return Forecast(
        listed=listed,
        levels=tuple((level.name, levels[level.name]) for level in plan.levels if levels[level.name]),
        looked_at=len(facts),
        customers=total,
    )


def _customers(session: Session, company_id: int) -> Sequence[int]:
    wanted = select(Customer.id).where(Customer.company_id == company_id)
    return session.scalars(wanted.order_by(Customer.id).limit(LOOKED_AT)).all()


def _places(session: Session, ids: Collection[int]) -> Mapping[int, Mapping[int, RawPlace]]:
    found: dict[int, dict[int, RawPlace]] = {}
    for customer_id, item_id, level_id, days, followed_on in session.execute(_PLACES, {"ids": sorted(ids)}):
        found.setdefault(customer_id, {})[item_id] = (level_id, days, followed_on)
    return found
