"""Reads of plans and levels as managers see them, retired ones included."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from arfollow.levels.drafts import LevelDraft, PlanDraft, Responsible, WholePlan
from arfollow.levels.queries.wordings import WordingView, in_force
from arfollow.levels.rules.steps import LevelTerms, Pace, PlanTerms, Timing
from arfollow.levels.tables import Level, Plan, PlanAssignment
from arfollow.receivables.tables import Customer


@dataclass(frozen=True, kw_only=True)
class LevelView:
    """A level; `position` counts from 1 within its plan. `wordings` are the versions in force, by language."""

    id: int
    plan_id: int
    position: int
    draft: LevelDraft
    retired_on: date | None
    wordings: Mapping[str, WordingView]

    @property
    def terms(self) -> LevelTerms:
        """The level as the rules see it."""
        return terms_of_level(self.draft, level_id=self.id)


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """A plan with its levels in force, in order, and its retired ones; `customers` follow it today."""

    id: int
    draft: PlanDraft
    is_default: bool
    retired_on: date | None
    customers: int
    levels: tuple[LevelView, ...]
    retired: tuple[LevelView, ...]

    @property
    def terms(self) -> PlanTerms:
        """The plan as the rules see it."""
        return terms_of(self.draft, plan_id=self.id, levels=[level.terms for level in self.levels])

    @property
    def whole(self) -> WholePlan:
        """The plan with its levels in force, as in a plan file."""
        return WholePlan(plan=self.draft, levels=tuple(level.draft for level in self.levels))


def terms_of_level(draft: LevelDraft, *, level_id: int) -> LevelTerms:
    """A level that may not be saved yet, as the rules would see it."""
    return LevelTerms(
        id=level_id,
        name=draft.name,
        timing=draft.timing,
        days=draft.days,
        deadline_days=draft.deadline_days,
        actions=draft.actions,
    )


def terms_of(draft: PlanDraft, *, plan_id: int, levels: Sequence[LevelTerms]) -> PlanTerms:
    """A plan that may not be saved yet, as the rules would see it."""
    return PlanTerms(
        id=plan_id,
        name=draft.name,
        levels=tuple(levels),
        pace=draft.pace,
        minimum_amounts=draft.minimum_amounts,
        contact_gap_days=draft.contact_gap_days,
        repeat_last_after_days=draft.repeat_last_after_days,
        review_after_days=draft.review_after_days,
        promise_grace_days=draft.promise_grace_days,
    )


def plans(session: Session, *, company_id: int) -> list[PlanView]:
    """The company's plans: the default first, the others by name, retired ones last."""
    rows = session.scalars(
        select(Plan)
        .where(Plan.company_id == company_id)
        .order_by(Plan.retired_on.is_not(None), Plan.is_default.desc(), Plan.name)
    ).all()
    return _views(session, company_id, rows)


def find_plan(session: Session, *, company_id: int, plan_id: int) -> PlanView | None:
    """One plan; None when the company has none with this id."""
    rows = session.scalars(select(Plan).where(Plan.company_id == company_id, Plan.id == plan_id)).all()
    return next(iter(_views(session, company_id, rows)), None)


def find_level(session: Session, *, company_id: int, level_id: int) -> LevelView | None:
    """One level, in force or retired; None when the company has none with this id."""
    level = session.scalar(
        select(Level)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Plan.company_id == company_id, Level.id == level_id)
    )
    if level is None:
        return None
    return _level(level, {w.language: w for w in in_force(session, level_ids=[level_id])})


def plan_ids(session: Session, *, company_id: int) -> dict[str, int]:
    """The ids of plans that customers can be given, by name."""
    rows = session.execute(
        select(Plan.name, Plan.id).where(Plan.company_id == company_id, Plan.retired_on.is_(None))
    )
    return dict(rows.all())


