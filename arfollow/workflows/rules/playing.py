"""Plays a workflow on a simulated clock: what would be done when, with these events and facts. Nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Step
from arfollow.workflows.rules.engine import NO_QUIET, Act, Event, Known, Leave, Rest, Route
from arfollow.workflows.rules.waits import Hours, Place

MOST_STEPS = 1000
"""Steps after which a play ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A step that would be done."""

    at: datetime
    step: Step
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What would be done, in order, and how it ends: `goal`, `end`, or `waiting` where the clock stopped.

    `waits_for`: the events that would go on with it; `until`: when it would go on by itself; None: never.
    """

    steps: tuple[Played, ...]
    ended: str
    until: datetime | None = None
    waits_for: frozenset[str] = frozenset()


def play(
    route: Route,
    *,
    begun: datetime,
    until: datetime,
    place: Place,
    facts_at: Callable[[datetime], Facts],
    events: Sequence[Event] = (),
    quiet: Hours = NO_QUIET,
) -> Play:
    """Play the route from `begun` to `until` (inclusive); events are in the order of their times."""
    played: list[Played] = []
    position, now = route.begin(begun), begun
    for _ in range(MOST_STEPS):
        past = [event for event in events if event.at <= now]
        known = Known(facts=facts_at(now), events=past, place=place, quiet=quiet)
        match route.decide(position, known, now=now):
            case Leave(reason=reason):
                return Play(steps=tuple(played), ended=reason)
            case Act(step=step, round=round_, after=after):
                played.append(Played(at=now, step=step, round=round_))
                position = after
            case Rest() as rest:
                wakes = [at for at in (rest.until, _next(events, now)) if at is not None and at <= until]
                if not wakes:
                    return Play(steps=tuple(played), ended="waiting", until=rest.until, waits_for=rest.events)
                position, now = rest.at, min(wakes)
    return Play(steps=tuple(played), ended="waiting")


def _next(events: Sequence[Event], now: datetime) -> datetime | None:
    return next((event.at for event in events if event.at > now), None)
