"""Who is on the list on a day, why, at which level, and when next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from arfollow.levels.rules.steps import LevelTerms, Place, PlanTerms, next_step, reach_dates
from arfollow.receivables.rules.accounts import Account, Chased, chased

_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a customer is on the list; the first that holds, in this order."""

    PROMISE = "promise"
    MANUAL = "manual"
    LEVEL = "level"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where follow-up stands with a customer.

    `last_message_on`: the day of the last money message, a follow-up's or another's; `places` by item id;
    `task_on`: the date of the earliest open task; `started`: an action is recorded and not yet Done.
    """

    snoozed_until: date | None = None
    snoozed_on: date | None = None
    manual_on: date | None = None
    last_done_on: date | None = None
    last_deadline_days: int = 0
    last_message_on: date | None = None
    task_on: date | None = None
    started: bool = False
    places: Mapping[int, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that decides about one customer; `plan` None: no follow-up."""

    account: Account
    plan: PlanTerms | None
    standing: Standing
    tolerances: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A due item and the level that it goes to (`was`: the one it was followed at, None: never)."""

    chased: Chased
    was: int | None
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer for one customer and day. `level` is an index into the plan; `steps` come oldest due first.

    `covered`: a reason would hold, but unapplied credit covers the money (the band "apply cash").
    `hidden`: it is snoozed. `peace_until`: a level is due, but the customer is left in peace until that day.
    """

    reason: Reason | None
    steps: tuple[Step, ...]
    level: int | None
    actions: tuple[str, ...]
    covered: bool = False
    task: bool = False
    started: bool = False
    hidden: bool = False
    peace_until: date | None = None

    @property
    def listed(self) -> bool:
        """Whether the customer needs action."""
        open_follow_up = self.started and not self.hidden
        return self.reason is not None or self.covered or self.task or open_follow_up


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day's decision looks at again and again."""

    day: date
    chased: tuple[Chased, ...]
    steps: tuple[Step, ...]
    highest: int | None


def decide(facts: Facts, day: date) -> Decision:
    """The list's answer for the customer on a day from `facts.account.as_of` on, if nothing more becomes known."""
    today = _look(facts, day)
    standing = facts.standing
    hidden = standing.snoozed_until is not None and day <= standing.snoozed_until
    reason, covered = _first_reason(facts, today, hidden=hidden)
    steps = today.steps if reason in (Reason.PROMISE, Reason.MANUAL, Reason.LEVEL) else ()
    level = max(
        (index for index in (today.highest, *(s.to for s in steps)) if index is not None), default=None
    )
    return Decision(
        reason=reason,
        steps=steps,
        level=level,
        actions=_actions(facts.plan, steps, level),
        covered=covered and reason is None,
        task=standing.task_on is not None and standing.task_on <= day,
        started=standing.started,
        hidden=hidden,
        peace_until=_peace_until(facts, today) if today.steps and reason is None else None,
    )


def next_listed(facts: Facts, after: date) -> date | None:
    """The first day after `after` on which a reason of 3.3 lists the customer, if nothing more becomes known."""
    return next((day for day in turning_days(facts, after) if decide(facts, day).reason is not None), None)


def turning_days(facts: Facts, after: date) -> list[date]:
    """Every day after `after` on which the answer can change by itself, earliest first."""
    return sorted({day for day in _candidates(facts, after) if after < day < date.max})


def _look(facts: Facts, day: date) -> _Day:
    open_items = chased(facts.account, day, tolerances=facts.tolerances)
    if facts.plan is None:
        return _Day(day, open_items, (), None)
    places = facts.standing.places
    followed = (places[c.item.id].level for c in open_items if c.item.id in places)
    return _Day(
        day, open_items, tuple(_due_steps(facts.plan, open_items, places, day)), max(followed, default=None)
    )


def _due_steps(
    plan: PlanTerms, open_items: Iterable[Chased], places: Mapping[int, Place], day: date
) -> Iterator[Step]:
    for candidate in open_items:
        place = places.get(candidate.item.id)
        step = next_step(plan, due_date=candidate.item.due_date, place=place, day=day)
        if step is not None and step.due_on <= day:
            yield Step(candidate, None if place is None else place.level, step.level)


def _first_reason(facts: Facts, today: _Day, *, hidden: bool) -> tuple[Reason | None, bool]:
    """The first reason that holds, and whether unapplied credit alone kept one from holding."""
    covered = False
    if not today.chased:
        return None, covered
    for reason in _reasons(facts, today, hidden=hidden):
        minimums: Mapping[str, int] = {}
        claimable = _sums(today.chased)
        if reason is Reason.LEVEL and facts.plan is not None:
            minimums = facts.plan.minimum_amounts
            claimable = _sums_for_levels(today)
        rests = {
            currency: sum_ - facts.account.unapplied.get(currency, 0) for currency, sum_ in claimable.items()
        }
        if any(rest > 0 and rest >= minimums.get(currency, 0) for currency, rest in rests.items()):
            return reason, False
        covered = covered or (bool(rests) and all(rest <= 0 for rest in rests.values()))
    return None, covered


