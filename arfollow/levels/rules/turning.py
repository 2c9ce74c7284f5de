"""When the answer changes by itself, and when a customer is listed next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.steps import NextStep, PlanTerms, next_step, reach_dates
from arfollow.levels.rules.surfacing import Lasting, decide, first_free_on, free_on, lasting

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a day: what lasts from it on, and every later day on which the answer can change by itself, earliest first."""

    lasting: Lasting
    turning_days: Sequence[date]


def ahead(facts: Facts, day: date) -> Ahead:
    """What lies ahead of the day, if nothing more becomes known."""
    known = lasting(facts, day)
    days = {each for each in _candidates(facts, day, known.steps) if day < each < date.max}
    return Ahead(known, sorted(days))


def next_chased(facts: Facts, after: date) -> date | None:
    """The first day after `after` on which a reason brings the customer up, if nothing more becomes known."""
    known = ahead(facts, after)
    days = (day for day in _days(after, known) if decide(facts, day, known.lasting).reason is not None)
    return next(days, None)


def next_listed(facts: Facts, after: date, known: Ahead | None = None) -> date | None:
    """The first day after `after` on which the customer is listed, for a task or for cash to apply too.

    `known`: what lies ahead of `after`, if that is known already.
    """
    known = known or ahead(facts, after)
    return next((day for day in _days(after, known) if decide(facts, day, known.lasting).listed), None)


def _days(after: date, known: Ahead) -> Iterator[date]:
    """The next day and the turning days: between two of them the answer stays the same."""
    yield after + _DAY
    yield from known.turning_days


def _candidates(facts: Facts, after: date, steps: Mapping[int, NextStep | None] | None) -> Iterator[date]:
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
        yield from _contact_days(facts, facts.plan)
        if steps is None:
            yield from _reach_days(facts, facts.plan, after)
        else:
            # One level at a time: nothing changes with the levels beyond the next.
            yield from (step.due_on for step in steps.values() if step is not None)


def _contact_days(facts: Facts, plan: PlanTerms) -> Iterator[date]:
    standing = facts.standing
    yield free_on(facts, escalates=True)
    yield free_on(facts, escalates=False)
    yield first_free_on(facts)
    if standing.last_done_on is not None and plan.review_after_days is not None:
        yield standing.last_done_on + timedelta(days=plan.review_after_days)


def _reach_days(facts: Facts, plan: PlanTerms, after: date) -> Iterator[date]:
    for item in facts.account.items:
        place = facts.standing.places.get(item.id)
        step = next_step(plan, due_date=item.due_date, place=place, day=after)
        if step is not None:
            yield step.due_on
        for _, reached in reach_dates(plan, due_date=item.due_date, place=place):
            yield reached
