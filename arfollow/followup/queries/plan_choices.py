"""What would become of a customer in each plan that it can be given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.queries.facts import facts_of
from arfollow.levels.queries.in_force import plans_in_force
from arfollow.levels.queries.plans import plan_ids
from arfollow.levels.rules.facts import Begun, Facts, level_terms
from arfollow.levels.rules.outlook import Outlook, outlook
from arfollow.levels.rules.steps import Place, PlanTerms, place_in
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.tables import ItemPlace, Level

DEFAULT, NONE = "default", "none"
RawPlace = tuple[int, int, date]
"""Where an item has got to: the id and days of the level that it was last followed at, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice:
    """A plan to choose. `value`: its id, DEFAULT or NONE; `level`: the name of the customer's level in it, or empty."""

    value: str
    plan: PlanTerms | None
    is_current: bool
    level: str
    outlook: Outlook

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of the plan's levels, in order."""
        return tuple(level.name for level in self.plan.levels) if self.plan else ()


def plan_choices(
    session: Session, *, company_id: int, customer_id: int, today: date
) -> tuple[PlanChoice, ...]:
    """The company's default plan, every other plan that is not retired, and no follow-up at all."""
    facts = facts_of(session, company_id=company_id, customer_ids=[customer_id], day=today)[customer_id]
    plans = plans_in_force(session, company_id=company_id, customer_ids=[customer_id])
    own = plans.assigned.get(customer_id) if customer_id in plans.assigned else DEFAULT
    current = NONE if own is None else str(own)
    places = _places(session, customer_id)
    offered: list[tuple[str, PlanTerms | None]] = [(NONE, None)]
    for plan_id in plan_ids(session, company_id=company_id).values():
        # The default plan is offered as such; by its own name only to a customer that was given it.
        if plan_id != plans.default_id or current == str(plan_id):
            offered.insert(-1, (str(plan_id), plans.by_id[plan_id]))
    if plans.default_id is not None:
        offered.insert(0, (DEFAULT, plans.by_id[plans.default_id]))
    return tuple(_choices(offered, current, facts, places, today))


def _choices(
    offered: list[tuple[str, PlanTerms | None]],
    current: str,
    facts: Facts,
    places: Mapping[int, RawPlace],
    today: date,
) -> Iterator[PlanChoice]:
    for value, plan in offered:
        then = moved(facts, plan, places)
        level = level_terms(then, decide(then, today))
        yield PlanChoice(
            value=value,
            plan=plan,
            is_current=value == current,
            level=level.name if level else "",
            outlook=outlook(then, today),
        )


def moved(facts: Facts, plan: PlanTerms | None, places: Mapping[int, RawPlace]) -> Facts:
    """The facts if the customer followed that plan: each item keeps its place, as the rules say; so does a begun follow-up."""
    found = {
        item_id: place_in(plan, level_id=level_id, days=days, followed_on=followed_on)
        for item_id, (level_id, days, followed_on) in places.items()
        if plan is not None
    }
    kept = {item_id: place for item_id, place in found.items() if place is not None}
    begun = facts.standing.begun
    frozen = None if begun is None else _begun_in(plan, begun, facts.plan)
    return replace(facts, plan=plan, standing=replace(facts.standing, places=kept, begun=frozen))


def _begun_in(plan: PlanTerms | None, begun: Begun, before: PlanTerms | None) -> Begun:
    """The begun follow-up with its levels, which are those of the plan `before`, as levels of the other plan."""

    def there(place: Place) -> Place | None:
        if plan is None or before is None:
            return None
        level = before.levels[place.level]
        return place_in(plan, level_id=level.id, days=level.days, followed_on=place.followed_on)

    at = None if begun.level is None else there(Place(begun.level, date.min))
    found = {item_id: there(place) for item_id, place in begun.places.items()}
    kept = {item_id: place for item_id, place in found.items() if place is not None}
    return replace(begun, level=at.level if at else None, places=kept)


def _places(session: Session, customer_id: int) -> Mapping[int, RawPlace]:
    rows = session.execute(
        select(ItemPlace.instalment_id, ItemPlace.level_id, Level.days, ItemPlace.followed_on)
        .join(Level, Level.id == ItemPlace.level_id)
        .where(ItemPlace.customer_id == customer_id)
    )
    return {item_id: (level_id, days, followed_on) for item_id, level_id, days, followed_on in rows}
