"""What comes next: when and why a customer is on the list again, after a Done or if nothing more happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from arfollow.levels.rules.explaining import Explanation, explain
from arfollow.levels.rules.facts import Decision, Facts, level_terms
from arfollow.levels.rules.steps import Place
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.rules.turning import next_listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What Done does: the places that items go to, and the days to the deadline of the level that was used."""

    places: Mapping[int, Place]
    deadline_days: int


class Rest(StrEnum):
    """What a level that is due waits for."""

    DEADLINE = "deadline"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Why a customer is on the list or not today (`now`), and why it is on it next (`next`, on `next_on`; None: never).

    Next of a listed customer means: after a Done today. `deadline_on`: the deadline of the last Done, if there was one.
    `rest`: what alone kept `next` from coming before `next_on`, if the customer is left in peace until then.
    """

    listed: bool
    now: Explanation
    next_on: date | None
    next: Explanation | None
    deadline_on: date | None
    rest: Rest | None = None


def outlook(facts: Facts, day: date) -> Outlook:
    """What a page says about the customer's place on the list."""
    decision = decide(facts, day)
    later = after_done(facts, moves(facts, decision, day), day) if decision.listed else facts
    next_on = next_listed(later, day)
    return Outlook(
        listed=decision.listed,
        now=explain(facts, day),
        next_on=next_on,
        next=explain(later, next_on) if next_on else None,
        deadline_on=_deadline(facts),
        rest=_rest(later, next_on) if next_on else None,
    )


def _deadline(facts: Facts) -> date | None:
    done_on = facts.standing.last_done_on
    return done_on + timedelta(days=facts.standing.last_deadline_days) if done_on else None


def _rest(facts: Facts, next_on: date) -> Rest | None:
    if decide(facts, next_on - timedelta(days=1)).peace_until != next_on:
        return None
    return Rest.DEADLINE if _deadline(facts) == next_on else Rest.GAP


def moves(facts: Facts, decision: Decision, day: date) -> Moves:
    """What a Done on the day does: to what was frozen when the follow-up was begun, else to everything that is due."""
    begun = facts.standing.begun
    if begun is not None:
        return Moves(places=begun.places, deadline_days=begun.deadline_days)
    level = level_terms(facts, decision)
    return Moves(
        places={step.chased.item.id: Place(step.to, day) for step in decision.steps},
        deadline_days=level.deadline_days if level else 0,
    )


def after_done(facts: Facts, done: Moves, day: date) -> Facts:
    """The facts once a follow-up is Done: a snooze ends, a Manual reminder dated on the day or earlier is used up."""
    standing = facts.standing
    manual_on = standing.manual_on
    return replace(
        facts,
        standing=replace(
            standing,
            places={**standing.places, **done.places},
            last_done_on=day,
            last_deadline_days=done.deadline_days,
            snoozed_until=None,
            snoozed_on=None,
            manual_on=manual_on if manual_on is not None and manual_on > day else None,
            begun=None,
        ),
    )
