"""Loads what decides about customers: a fixed number of queries, however many customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.companies.tables import Company
from arfollow.database import kept, plain_rows
from arfollow.delivery.rules import OPEN_QUESTIONS
from arfollow.delivery.tables import Delivery
from arfollow.followup.queries.begun import begun_follow_ups
from arfollow.followup.tables import CustomerState
from arfollow.levels.queries import PlansInForce, plans_in_force
from arfollow.levels.rules.facts import Begun, Facts, Standing
from arfollow.levels.rules.steps import Place, place_in
from arfollow.levels.tables import ItemPlace, Level
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.tables import Instalment
from arfollow.tasks.tables import Task

_FEW = 100
"""Facts of more customers at once are not kept: who goes through everybody must not hold everybody."""

# Made once: to build them anew would take longer than to run them.
_TOLERANCES = select(Company.tolerances).where(Company.id == bindparam("company_id"))
_STATES = select(
    CustomerState.customer_id,
    CustomerState.snoozed_until,
    CustomerState.snoozed_on,
    CustomerState.manual_on,
    CustomerState.last_done_on,
    CustomerState.last_deadline_days,
    CustomerState.last_message_on,
    CustomerState.other_message_on,
).where(one_of(CustomerState.customer_id, "ids"))
_TASK_DAYS = (
    select(Task.customer_id, func.min(Task.due_on))
    .where(one_of(Task.customer_id, "ids"), Task.state == "open")
    .group_by(Task.customer_id)
)
_UNDELIVERED = select(Delivery.customer_id).where(
    one_of(Delivery.customer_id, "ids"), Delivery.state.in_(OPEN_QUESTIONS), Delivery.decided_at.is_(None)
)
_PLACES = (
    select(
        ItemPlace.customer_id,
        ItemPlace.instalment_id,
        ItemPlace.level_id,
        Level.days,
        ItemPlace.followed_on,
    )
    .join(Level, Level.id == ItemPlace.level_id)
    .join(Instalment, Instalment.id == ItemPlace.instalment_id)
    .where(
        one_of(ItemPlace.customer_id, "ids"),
        or_(Instalment.settled_on.is_(None), Instalment.settled_on > bindparam("day", type_=Date())),
    )
)


def facts_of(
    session: Session, *, company_id: int, customer_ids: Collection[int], day: date
) -> dict[int, Facts]:
    """What decides about each customer on the day; customers of other companies are left out by the caller.

    Read once in a transaction, and again after a `touch`: see `database.kept`.
    """
    known: dict[int, Facts] = kept(session).setdefault((facts_of, company_id, day), {})
    missing = [customer_id for customer_id in customer_ids if customer_id not in known]
    if not missing:
        return {customer_id: known[customer_id] for customer_id in customer_ids}
    found = _read(session, company_id, missing, day)
    if len(found) <= _FEW:
        known.update(found)
    return {id_: found[id_] if id_ in found else known[id_] for id_ in customer_ids}


def facts_under(
    session: Session, *, company_id: int, customer_ids: Collection[int], day: date, plans: PlansInForce
) -> dict[int, Facts]:
    """The same under other plans than those in force, to see what they would do."""
    return _read(session, company_id, customer_ids, day, plans)


def _read(
    session: Session,
    company_id: int,
    customer_ids: Collection[int],
    day: date,
    plans: PlansInForce | None = None,
) -> dict[int, Facts]:
    plans = plans or plans_in_force(session, company_id=company_id, customer_ids=customer_ids)
    tolerances = plain_rows(session, _TOLERANCES, {"company_id": company_id}).scalar_one()
    standings = _standings(session, sorted(customer_ids), day, plans)
    return {
        customer_id: Facts(
            account=account,
            plan=plans.plan_of(customer_id),
            standing=standings[customer_id],
            tolerances=tolerances,
        )
        for customer_id, account in accounts(session, customer_ids=customer_ids, day=day).items()
    }


def _standings(session: Session, ids: list[int], day: date, plans: PlansInForce) -> dict[int, Standing]:
    asked = {"ids": ids}
    states = {state.customer_id: state for state in plain_rows(session, _STATES, asked)}
    tasks = dict(plain_rows(session, _TASK_DAYS, asked).all())
    begun = begun_follow_ups(session, ids, plans)
    undelivered = set(plain_rows(session, _UNDELIVERED, asked).scalars())
    places = _places(session, ids, day, plans)
    return {
        customer_id: _standing(
            states.get(customer_id),
            places=places[customer_id],
            task_on=tasks.get(customer_id),
            begun=begun.get(customer_id),
            undelivered=customer_id in undelivered,
        )
        for customer_id in ids
    }


def _standing(
    state: Row[*tuple[Any, ...]] | None,
    *,
    places: Mapping[int, Place],
    task_on: date | None,
    begun: Begun | None,
    undelivered: bool,
) -> Standing:
    return Standing(
        snoozed_until=state.snoozed_until if state else None,
        snoozed_on=state.snoozed_on if state else None,
        manual_on=state.manual_on if state else None,
        last_done_on=state.last_done_on if state else None,
        last_deadline_days=state.last_deadline_days if state else 0,
        last_message_on=state.last_message_on if state else None,
        other_message_on=state.other_message_on if state else None,
        task_on=task_on,
        begun=begun,
        undelivered=undelivered,
        places=places,
    )


def _places(
    session: Session, ids: list[int], day: date, plans: PlansInForce
) -> Mapping[int, dict[int, Place]]:
    """How far each open item was followed, as places in the plan that its customer has now."""
    rows = plain_rows(session, _PLACES, {"ids": ids, "day": day})
    places: defaultdict[int, dict[int, Place]] = defaultdict(dict)
    for customer_id, instalment_id, level_id, days, followed_on in rows:
        plan = plans.plan_of(customer_id)
        place = place_in(plan, level_id=level_id, days=days, followed_on=followed_on) if plan else None
        if place is not None:
            places[customer_id][instalment_id] = place
    return places
