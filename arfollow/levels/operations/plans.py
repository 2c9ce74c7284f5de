"""Writes of plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import one_at_a_time, touch, touch_everybody
from arfollow.levels.drafts import PlanDraft, PlanError, check_plan
from arfollow.levels.queries.plans import customer_ids_query, draft_of
from arfollow.levels.tables import Level, LevelFile, Plan, PlanAssignment, Wording
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Refusal, Remark

# Of more customers than these each row of the list is not touched by itself.
_MANY = 1000


class UnknownPlanError(Refusal, LookupError):
    """The company has no such plan."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such plan any more."))


class PlanInUseError(PlanError):
    """The plan cannot be taken away while something depends on it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(N_("“%(name)s” is in use: %(why)s"), name=name, why=why)


def create_plan(session: Session, *, company_id: int, draft: PlanDraft, who: str) -> int:
    """Add a plan without levels and give its id; the company's first is its default. Raise PlanError."""
    check_plan(draft, other_names=_other_names(session, company_id, None))
    first = not session.scalar(select(func.count()).select_from(Plan).where(Plan.company_id == company_id))
    plan = Plan(company_id=company_id, is_default=first, name=draft.name.strip())
    _fill(plan, draft)
    session.add(plan)
    session.flush()
    _record(session, plan, who, f"Plan “{plan.name}” created.", {"after": plan_facts(draft)})
    return plan.id


def change_plan(session: Session, *, company_id: int, plan_id: int, draft: PlanDraft, who: str) -> None:
    """Give the plan these settings; nothing happens when it has them. Raise PlanError, UnknownPlanError."""
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    check_plan(draft, other_names=_other_names(session, company_id, plan_id))
    before = plan_facts(draft_of(plan))
    if before == plan_facts(draft):
        return
    _fill(plan, draft)
    _record(
        session,
        plan,
        who,
        f"Plan “{plan.name}” changed.",
        {"before": before, "after": plan_facts(draft)},
    )
    touch_customers(session, plan)


def make_default(session: Session, *, company_id: int, plan_id: int, who: str) -> None:
    """Let the plan be the one of all customers without a plan of their own. Raise UnknownPlanError, PlanInUseError."""
    # All are held, or two plans that are chosen at one moment would both be the default.
    of_company = select(Plan.id).where(Plan.company_id == company_id).order_by(Plan.id)
    session.execute(of_company.with_for_update(key_share=True)).all()
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    if plan.is_default:
        return
    if plan.retired_on is not None:
        raise PlanInUseError(plan.name, Remark(N_("it is retired, so it cannot be the default.")))
    for other in session.scalars(select(Plan).where(Plan.company_id == company_id, Plan.is_default)):
        other.is_default = False
    plan.is_default = True
    _record(session, plan, who, f"Plan “{plan.name}” made the default.", {"default": True})
    session.flush()
    touch_customers(session, plan)


def retire_plan(session: Session, *, company_id: int, plan_id: int, today: date, who: str) -> None:
    """Offer the plan to customers no longer. Raise PlanInUseError while it is the default or has customers."""
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    if plan.retired_on is not None:
        return
    _refuse_if_followed(session, plan)
    plan.retired_on = today
    _record(session, plan, who, f"Plan “{plan.name}” retired.", {"retired_on": today})


def delete_plan(session: Session, *, company_id: int, plan_id: int, who: str) -> None:
    """Remove a plan that was never used. Raise PlanInUseError when it is the default, has customers or was used."""
    plan = held_plan(session, company_id=company_id, plan_id=plan_id)
    _refuse_if_followed(session, plan)
    levels = select(Level.id).where(Level.plan_id == plan.id)
    try:
        with session.begin_nested():
            session.execute(delete(Wording).where(Wording.level_id.in_(levels)))
            session.execute(delete(LevelFile).where(LevelFile.level_id.in_(levels)))
            session.execute(delete(Level).where(Level.plan_id == plan.id))
            session.delete(plan)
    except IntegrityError:
        raise PlanInUseError(
            plan.name, Remark(N_("customers were followed by it. Retire it instead."))
        ) from None
    _record(session, plan, who, f"Plan “{plan.name}” deleted.", {"before": plan_facts(draft_of(plan))})


def plan_of_company(session: Session, *, company_id: int, plan_id: int) -> Plan:
    """The plan's row; raise UnknownPlanError."""
    plan = session.scalar(select(Plan).where(Plan.id == plan_id, Plan.company_id == company_id))
    if plan is None:
        raise UnknownPlanError
    return plan


def held_plan(session: Session, *, company_id: int, plan_id: int) -> Plan:
    """The same as it is now, and nobody else changes it or its levels until the transaction ends."""
    plan = plan_of_company(session, company_id=company_id, plan_id=plan_id)
    session.refresh(plan, with_for_update={"key_share": True})
    return plan


def touch_customers(session: Session, plan: Plan) -> None:
    """Say that the list of all the plan's customers may change: where they are many, that everybody's may."""
    # Or a customer that comes to the plan now would be missed here, and be listed by the plan as it was.
    one_at_a_time(session, number=plans_lock(plan.company_id))
    customers = customer_ids_query(session, company_id=plan.company_id, plan_id=plan.id)
    some = session.scalars(customers.limit(_MANY + 1)).all()
    if len(some) > _MANY:
        touch_everybody(session, plan.company_id)
    else:
        touch(session, some)


def plans_lock(company_id: int) -> int:
    """The number by which changes of the company's plans, and lists that are made by them, wait for each other."""
    return -company_id


def plan_facts(draft: PlanDraft) -> dict[str, object]:
    """The plan's settings as they stand in the chatter."""
    return {
        "name": draft.name.strip(),
        "pace": draft.pace.value,
        "minimum_amounts": [Money(code, minor) for code, minor in sorted(draft.minimum_amounts.items())],
        "contact_gap_days": draft.contact_gap_days,
        "repeat_last_after_days": draft.repeat_last_after_days,
        "review_after_days": draft.review_after_days,
        "promise_grace_days": draft.promise_grace_days,
    }


def _refuse_if_followed(session: Session, plan: Plan) -> None:
    if plan.is_default:
        raise PlanInUseError(
            plan.name, Remark(N_("it is the default plan. Make another one the default first."))
        )
    count = session.scalar(
        select(func.count()).select_from(PlanAssignment).where(PlanAssignment.plan_id == plan.id)
    )
    if count:
        raise PlanInUseError(
            plan.name, Remark(N_("%(count)s customers follow it. Give them another plan first."), count=count)
        )


def _other_names(session: Session, company_id: int, plan_id: int | None) -> list[str]:
    rows = session.execute(select(Plan.id, Plan.name).where(Plan.company_id == company_id))
    return [row.name for row in rows if row.id != plan_id]


def _record(session: Session, plan: Plan, who: str, text: str, facts: Mapping[str, object]) -> None:
    record(
        session,
        company_id=plan.company_id,
        customer_id=None,
        tag="plan:changed",
        who=who,
        text=text,
        facts={"plan": plan.id, **facts},
    )


def _fill(plan: Plan, draft: PlanDraft) -> None:
    plan.name = draft.name.strip()
    plan.pace = draft.pace.value
    plan.minimum_amounts = dict(draft.minimum_amounts)
    plan.contact_gap_days = draft.contact_gap_days
    plan.repeat_last_after_days = draft.repeat_last_after_days
    plan.review_after_days = draft.review_after_days
    plan.promise_grace_days = draft.promise_grace_days