def customer_ids_query(session: Session, *, company_id: int, plan_id: int) -> Select[int]:
    """Selects the customers that follow the plan: those that were given it, and for the default all without their own."""
    wanted = select(Customer.id).where(Customer.company_id == company_id)
    assigned = select(PlanAssignment.customer_id)
    own = Customer.id.in_(assigned.where(PlanAssignment.plan_id == plan_id))
    if session.scalar(select(Plan.is_default).where(Plan.id == plan_id)):
        return wanted.where(own | Customer.id.not_in(assigned))
    return wanted.where(own)


def without_own_plan_query(*, company_id: int) -> Select[int]:
    """Selects the customers that follow the company's default, whichever it is."""
    assigned = select(PlanAssignment.customer_id)
    return select(Customer.id).where(Customer.company_id == company_id, Customer.id.not_in(assigned))


def _views(session: Session, company_id: int, rows: Sequence[Plan]) -> list[PlanView]:
    counts = _customers(session, company_id)
    levels = _levels(session, [plan.id for plan in rows])
    return [
        PlanView(
            id=plan.id,
            draft=draft_of(plan),
            is_default=plan.is_default,
            retired_on=plan.retired_on,
            customers=counts.get(plan.id, 0) + (counts.get(None, 0) if plan.is_default else 0),
            levels=tuple(level for level in levels.get(plan.id, ()) if level.retired_on is None),
            retired=tuple(level for level in levels.get(plan.id, ()) if level.retired_on is not None),
        )
        for plan in rows
    ]


def _customers(session: Session, company_id: int) -> dict[int | None, int]:
    """How many customers were given each plan; None: no plan of their own."""
    rows = session.execute(
        select(PlanAssignment.customer_id.is_(None), PlanAssignment.plan_id, func.count())
        .select_from(Customer)
        .outerjoin(PlanAssignment, PlanAssignment.customer_id == Customer.id)
        .where(Customer.company_id == company_id)
        .group_by(PlanAssignment.customer_id.is_(None), PlanAssignment.plan_id)
    )
    return {plan_id: count for without, plan_id, count in rows if without or plan_id is not None}


def _levels(session: Session, plan_ids_: Collection[int]) -> dict[int, tuple[LevelView, ...]]:
    rows = session.scalars(
        select(Level).where(Level.plan_id.in_(plan_ids_)).order_by(Level.plan_id, Level.position, Level.id)
    ).all()
    words = {
        level_id: {wording.language: wording for wording in of}
        for level_id, of in groupby(
            in_force(session, level_ids=[row.id for row in rows]), lambda wording: wording.level_id
        )
    }
    return {
        plan_id: tuple(_level(row, words.get(row.id, {})) for row in of)
        for plan_id, of in groupby(rows, lambda row: row.plan_id)
    }


def draft_of(plan: Plan) -> PlanDraft:
    """The plan's settings."""
    return PlanDraft(
        name=plan.name,
        pace=Pace(plan.pace),
        minimum_amounts=plan.minimum_amounts,
        contact_gap_days=plan.contact_gap_days,
        repeat_last_after_days=plan.repeat_last_after_days,
        review_after_days=plan.review_after_days,
        promise_grace_days=plan.promise_grace_days,
    )


def draft_of_level(level: Level, wordings: Mapping[str, WordingView]) -> LevelDraft:
    """The level's settings and words."""
    return LevelDraft(
        name=level.name,
        timing=Timing(level.timing),
        days=level.days,
        deadline_days=level.deadline_days,
        actions=tuple(level.actions),
        attach_statement=level.attach_statement,
        attach_letter=level.attach_letter,
        attach_items=level.attach_items,
        email_automatic=level.email_automatic,
        responsible=Responsible(level.responsible),
        responsible_id=level.responsible_id,
        wordings={language: wording.text for language, wording in wordings.items()},
    )


def _level(level: Level, wordings: Mapping[str, WordingView]) -> LevelView:
    return LevelView(
        id=level.id,
        plan_id=level.plan_id,
        position=level.position,
        draft=draft_of_level(level, wordings),
        retired_on=level.retired_on,
        wordings=wordings,
    )