def _reasons(facts: Facts, today: _Day, *, hidden: bool) -> Iterator[Reason]:
    """The reasons that hold but for the money, in order."""
    standing, day = facts.standing, today.day
    if _promise_broken(facts, day, hidden=hidden):
        yield Reason.PROMISE
    if hidden:
        return
    if standing.manual_on is not None:
        if standing.manual_on > day:
            return
        yield Reason.MANUAL
    if any(_brings_up(facts, today, step) for step in today.steps):
        yield Reason.LEVEL
    if _review_due(facts, today):
        yield Reason.REVIEW


def _promise_broken(facts: Facts, day: date, *, hidden: bool) -> bool:
    standing = facts.standing
    broken = [promise.terms.broken_on for promise in facts.account.promises if promise.is_broken(day)]
    if standing.last_done_on is not None:
        broken = [on for on in broken if on > standing.last_done_on]
    if hidden and standing.snoozed_on is not None:
        broken = [on for on in broken if on > standing.snoozed_on]
    return bool(broken)


def _brings_up(facts: Facts, today: _Day, step: Step) -> bool:
    if today.highest is not None and step.to <= today.highest and not step.chased.item.overdue(today.day):
        return False
    return today.day >= _free_on(facts, escalates=today.highest is None or step.to > today.highest)


def _free_on(facts: Facts, *, escalates: bool) -> date:
    """The day from which the customer may be contacted again: after the deadline, and the contact gap unless it escalates."""
    standing = facts.standing
    free_on = date.min
    if standing.last_done_on is not None:
        free_on = standing.last_done_on + timedelta(days=standing.last_deadline_days)
    contacts = [day for day in (standing.last_done_on, standing.last_message_on) if day is not None]
    if contacts and not escalates and facts.plan is not None:
        free_on = max(free_on, max(contacts) + timedelta(days=facts.plan.contact_gap_days))
    return free_on


def _peace_until(facts: Facts, today: _Day) -> date | None:
    """The first later day on which a level that is due today may bring the customer up; None if peace is not why."""
    days = [
        _free_on(facts, escalates=today.highest is None or step.to > today.highest) for step in today.steps
    ]
    later = [day for day in days if day > today.day]
    return min(later) if len(later) == len(days) else None


def _review_due(facts: Facts, today: _Day) -> bool:
    plan, standing = facts.plan, facts.standing
    if plan is None or plan.review_after_days is None or standing.last_done_on is None:
        return False
    at_last = any(
        standing.places[c.item.id].level == plan.last for c in today.chased if c.item.id in standing.places
    )
    return at_last and today.day >= standing.last_done_on + timedelta(days=plan.review_after_days)


def _sums(items: Iterable[Chased]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for candidate in items:
        sums[candidate.item.currency] = sums.get(candidate.item.currency, 0) + candidate.amount
    return sums


def _sums_for_levels(today: _Day) -> dict[str, int]:
    """Chased residuals of items overdue or with a level due, in the currencies with a level due."""
    due = {step.chased.item.id for step in today.steps}
    currencies = {step.chased.item.currency for step in today.steps}
    return _sums(
        c
        for c in today.chased
        if c.item.currency in currencies and (c.item.id in due or c.item.overdue(today.day))
    )


def _actions(plan: PlanTerms | None, steps: tuple[Step, ...], level: int | None) -> tuple[str, ...]:
    if plan is None or level is None or not steps:
        return ()
    renews = any(step.to == level for step in steps)
    return tuple(action for action in plan.levels[level].actions if action != "todo" or renews)


def level_terms(facts: Facts, decision: Decision) -> LevelTerms | None:
    """The customer's level; its wording and actions are used."""
    return None if facts.plan is None or decision.level is None else facts.plan.levels[decision.level]


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
    yield _free_on(facts, escalates=True)
    yield _free_on(facts, escalates=False)
    if standing.last_done_on is not None and plan.review_after_days is not None:
        yield standing.last_done_on + timedelta(days=plan.review_after_days)
    for item in facts.account.items:
        place = standing.places.get(item.id)
        step = next_step(plan, due_date=item.due_date, place=place, day=after)
        if step is not None:
            yield step.due_on
        for _, reached in reach_dates(plan, due_date=item.due_date, place=place):
            yield reached
