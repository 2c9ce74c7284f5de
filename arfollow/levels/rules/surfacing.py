"""Who is on the list on a day, why, and at which level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.levels.rules.facts import Decision, Facts, Reason, Step
from arfollow.levels.rules.steps import NextStep, Pace, Place, PlanTerms, next_step
from arfollow.receivables.rules.accounts import Chased, chased


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day's decision looks at again and again."""

    day: date
    chased: tuple[Chased, ...]
    steps: tuple[Step, ...]
    highest: int | None


@dataclass(frozen=True, slots=True)
class Lasting:
    """What stays as it is on all later days, worked out once for many of them; None: it does not stay.

    `chased`: the chaseable items; `steps`: the next level of each open item, by its id.
    """

    chased: tuple[Chased, ...] | None
    steps: Mapping[int, NextStep | None] | None


def lasting(facts: Facts, day: date) -> Lasting:
    """What does not change from that day on, if nothing more becomes known."""
    account, plan, places = facts.account, facts.plan, facts.standing.places
    holds = (account.hold_until, *(item.hold_until for item in account.items))
    changes = any(holds) or any(promise.is_open(day) for promise in account.promises)
    steps = None
    if plan is not None and plan.pace is Pace.STEP:
        steps = {
            item.id: next_step(plan, due_date=item.due_date, place=places.get(item.id), day=day)
            for item in account.items
        }
    return Lasting(None if changes else chased(account, day, tolerances=facts.tolerances), steps)


_NOTHING = Lasting(None, None)


def decide(facts: Facts, day: date, known: Lasting = _NOTHING) -> Decision:
    """The list's answer for the customer on a day from `facts.account.as_of` on, if nothing more becomes known.

    `known`: what was found to last from an earlier day on.
    """
    today = _look(facts, day, known)
    standing = facts.standing
    hidden = standing.snoozed_until is not None and day <= standing.snoozed_until
    reason, covered = _first_reason(facts, today, hidden=hidden)
    steps = today.steps if reason in (Reason.PROMISE, Reason.MANUAL, Reason.LEVEL) else ()
    level, actions = _level_and_actions(facts, today, steps)
    return Decision(
        reason=reason,
        steps=steps,
        level=level,
        actions=actions,
        covered=covered and reason is None,
        task=standing.task_on is not None and standing.task_on <= day,
        started=standing.begun is not None,
        undelivered=standing.undelivered,
        hidden=hidden,
        peace_until=_peace_until(facts, today) if today.steps and reason is None else None,
        below_minimum=reason is None and any(_brings_up(facts, today, step) for step in today.steps),
    )


def is_early(facts: Facts, day: date, *, level_id: int) -> bool:
    """Whether an item that is not overdue yet goes to that level: one that follows a courtesy reminder can be due so early."""
    levels = facts.plan.levels if facts.plan else ()
    return any(
        levels[step.to].id == level_id and not step.chased.item.overdue(day)
        for step in decide(facts, day).steps
    )


def _look(facts: Facts, day: date, known: Lasting) -> _Day:
    open_items = known.chased
    if open_items is None:
        open_items = chased(facts.account, day, tolerances=facts.tolerances)
    if facts.plan is None:
        return _Day(day, open_items, (), None)
    places = facts.standing.places
    followed = (places[c.item.id].level for c in open_items if c.item.id in places)
    highest = max(followed, default=None)
    steps = _due_steps(facts.plan, open_items, places, day, known.steps)
    if facts.standing.undelivered:
        # Nobody knows whether the last message arrived: until somebody decides, nothing goes beyond it.
        steps = (step for step in steps if highest is not None and step.to <= highest)
    return _Day(day, open_items, tuple(steps), highest)


def _due_steps(
    plan: PlanTerms,
    open_items: Iterable[Chased],
    places: Mapping[int, Place],
    day: date,
    known: Mapping[int, NextStep | None] | None,
) -> Iterator[Step]:
    for candidate in open_items:
        item = candidate.item
        place = places.get(item.id)
        if known is not None:
            step = known[item.id]
        else:
            step = next_step(plan, due_date=item.due_date, place=place, day=day)
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
    return today.day >= _free_on(facts, today, step)


def _free_on(facts: Facts, today: _Day, step: Step) -> date:
    if today.highest is None:
        return first_free_on(facts)
    return free_on(facts, escalates=step.to > today.highest)


def first_free_on(facts: Facts) -> date:
    """The same for who was never followed: an escalation that leaves the contact gap after what something else sent.

    Such a message is no level's, so that no rhythm of levels has begun with it.
    """
    other_on, plan = facts.standing.other_message_on, facts.plan
    free = free_on(facts, escalates=True)
    if other_on is None or plan is None:
        return free
    return max(free, other_on + timedelta(days=plan.contact_gap_days))


def free_on(facts: Facts, *, escalates: bool) -> date:
    """The day from which the customer may be contacted again: after the deadline, and the contact gap unless it escalates."""
    standing = facts.standing
    free_on = date.min
    if standing.last_done_on is not None:
        free_on = standing.last_done_on + timedelta(days=standing.last_deadline_days)
    days = (standing.last_done_on, standing.last_message_on, standing.other_message_on)
    contacts = [day for day in days if day is not None]
    if contacts and not escalates and facts.plan is not None:
        free_on = max(free_on, max(contacts) + timedelta(days=facts.plan.contact_gap_days))
    return free_on


def _peace_until(facts: Facts, today: _Day) -> date | None:
    """The first later day on which a level that is due today may bring the customer up; None if peace is not why."""
    days = [_free_on(facts, today, step) for step in today.steps]
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


def _level_and_actions(
    facts: Facts, today: _Day, steps: tuple[Step, ...]
) -> tuple[int | None, tuple[str, ...]]:
    """The customer's level and what it asks for: the frozen ones while a follow-up is begun."""
    begun = facts.standing.begun
    if begun is not None:
        reached = [place.level for place in begun.places.values()] if _is_owed(facts, today) else []
        return begun.level, _actions(facts.plan, reached, begun.level)
    reached = [step.to for step in steps]
    levels = reached if today.highest is None else [today.highest, *reached]
    level = max(levels, default=None)
    return level, _actions(facts.plan, reached, level)


def _is_owed(facts: Facts, today: _Day) -> bool:
    """Whether chaseable items are worth more than the unapplied credit, in some currency."""
    unapplied = facts.account.unapplied
    return any(sum_ > unapplied.get(currency, 0) for currency, sum_ in _sums(today.chased).items())


def _actions(plan: PlanTerms | None, reached: Sequence[int], level: int | None) -> tuple[str, ...]:
    """What the level asks for; `reached`: the levels that items go to."""
    if plan is None or level is None or not reached:
        return ()
    return tuple(action for action in plan.levels[level].actions if action != "todo" or level in reached)
