"""What comes next for somebody who is in a workflow: when, if nothing happens, and what each thing that may happen leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Step
from arfollow.workflows.rules.engine import Known, Position, Route
from arfollow.workflows.rules.playing import Play, Played, play

HORIZON = timedelta(days=3 * 366)
MOST_STEPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an answer to the present wait leads to; `first` None: to nothing more, or to a wait for something else."""

    outcome: str
    label: str
    first: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is to come. `coming`: the next steps if nothing happens, in order; `more`: there are others after them.

    `step`: where it stands; None: at the end. `until`: when it goes on by itself; None: only when something happens.
    `ended`: `end` or `goal` where it would leave, at `ended_at`; `waiting`: it does not within three years.
    """

    step: Step | None
    until: datetime | None
    coming: tuple[Played, ...]
    more: bool
    ended: str
    ended_at: datetime
    turns: tuple[Turn, ...]


def forecast(route: Route, position: Position, known: Known, *, now: datetime) -> Forecast:
    """What is to come for the position, on today's facts."""
    stands = _play(route, position, known, now, now)
    ahead = _play(route, position, known, now, now + HORIZON)
    at = stands.position if stands.ended == "waiting" and not stands.steps else position
    step = route.step(at.step) if at is not None and at.step is not None else None
    return Forecast(
        step=step,
        until=stands.until if not stands.steps else now,
        coming=ahead.steps[:MOST_STEPS],
        more=len(ahead.steps) > MOST_STEPS,
        ended=ahead.ended,
        ended_at=ahead.ended_at,
        turns=turns(route, at, step) if at is not None and step is not None else (),
    )


def turns(route: Route, position: Position, step: Step) -> tuple[Turn, ...]:
    """What each answer to the wait that somebody stands at leads to; none: it waits for nothing but time."""
    if step.kind is not Kind.WAIT_FOR:
        return ()
    return tuple(
        Turn(
            outcome=branch.outcome,
            label=branch.label,
            first=_first_act(route, route.after(position.step or "", branch.outcome)),
        )
        for branch in step.branches
        if branch.outcome != TIMED_OUT
    )


def _first_act(route: Route, key: str | None) -> Step | None:
    """The first step that does something, if no branch or wait for an answer stands before it."""
    while key is not None:
        step = route.step(key)
        if step.acts:
            return step
        if step.kind not in (Kind.WAIT, Kind.WAIT_UNTIL):
            return None
        key = route.after(key)
    return None


def _play(route: Route, position: Position, known: Known, now: datetime, until: datetime) -> Play:
    return play(
        route,
        position=replace(position, took={}),
        begun=now,
        until=until,
        place=known.place,
        facts_at=lambda _at: known.facts,
        events=known.events,
        quiet=known.quiet,
        key=known.key,
        enrolment=known.enrolment,
    )
