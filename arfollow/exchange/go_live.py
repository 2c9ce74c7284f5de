"""Customers' plans, and how far another system had got: looked up in the plans in force, then written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.exchange.posting.journal import FOLLOW_UP_OFF, Followed, Journal
from arfollow.followup.operations.bringing import bring_last_contacts
from arfollow.levels.operations import BroughtPlace, assign_plans, bring_over, follow_default_plans
from arfollow.levels.queries import PlansInForce, plan_ids, plans_in_force
from arfollow.levels.rules.steps import PlanTerms
from arfollow.levels.tables import PlanAssignment
from arfollow.receivables.rules.books import BookCustomer, BookItem
from arfollow.values.refusals import N_, Quoted, Remark


@dataclass(frozen=True, kw_only=True)
class GoLive:
    """Plans of customers (None: no follow-up; `defaults`: the company's default) and places of items, by level ids."""

    plans: Mapping[BookCustomer, int | None]
    defaults: Collection[BookCustomer]
    places: Sequence[tuple[BookItem, int, Followed]]

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.plans or self.defaults or self.places)


def look_up(session: Session, journal: Journal, *, company_id: int) -> GoLive:
    """What the files say of plans and levels; unknown ones are problems of their rows."""
    plans, defaults = _plans(session, journal, company_id)
    if not journal.followed:
        return GoLive(plans=plans, defaults=defaults, places=())
    known = _in_force(session, journal.followed, company_id)
    places = []
    for followed in journal.followed:
        customer = followed.item.invoice.customer
        plan = _plan_of(customer, plans, defaults, known)
        names = {level.name: level.id for level in plan.levels} if plan else {}
        if followed.level in names:
            places.append((followed.item, names[followed.level], followed))
        else:
            message = Remark(
                N_("%(level)s is no level of customer %(customer)s's plan; its levels are %(levels)s.")
                if names
                else N_(
                    "%(level)s is no level of customer %(customer)s's plan; the customer is not followed up."
                ),
                level=Quoted(followed.level),
                customer=customer.number,
                **({"levels": ", ".join(names)} if names else {}),
            )
            journal.problems.about(followed.place, "level", message)
    return GoLive(plans=plans, defaults=defaults, places=places)


def write(session: Session, go_live: GoLive, *, company_id: int, who: str) -> int:
    """Assign the plans and bring the places over; gives how many customers that concerned.

    What is so already stays as it is and is not logged again.
    """
    if not go_live:
        return 0
    plans = {customer.id or 0: plan_id for customer, plan_id in go_live.plans.items()}
    changed = assign_plans(session, company_id=company_id, plans=plans, who=who)
    defaults = [customer.id or 0 for customer in go_live.defaults]
    freed = follow_default_plans(session, company_id=company_id, customer_ids=defaults, who=who)
    places = [
        BroughtPlace(instalment_id=item.id or 0, level_id=level_id, followed_on=followed.on)
        for item, level_id, followed in go_live.places
    ]
    contacts = bring_over(session, company_id=company_id, places=places)
    bring_last_contacts(session, company_id=company_id, contacts=list(contacts.values()))
    return len(changed) + len(freed) + len(contacts)


def _plans(
    session: Session, journal: Journal, company_id: int
) -> tuple[dict[BookCustomer, int | None], Collection[BookCustomer]]:
    if not journal.plans:
        return {}, ()
    ids: dict[str, int | None] = {FOLLOW_UP_OFF: None} | plan_ids(session, company_id=company_id)
    plans: dict[BookCustomer, int | None] = {}
    # A dictionary, because every followed item asks for its customer.
    defaults: dict[BookCustomer, None] = {}
    for choice in journal.plans:
        if not choice.plan:
            defaults[choice.customer] = None
        elif choice.plan in ids:
            plans[choice.customer] = ids[choice.plan]
        else:
            known = ", ".join(sorted(ids))
            message = Remark(
                N_("%(plan)s is no plan; known are %(known)s; empty: the company's default."),
                plan=Quoted(choice.plan),
                known=known,
            )
            journal.problems.about(choice.place, "plan", message)
    return plans, defaults


def _in_force(session: Session, followed: Iterable[Followed], company_id: int) -> PlansInForce:
    """The company's plans, and the own ones of the customers that are followed."""
    customers = list(dict.fromkeys(each.item.invoice.customer for each in followed))
    assigned = {customer_id: plan_id for customer_id, (plan_id,) in _assigned(session, customers).items()}
    return replace(plans_in_force(session, company_id=company_id, customer_ids=()), assigned=assigned)


def _plan_of(
    customer: BookCustomer,
    plans: Mapping[BookCustomer, int | None],
    defaults: Collection[BookCustomer],
    known: PlansInForce,
) -> PlanTerms | None:
    """The customer's plan once the files' wishes are met."""
    if customer not in plans and customer not in defaults:
        return known.plan_of(customer.id or 0)
    plan_id = plans.get(customer, known.default_id)
    return None if plan_id is None else known.by_id[plan_id]


def _assigned(session: Session, customers: Sequence[BookCustomer]) -> dict[int, tuple[int | None]]:
    """The own plan of each of these customers that has one, wrapped, since None means no follow-up."""
    ids = [customer.id for customer in customers if customer.id is not None]
    rows = session.execute(
        select(PlanAssignment.customer_id, PlanAssignment.plan_id).where(
            one_of(PlanAssignment.customer_id, ids)
        )
    )
    return {customer_id: (plan_id,) for customer_id, plan_id in rows}
