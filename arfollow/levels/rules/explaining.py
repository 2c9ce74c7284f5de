"""Why a customer is on the list or not, and when next, as codes that a page puts into words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arfollow.levels.rules.facts import Decision, Facts, Reason, Step
from arfollow.levels.rules.steps import next_step, reach_dates
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.rules.turning import ahead, next_listed
from arfollow.receivables.rules.accounts import chased, chased_residuals, holds_on


class Code(StrEnum):
    """Why a customer is on the list (the first ones) or not."""

    UNDELIVERED = "undelivered"
    PROMISE_BROKEN = "promise_broken"
    TASK = "task"
    MANUAL = "manual"
    LEVEL = "level"
    STARTED = "started"
    REVIEW = "review"
    CASH = "cash"
    SETTLED = "settled"
    SNOOZED = "snoozed"
    CUSTOMER_HELD = "customer_held"
    ITEMS_HELD = "items_held"
    DISPUTED = "disputed"
    PROMISED = "promised"
    TOLERATED = "tolerated"
    NO_PLAN = "no_plan"
    MANUAL_AHEAD = "manual_ahead"
    LEFT_IN_PEACE = "left_in_peace"
    BELOW_MINIMUM = "below_minimum"
    NOT_REACHED = "not_reached"
    NOTHING_MORE = "nothing_more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`decision`: what is explained; `on`: the day that the code is about (a level reached, a promise broken, the end of a hold …), if it has one.

    `step`: the item that brought the customer up; `next_on`: the first later day on which it is listed, None: never;
    `turns_on`: the first later day on which any of it can change by itself.
    """

    decision: Decision
    code: Code
    on: date | None = None
    step: Step | None = None
    next_on: date | None = None
    turns_on: date | None = None


def explain(facts: Facts, day: date) -> Explanation:
    """The reason for the customer's place on or off the list, and the day it is next on it if nothing more happens."""
    known = ahead(facts, day)
    decision, next_on = decide(facts, day, known.lasting), next_listed(facts, day, known)
    if decision.listed:
        code, on = _listed(facts, decision, day)
    else:
        code, on = next(_obstacles(facts, decision, day, next_on))
    step = max(decision.steps, key=lambda step: step.to, default=None) if code is Code.LEVEL else None
    if step is not None:
        on = _reached_on(facts, step, day)
    if code is Code.LEFT_IN_PEACE and on is not None and next_on is not None:
        # Another item may escalate before the one that waits may be followed.
        on = min(on, next_on)
    turns_on = known.turning_days[0] if known.turning_days else None
    return Explanation(decision=decision, code=code, on=on, step=step, next_on=next_on, turns_on=turns_on)


def _reached_on(facts: Facts, step: Step, day: date) -> date | None:
    """The day from which the item's step to that very level is due."""
    item, place = step.chased.item, facts.standing.places.get(step.chased.item.id)
    if facts.plan is None:
        return None
    due = next_step(facts.plan, due_date=item.due_date, place=place, day=day)
    reached = dict(reach_dates(facts.plan, due_date=item.due_date, place=place))
    return max(due.due_on, reached.get(step.to, date.min)) if due else None


def _listed(facts: Facts, decision: Decision, day: date) -> tuple[Code, date | None]:
    standing = facts.standing
    if decision.undelivered and not decision.hidden:
        return Code.UNDELIVERED, None
    if decision.reason is Reason.PROMISE:
        return Code.PROMISE_BROKEN, max(
            promise.terms.broken_on for promise in facts.account.promises if promise.is_broken(day)
        )
    if decision.task:
        return Code.TASK, standing.task_on
    if decision.started and not decision.hidden:
        return Code.STARTED, None
    if decision.reason is not None:
        on = {Reason.MANUAL: standing.manual_on, Reason.REVIEW: standing.last_done_on}.get(decision.reason)
        return Code(decision.reason.value), on
    return Code.CASH, None


def _obstacles(
    facts: Facts, decision: Decision, day: date, next_on: date | None
) -> Iterator[tuple[Code, date | None]]:
    """What keeps the customer off the list, the most telling first."""
    account, standing = facts.account, facts.standing
    if not account.items:
        yield Code.SETTLED, None
    if decision.hidden:
        yield Code.SNOOZED, standing.snoozed_until
    if holds_on(account.hold_until, day):
        yield Code.CUSTOMER_HELD, _unless_endless(account.hold_until)
    if not chased(account, day, tolerances=facts.tolerances):
        yield _nothing_chaseable(facts, day)
    if standing.manual_on is not None and standing.manual_on > day:
        yield Code.MANUAL_AHEAD, standing.manual_on
    if facts.plan is None:
        yield Code.NO_PLAN, None
    if decision.peace_until is not None:
        yield Code.LEFT_IN_PEACE, decision.peace_until
    if decision.below_minimum:
        yield Code.BELOW_MINIMUM, None
    yield (Code.NOT_REACHED, None) if next_on else (Code.NOTHING_MORE, None)


def _nothing_chaseable(facts: Facts, day: date) -> tuple[Code, date | None]:
    account = facts.account
    if any(
        amount > facts.tolerances.get(item.currency, 0) for item, amount in chased_residuals(account, day)
    ):
        return Code.ITEMS_HELD, _unless_endless(
            min((i.hold_until for i in account.items if i.hold_until), default=None)
        )
    until = [p.terms.due_on for p in account.promises if p.is_open(day)]
    if until:
        return Code.PROMISED, max(until)
    disputed = any(item.disputed for item in account.items)
    return (Code.DISPUTED, None) if disputed else (Code.TOLERATED, None)


def _unless_endless(day: date | None) -> date | None:
    return None if day == date.max else day
