"""Scenarios from JSON: plans, debtors with their ledgers, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arfollow.followup.simulation.events import parse_events
from arfollow.followup.simulation.ledger import Books, parse_books
from arfollow.followup.simulation.reading import Row, ScenarioError
from arfollow.followup.simulation.scenario import Debtor, Scenario
from arfollow.levels.rules.steps import LevelTerms, Pace, PlanTerms, Timing

_SCENARIO = frozenset("source note company plans customers invoices payments events days expect id".split())
_COMPANY = frozenset({"currency", "tolerance"})
_CUSTOMER = frozenset({"customer", "plan"})
_LEVEL = frozenset({"level", "timing", "days", "deadline_days", "actions"})
_PLAN = frozenset(
    {
        "plan",
        "default",
        "pace",
        "minimum_amount",
        "contact_gap_days",
        "repeat_last_after_days",
        "review_after_days",
        "promise_grace_days",
        "levels",
    }
)
_ACTIONS = ("email", "letter", "todo")


@dataclass(slots=True)
class _Plans:
    by_name: dict[str, PlanTerms] = field(default_factory=dict)
    default: PlanTerms | None = None


def parse(content: object) -> Scenario:
    """The scenario that the JSON describes; raise ScenarioError saying where it cannot be played."""
    row = Row(content, "scenario", _SCENARIO)
    company = Row(row.raw("company") or {}, "company", _COMPANY)
    books = parse_books(row, default_currency=company.currency("currency", "EUR"))
    plans = _parse_plans(row, books.currencies)
    chosen = _parse_customers(row, plans, books)
    events = parse_events(row, books, customers=chosen.keys())
    days = tuple(_days(row))
    return Scenario(
        debtors=tuple(
            Debtor(
                name=name,
                plan=plan,
                items=books.items_of(name),
                credit_lines=books.credits_of(name),
                events=events.get(name, ()),
                places=books.places_of(name, plan),
            )
            for name, plan in sorted(chosen.items())
        ),
        days=days,
        tolerances=company.limits("tolerance", books.currencies),
    )


def _days(row: Row) -> Any:
    days = row.raw("days")
    if not isinstance(days, list):
        raise row.error("days", "expected a list of dates")
    for index, day in enumerate(days):
        yield Row({"day": day}, f"days[{index}]", frozenset({"day"})).day("day")


def _parse_plans(row: Row, currencies: frozenset[str]) -> _Plans:
    plans = _Plans()
    for entry in row.rows("plans", _PLAN):
        plan = _parse_plan(entry, currencies, plan_id=len(plans.by_name))
        if plan.name in plans.by_name:
            raise entry.error("plan", f"{plan.name!r} is there twice")
        plans.by_name[plan.name] = plan
        if entry.flag("default") or plans.default is None:
            plans.default = plan
    return plans


def _parse_plan(entry: Row, currencies: frozenset[str], *, plan_id: int) -> PlanTerms:
    levels: list[LevelTerms] = []
    for level in entry.rows("levels", _LEVEL):
        levels.append(_parse_level(level, first=not levels, level_id=1000 * plan_id + len(levels)))
    pace = entry.text("pace", "step")
    if pace not in tuple(Pace):
        raise entry.error("pace", f"unknown pace {pace!r}; known are {', '.join(Pace)}")
    return PlanTerms(
        id=plan_id,
        name=entry.text("plan"),
        levels=tuple(levels),
        pace=Pace(pace),
        minimum_amounts=entry.limits("minimum_amount", currencies),
        contact_gap_days=entry.number("contact_gap_days", 0),
        repeat_last_after_days=entry.optional_number("repeat_last_after_days"),
        review_after_days=entry.optional_number("review_after_days"),
        promise_grace_days=entry.number("promise_grace_days", 0),
    )


def _parse_level(level: Row, *, first: bool, level_id: int) -> LevelTerms:
    timing = level.text("timing", "after_due")
    if timing not in tuple(Timing):
        raise level.error("timing", f"unknown timing {timing!r}; known are {', '.join(Timing)}")
    if first and timing == Timing.AFTER_PREVIOUS:
        raise level.error("timing", "the first level has no previous one to count from")
    actions = level.raw("actions")
    if actions is None:
        actions = ["email"]
    if not isinstance(actions, list) or any(action not in _ACTIONS for action in actions):
        raise level.error("actions", f"expected a list of {', '.join(_ACTIONS)}, got {actions!r}")
    return LevelTerms(
        id=level_id,
        name=level.text("level"),
        timing=Timing(timing),
        days=level.number("days"),
        deadline_days=level.number("deadline_days", 0),
        actions=tuple(actions),
    )


def _parse_customers(row: Row, plans: _Plans, books: Books) -> Mapping[str, PlanTerms | None]:
    """Every customer of the scenario with its plan: those listed, and those that only a ledger row names."""
    chosen: dict[str, PlanTerms | None] = {}
    for entry in row.rows("customers", _CUSTOMER):
        name = entry.text("customer")
        if name in chosen:
            raise entry.error("customer", f"{name!r} is there twice")
        content = entry.raw("plan")
        named = isinstance(content, str)
        if named and content not in plans.by_name:
            raise entry.error("plan", f"unknown plan {content!r}")
        absent = "plan" not in entry
        chosen[name] = plans.by_name[content] if named else plans.default if absent else None
    for name in books.customers:
        if name not in chosen:
            chosen[name] = plans.default
    if not plans.by_name and chosen:
        raise ScenarioError("plans", "there is none")
    return chosen
