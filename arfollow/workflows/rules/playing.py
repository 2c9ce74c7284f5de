"""Plays a workflow on a simulated clock: what would be done when, with these events and facts. Nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.engine import (
    NO_QUIET,
    Act,
    Known,
    Leave,
    Position,
    Rest,
    Route,
    starts,
)
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.turns import took
from arfollow.workflows.rules.waits import Hours, Place

MOST_STEPS = 1000
"""Steps after which a play ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A step that would be done. `path`: 0: on the main route; else on one that an event started, counted from 1."""

    at: datetime
    step: Step
    round: int
    path: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What would be done, in order, and how it ends: `goal`, `end`, or `waiting` where the clock stopped.

    `waits_for`: the events that would go on with it; `until`: when it would go on by itself; None: never.
    `paths`: those taken, each as the key of the step that branches and the outcome. `position`: where it stands while it waits.
    """

    steps: tuple[Played, ...]
    ended: str
    ended_at: datetime
    paths: frozenset[tuple[str, str]] = frozenset()
    until: datetime | None = None
    waits_for: frozenset[str] = frozenset()
    position: Position | None = None


def play(
    route: Route,
    *,
    begun: datetime,
    until: datetime,
    place: Place,
    facts_at: Callable[[datetime], Facts],
    events: Sequence[Event] = (),
    quiet: Hours = NO_QUIET,
    key: str = "",
    enrolment: str = "",
    position: Position | None = None,
) -> Play:
    """Play the route from `begun` to `until` (inclusive), or from `position` on; events are in the order of their times."""
    played: list[Played] = []
    paths: set[tuple[str, str]] = set()
    position, now = position or route.begin(begun), begun
    for _ in range(MOST_STEPS):
        past = [event for event in events if event.at <= now]
        known = Known(
            facts=facts_at(now), events=past, place=place, quiet=quiet, key=key, enrolment=enrolment
        )
        decision = route.decide(position, known, now=now)
        paths.update(took(decision).items())
        match decision:
            case Leave(reason=reason):
                return Play(steps=tuple(played), ended=reason, ended_at=now, paths=frozenset(paths))
            case Act(step=step, round=round_, after=after):
                played.append(Played(at=now, step=step, round=round_))
                position = after
            case Rest() as rest:
                wakes = [at for at in (rest.until, _next(events, now)) if at is not None and at <= until]
                if not wakes:
                    return _waiting(played, rest, until, paths)
                position, now = rest.at, min(wakes)
    return Play(steps=tuple(played), ended="waiting", ended_at=now, paths=frozenset(paths), position=position)


def play_whole(
    definition: Definition,
    *,
    begun: datetime,
    until: datetime,
    place: Place,
    facts_at: Callable[[datetime], Facts],
    events: Sequence[Event] = (),
    quiet: Hours = NO_QUIET,
    key: str = "",
) -> Play:
    """Play the main route, and those that events start while the customer is in it; what is done is in the order of its time.

    `until`: when one of them would go on by itself.
    """
    rest = partial(play, until=until, place=place, facts_at=facts_at, events=events, quiet=quiet, key=key)
    main = rest(Route(definition), begun=begun)
    plays = [main]
    for path, (which, event) in enumerate(_started(definition, events, begun, main.ended_at, facts_at), 1):
        beside = rest(Route(definition, whenever=which), begun=event.at)
        plays.append(replace(beside, steps=tuple(replace(step, path=path) for step in beside.steps)))
    steps = sorted((step for each in plays for step in each.steps), key=lambda step: step.at)
    paths = frozenset().union(*(each.paths for each in plays))
    untils = [each.until for each in plays if each.until is not None]
    return replace(main, steps=tuple(steps), paths=paths, until=min(untils, default=None))


def _started(
    definition: Definition,
    events: Sequence[Event],
    begun: datetime,
    ended: datetime,
    facts_at: Callable[[datetime], Facts],
) -> Iterator[tuple[int, Event]]:
    """Which route each event starts."""
    for event in events:
        if begun <= event.at <= ended:
            for which, whenever in enumerate(definition.whenever):
                if starts(whenever, event, facts_at(event.at)):
                    yield which, event


def _waiting(played: Sequence[Played], rest: Rest, until: datetime, paths: set[tuple[str, str]]) -> Play:
    return Play(
        steps=tuple(played),
        ended="waiting",
        ended_at=until,
        paths=frozenset(paths),
        until=rest.until,
        waits_for=rest.events,
        position=rest.at,
    )


def _next(events: Sequence[Event], now: datetime) -> datetime | None:
    return next((event.at for event in events if event.at > now), None)
