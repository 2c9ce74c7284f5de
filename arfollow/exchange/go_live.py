"""Customers' plans, and how far another system had got: looked up in the plans in force, then written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.exchange.posting.journal import FOLLOW_UP_OFF, Followed, Journal
from arfollow.followup.operations.bringing import bring_last_contacts
from arfollow.levels.operations import BroughtPlace, assign_plan, bring_over, follow_default_plan
from arfollow.levels.queries.in_force import plans_in_force
from arfollow.levels.rules.steps import PlanTerms
from arfollow.levels.tables import Plan, PlanAssignment
from arfollow.receivables.rules.books import BookCustomer, BookItem

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class GoLive:
    """Plans of customers (None: no follow-up; `defaults`: the company's default) and places of items, by level ids."""

    plans: Mapping[BookCustomer, int | None]
    defaults: Sequence[BookCustomer]
    places: Sequence[tuple[BookItem, int, Followed]]


def look_up(session: Session, journal: Journal, *, company_id: int) -> GoLive:
    """What the files say of plans and levels; unknown ones are problems of their rows."""
    plans, defaults = _plans(session, journal, company_id)
    terms = _terms(session, journal.followed, company_id)
    places = []
    for followed in journal.followed:
        customer = followed.item.invoice.customer
        plan = _plan_of(customer, plans, defaults, terms)
        names = {level.name: level.id for level in plan.levels} if plan else {}
        if followed.level in names:
            places.append((followed.item, names[followed.level], followed))
        else:
            known = f"its levels are {', '.join(names)}" if names else "the customer is not followed up"
            message = f"{followed.level!r} is no level of customer {customer.number}'s plan; {known}."
            journal.problems.about(followed.place, "level", message)
    return GoLive(plans=plans, defaults=defaults, places=places)


def write(session: Session, go_live: GoLive, *, company_id: int, who: str) -> int:
    """Assign the plans and bring the places over; gives how many customers that concerned.

    What is so already stays as it is and is not logged again.
    """
    assigned = _assigned(session, [*go_live.plans, *go_live.defaults])
    changed = [
        (customer.id or 0, plan_id)
        for customer, plan_id in go_live.plans.items()
        if assigned.get(customer.id or 0, ()) != (plan_id,)
    ]
    for customer_id, plan_id in changed:
        assign_plan(session, company_id=company_id, customer_id=customer_id, plan_id=plan_id, who=who)
    freed = [customer.id for customer in go_live.defaults if customer.id in assigned]
    for customer_id in freed:
        follow_default_plan(session, company_id=company_id, customer_id=customer_id, who=who)
    places = [
        BroughtPlace(instalment_id=item.id or 0, level_id=level_id, followed_on=followed.on)
        for item, level_id, followed in go_live.places
    ]
    contacts = bring_over(session, company_id=company_id, places=places)
    bring_last_contacts(session, company_id=company_id, contacts=list(contacts.values()))
    return len(changed) + len(freed) + len(contacts)


@dataclass(frozen=True)
class _Terms:
    by_id: Mapping[int, PlanTerms]
    default_id: int | None
    assigned: Mapping[int, int | None]


def _plans(
    session: Session, journal: Journal, company_id: int
) -> tuple[dict[BookCustomer, int | None], list[BookCustomer]]:
    if not journal.plans:
        return {}, []
    rows = session.execute(
        select(Plan.name, Plan.id).where(Plan.company_id == company_id, Plan.retired_on.is_(None))
    )
    ids: dict[str, int | None] = {FOLLOW_UP_OFF: None} | {row.name: row.id for row in rows}
    plans: dict[BookCustomer, int | None] = {}
    defaults: list[BookCustomer] = []
    for choice in journal.plans:
        if not choice.plan:
            defaults.append(choice.customer)
        elif choice.plan in ids:
            plans[choice.customer] = ids[choice.plan]
        else:
            known = ", ".join(sorted(ids))
            message = f"{choice.plan!r} is no plan; known are {known}; empty: the company's default."
            journal.problems.about(choice.place, "plan", message)
    return plans, defaults


def _terms(session: Session, followed: Iterable[Followed], company_id: int) -> _Terms:
    ids = sorted({each.item.invoice.customer.id or 0 for each in followed})
    found = plans_in_force(session, company_id=company_id, customer_ids=())
    return _Terms(
        by_id=found.by_id,
        default_id=found.default_id,
        assigned={
            customer_id: plan_id
            for start in range(0, len(ids), _BATCH)
            for customer_id, plan_id in plans_in_force(
                session, company_id=company_id, customer_ids=ids[start : start + _BATCH]
            ).assigned.items()
        },
    )


def _plan_of(
    customer: BookCustomer,
    plans: Mapping[BookCustomer, int | None],
    defaults: Sequence[BookCustomer],
    terms: _Terms,
) -> PlanTerms | None:
    if customer in plans:
        plan_id = plans[customer]
    elif customer in defaults:
        plan_id = terms.default_id
    else:
        plan_id = terms.assigned.get(customer.id or 0, terms.default_id)
    return None if plan_id is None else terms.by_id[plan_id]


def _assigned(session: Session, customers: Sequence[BookCustomer]) -> dict[int, tuple[int | None]]:
    """The own plan of each of these customers that has one, wrapped, since None means no follow-up."""
    ids = [customer.id for customer in customers if customer.id is not None]
    found: dict[int, tuple[int | None]] = {}
    for start in range(0, len(ids), _BATCH):
        rows = session.execute(
            select(PlanAssignment.customer_id, PlanAssignment.plan_id).where(
                PlanAssignment.customer_id.in_(ids[start : start + _BATCH])
            )
        )
        found |= {customer_id: (plan_id,) for customer_id, plan_id in rows}
    return found
