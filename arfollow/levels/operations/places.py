"""Writes of where follow-up has got to: a customer's plan, and the places brought over from another system."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.levels.operations.plans import PlanInUseError, plan_of_company
from arfollow.levels.operations.rows import UnknownLevelError
from arfollow.levels.tables import ItemPlace, Level, Plan, PlanAssignment
from arfollow.receivables.operations.lookup import lock_customers
from arfollow.receivables.tables import Instalment
from arfollow.values.refusals import N_, Remark

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtPlace:
    """How far another system had got with an instalment: followed at a level of ours, on a day."""

    instalment_id: int
    level_id: int
    followed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LastContact:
    """A customer's last Done in the other system: the latest day, at the highest level of that day."""

    customer_id: int
    level_id: int
    followed_on: date
    deadline_days: int


class UnknownItemError(LookupError):
    """A place is about an instalment that the company does not have."""

    def __init__(self, instalment_id: int) -> None:
        super().__init__(f"There is no instalment {instalment_id}.")


def assign_plan(
    session: Session, *, company_id: int, customer_id: int, plan_id: int | None, who: str
) -> None:
    """Give the customer a plan of its own; as `assign_plans`."""
    assign_plans(session, company_id=company_id, plans={customer_id: plan_id}, who=who)


def assign_plans(
    session: Session, *, company_id: int, plans: Mapping[int, int | None], who: str
) -> frozenset[int]:
    """Give each of these customers a plan of its own, None: no follow-up; the customers who did not have it already.

    Raise UnknownPlanError, UnknownCustomerError, and PlanInUseError when a plan is retired.
    """
    lock_customers(session, company_id=company_id, customer_ids=plans.keys())
    own = _own_plans(session, plans.keys())
    changed = {
        customer_id: plan_id
        for customer_id, plan_id in plans.items()
        if customer_id not in own or own[customer_id].plan_id != plan_id
    }
    names = {plan_id: _offered(session, company_id, plan_id) for plan_id in {*changed.values()}}
    for customer_id, plan_id in changed.items():
        assignment = own.get(customer_id)
        before = None if assignment is None else assignment.plan_id
        if assignment is None:
            session.add(PlanAssignment(customer_id=customer_id, plan_id=plan_id))
        else:
            assignment.plan_id = plan_id
        text = f"Plan: {names[plan_id]}."
        _record(session, company_id, customer_id, who, text, before=before, after=plan_id)
    return frozenset(changed)


def follow_default_plan(session: Session, *, company_id: int, customer_id: int, who: str) -> None:
    """Take the customer's own plan away; as `follow_default_plans`."""
    follow_default_plans(session, company_id=company_id, customer_ids=[customer_id], who=who)


def follow_default_plans(
    session: Session, *, company_id: int, customer_ids: Collection[int], who: str
) -> frozenset[int]:
    """Take these customers' own plans away, so that the company's default applies; those who had one.

    Raise UnknownCustomerError.
    """
    lock_customers(session, company_id=company_id, customer_ids=customer_ids)
    own = _own_plans(session, customer_ids)
    for customer_id, assignment in own.items():
        session.delete(assignment)
        before = assignment.plan_id
        _record(session, company_id, customer_id, who, "Plan: the default.", before=before, after=None)
    return frozenset(own)


def bring_over(
    session: Session, *, company_id: int, places: Sequence[BroughtPlace]
) -> dict[int, LastContact]:
    """Write the places of items that have none here yet, and give each such customer's last contact, by customer id.

    An item that was followed here keeps its place, so that the same file again changes nothing. The caller records the
    import and lets the last contacts be the customers' last Done. Raise UnknownItemError, UnknownLevelError.
    """
    customers = _customers(session, company_id, [place.instalment_id for place in places])
    levels = _levels(session, company_id)
    new: list[tuple[int, BroughtPlace]] = []
    for place in places:
        if place.instalment_id not in customers:
            raise UnknownItemError(place.instalment_id)
        if place.level_id not in levels:
            raise UnknownLevelError
        customer_id, has_place = customers[place.instalment_id]
        if not has_place:
            new.append((customer_id, place))
    if new:
        session.execute(insert(ItemPlace), [_row(customer_id, place) for customer_id, place in new])
    touch(session, {customer_id for customer_id, _ in new})
    return _last_contacts(new, levels)


def _offered(session: Session, company_id: int, plan_id: int | None) -> str:
    """How the plan is called in words; raise PlanInUseError when it is retired."""
    if plan_id is None:
        return "no follow-up"
    plan = plan_of_company(session, company_id=company_id, plan_id=plan_id)
    if plan.retired_on is not None:
        raise PlanInUseError(plan.name, Remark(N_("it is retired. Choose another plan.")))
    return plan.name


def _own_plans(session: Session, customer_ids: Collection[int]) -> Mapping[int, PlanAssignment]:
    found = select(PlanAssignment).where(one_of(PlanAssignment.customer_id, customer_ids))
    return {assignment.customer_id: assignment for assignment in session.scalars(found)}


def _row(customer_id: int, place: BroughtPlace) -> dict[str, object]:
    return {
        "instalment_id": place.instalment_id,
        "customer_id": customer_id,
        "level_id": place.level_id,
        "followed_on": place.followed_on,
    }


def _last_contacts(new: list[tuple[int, BroughtPlace]], levels: dict[int, Level]) -> dict[int, LastContact]:
    last: dict[int, LastContact] = {}
    for customer_id, place in sorted(
        new, key=lambda pair: (pair[1].followed_on, levels[pair[1].level_id].position)
    ):
        last[customer_id] = LastContact(
            customer_id=customer_id,
            level_id=place.level_id,
            followed_on=place.followed_on,
            deadline_days=levels[place.level_id].deadline_days,
        )
    return last


def _customers(
    session: Session, company_id: int, instalment_ids: Sequence[int]
) -> dict[int, tuple[int, bool]]:
    """The customer of each of the company's instalments, and whether the item has a place already."""
    found: dict[int, tuple[int, bool]] = {}
    for start in range(0, len(instalment_ids), _BATCH):
        rows = session.execute(
            select(Instalment.id, Instalment.customer_id, ItemPlace.level_id)
            .outerjoin(ItemPlace, ItemPlace.instalment_id == Instalment.id)
            .where(
                Instalment.company_id == company_id,
                Instalment.id.in_(instalment_ids[start : start + _BATCH]),
            )
        )
        found |= {id_: (customer_id, level_id is not None) for id_, customer_id, level_id in rows}
    return found


def _levels(session: Session, company_id: int) -> dict[int, Level]:
    rows = session.scalars(
        select(Level).join(Plan, Plan.id == Level.plan_id).where(Plan.company_id == company_id)
    )
    return {level.id: level for level in rows}


def _record(
    session: Session,
    company_id: int,
    customer_id: int,
    who: str,
    text: str,
    *,
    before: int | None,
    after: int | None,
) -> None:
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag="plan:assigned",
        who=who,
        text=text,
        facts={"before": before, "after": after},
    )
    touch(session, [customer_id])
