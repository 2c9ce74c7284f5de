"""What a change of a plan would do, before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from arfollow.levels.queries.in_force import plans_in_force
from arfollow.levels.queries.plans import customer_ids_query, without_own_plan_query
from arfollow.levels.rules.steps import Place, PlanTerms, next_step, place_in
from arfollow.levels.tables import ItemPlace, Level
from arfollow.receivables.tables import Instalment


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelEffect:
    """Before and after a change: customers that have got to the level, and items due for it by their dates alone."""

    level: str
    customers_before: int
    customers_after: int
    due_before: int
    due_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change's effect by level, in the order of the plan as it is to be; `moved` customers change their level."""

    moved: int
    levels: tuple[LevelEffect, ...]

    @property
    def nothing(self) -> bool:
        """Whether nobody is moved and nothing falls due or ceases to be due."""
        return self.moved == 0 and all(level.due_before == level.due_after for level in self.levels)


def effect_of_change(
    session: Session, *, company_id: int, before: PlanTerms, after: PlanTerms, today: date
) -> Effect:
    """What becomes of the customers of the plan `before` when `after` takes its place; new levels have ids below 1.

    Looks at open items only. Holds, disputes, the contact gap and minimum amounts do not count in what falls due.
    """
    customers = customer_ids_query(session, company_id=company_id, plan_id=before.id)
    return _effect(session, customers, before, after, today)


def effect_of_default(session: Session, *, company_id: int, plan_id: int, today: date) -> Effect:
    """What becomes of the customers without a plan of their own when this plan is the company's default."""
    known = plans_in_force(session, company_id=company_id, customer_ids=())
    after = known.by_id[plan_id]
    before = after if known.default_id is None else known.by_id[known.default_id]
    return _effect(session, without_own_plan_query(company_id=company_id), before, after, today)


def _effect(
    session: Session, customers: Select[int], before: PlanTerms, after: PlanTerms, today: date
) -> Effect:
    followed = _followed(session, customers, today)
    got_to = [{id_: _highest(plan, levels) for id_, levels in followed.items()} for plan in (before, after)]
    at_before, at_after = (Counter(levels.values()) for levels in got_to)
    due_before, due_after = _due(session, customers, (before, after), today)
    levels = {level.id: level.name for level in (*after.levels, *before.levels)}
    names = {**levels, **{level.id: level.name for level in after.levels}}
    return Effect(
        moved=sum(got_to[0][customer] != got_to[1][customer] for customer in followed),
        levels=tuple(
            LevelEffect(
                level=names[id_],
                customers_before=at_before[id_],
                customers_after=at_after[id_],
                due_before=due_before[id_],
                due_after=due_after[id_],
            )
            for id_ in levels
        ),
    )


def _followed(session: Session, customers: Select[int], today: date) -> dict[int, list[tuple[int, int]]]:
    """Ids and days of the levels at which each customer's open items were followed."""
    rows = session.execute(
        select(ItemPlace.customer_id, ItemPlace.level_id, Level.days)
        .join(Level, Level.id == ItemPlace.level_id)
        .join(Instalment, Instalment.id == ItemPlace.instalment_id)
        .where(ItemPlace.customer_id.in_(customers), _open(today))
        .distinct()
    )
    followed: dict[int, list[tuple[int, int]]] = {}
    for customer_id, level_id, days in rows:
        followed.setdefault(customer_id, []).append((level_id, days))
    return followed


def _highest(plan: PlanTerms, levels: Iterable[tuple[int, int]]) -> int | None:
    """The id of the highest of the plan's levels that these places come to; None: before the first."""
    places = [place_in(plan, level_id=level_id, days=days, followed_on=date.min) for level_id, days in levels]
    highest = max((place.level for place in places if place is not None), default=None)
    return None if highest is None else plan.levels[highest].id


def _due(
    session: Session, customers: Select[int], plans: Iterable[PlanTerms], today: date
) -> list[Counter[int]]:
    """For each plan the number of open items whose next level is due today, by the level's id."""
    rows = session.execute(
        select(Instalment.due_date, ItemPlace.level_id, Level.days, ItemPlace.followed_on, func.count())
        .outerjoin(ItemPlace, ItemPlace.instalment_id == Instalment.id)
        .outerjoin(Level, Level.id == ItemPlace.level_id)
        .where(Instalment.customer_id.in_(customers), _open(today))
        .group_by(Instalment.due_date, ItemPlace.level_id, Level.days, ItemPlace.followed_on)
    ).all()
    counts = []
    for plan in plans:
        due: Counter[int] = Counter()
        for due_date, level_id, days, followed_on, count in rows:
            place = _place(plan, level_id, days, followed_on)
            step = next_step(plan, due_date=due_date, place=place, day=today)
            if step is not None and step.due_on <= today:
                due[plan.levels[step.level].id] += count
        counts.append(due)
    return counts


def _place(plan: PlanTerms, level_id: int | None, days: int, followed_on: date) -> Place | None:
    if level_id is None:
        return None
    return place_in(plan, level_id=level_id, days=days, followed_on=followed_on)


def _open(today: date) -> ColumnElement[bool]:
    return or_(Instalment.settled_on.is_(None), Instalment.settled_on > today)
