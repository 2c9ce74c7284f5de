"""When the answer changes by itself, and when a customer is listed next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.steps import Pace, PlanTerms, next_step, reach_dates
from arfollow.levels.rules.surfacing import decide, first_free_on, free_on, lasting

_DAY = timedelta(days=1)


def next_chased(facts: Facts, after: date) -> date | None:
    """The first day after `after` on which a reason brings the customer up, if nothing more becomes known."""
    known = lasting(facts, after)
    return next((day for day in _days(facts, after) if decide(facts, day, known).reason is not None), None)


def next_listed(facts: Facts, after: date) -> date | None:
    """The first day after `after` on which the customer is listed, for a task or for cash to apply too."""
    known = lasting(facts, after)
    return next((day for day in _days(facts, after) if decide(facts, day, known).listed), None)


def turning_days(facts: Facts, after: date) -> list[date]:
    """Every day after `after` on which the answer can change by itself, earliest first."""
    return sorted({day for day in _candidates(facts, after) if after < day < date.max})


def next_turning_day(facts: Facts, after: date) -> date | None:
    """The first of the turning days; None without any."""
    return min((day for day in _candidates(facts, after) if after < day < date.max), default=None)


def _days(facts: Facts, after: date) -> Iterator[date]:
    """The next day and the turning days: between two of them the answer stays the same."""
    yield after + _DAY
    yield from turning_days(facts, after)


def _candidates(facts: Facts, after: date) -> Iterator[date]:
    account, standing = facts.account, facts.standing
    for promise in account.promises:
        yield promise.terms.broken_on
    for last in (account.hold_until, standing.snoozed_until, *(item.hold_until for item in account.items)):
        if last is not None and last < date.max:
            yield last + _DAY
    for day in (standing.manual_on, standing.task_on):
        if day is not None:
            yield day
    for item in account.items:
        yield item.due_date
        yield item.due_date + _DAY
    if facts.plan is not None:
        yield from _plan_candidates(facts, facts.plan, after)


def _plan_candidates(facts: Facts, plan: PlanTerms, after: date) -> Iterator[date]:
    standing = facts.standing
    yield free_on(facts, escalates=True)
    yield free_on(facts, escalates=False)
    yield first_free_on(facts)
    if standing.last_done_on is not None and plan.review_after_days is not None:
        yield standing.last_done_on + timedelta(days=plan.review_after_days)
    for item in facts.account.items:
        place = standing.places.get(item.id)
        step = next_step(plan, due_date=item.due_date, place=place, day=after)
        if step is not None:
            yield step.due_on
        if plan.pace is Pace.STEP:
            # One level at a time: nothing changes with the levels beyond the next.
            continue
        for _, reached in reach_dates(plan, due_date=item.due_date, place=place):
            yield reached
