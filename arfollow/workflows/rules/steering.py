"""Where somebody stands after a colleague skips a step, moves them, begins anew, or resumes what was paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from arfollow.workflows.rules.definition import MESSAGES, TIMED_OUT, Definition, Kind, Step
from arfollow.workflows.rules.engine import Known, Position, Route
from arfollow.workflows.rules.playing import Play, Played, play
from arfollow.workflows.rules.settings import steps_meant

_MOMENT = timedelta(microseconds=1)


class Resuming(StrEnum):
    """What becomes of the steps whose time came while a workflow was paused."""

    SKIP = "skip"
    LATEST = "latest"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """How somebody goes on. `position` None: they leave, for `reason`; `skipped`: the steps that are not done any more."""

    position: Position | None
    reason: str = ""
    skipped: tuple[Played, ...] = ()


def seen(position: Position, *, version_id: int, path: int = 0) -> str:
    """What a form carries to say where somebody stood when its page was made."""
    entered = position.entered_at.timestamp()
    return f"{version_id}:{path}:{position.step or ''}:{position.round}:{entered:.6f}"


def outcomes_of(step: Step) -> tuple[str, ...]:
    """The ways that lead on from a step when it is skipped, the usual one first; none: there is but one."""
    found = [branch.outcome for branch in step.branches]
    return tuple(sorted(found, key=lambda outcome: outcome != TIMED_OUT))


def skipped(route: Route, position: Position, *, outcome: str = "", now: datetime) -> Position:
    """Where it stands past the step that it stands at, on the path of `outcome`; none given: as if nothing came."""
    key = position.step or ""
    step = route.step(key)
    ways = outcomes_of(step)
    outcome = outcome if outcome in ways else next(iter(ways), "")
    match step.kind:
        case Kind.GO_TO:
            return moved(route, position, to=str(step.settings["step"]), done=(), now=now)
        case Kind.RESTART:
            return restarted(route, position, now=now)
        case Kind.END:
            return replace(position, step=None, entered_at=now)
        case _:
            lost = {key} if step.kind in MESSAGES else set()
            after = route.after(key, outcome)
            return replace(position, step=after, entered_at=now, unsent=position.unsent | lost)


def moved(route: Route, position: Position, *, to: str, done: Sequence[str], now: datetime) -> Position:
    """Where it stands at the step `to`. `done`: the steps of this round that have a run.

    If that step, or one drawn after it, was done in this round, a new one begins: no step comes twice in a round.
    """
    again = any(key in route and route.is_back(to, of=key) for key in done)
    is_back = position.step is not None and position.step in route and route.is_back(to, of=position.step)
    return replace(position, step=to, entered_at=now, round=position.round + (again or is_back))


def restarted(route: Route, position: Position, *, now: datetime) -> Position:
    """At the beginning, in a new round."""
    return Position(step=route.first, entered_at=now, round=position.round + 1)


def path_of(definition: Definition, step: str | None) -> int | None:
    """Which "whenever" of the definition the step is in, counted from 0; None: in none."""
    for which in range(len(definition.whenever)):
        if step in Route(definition, whenever=which):
            return which
    return None


def carried_over(new: Route, position: Position, *, to: str | None, done: Sequence[str]) -> Position | None:
    """The position in another version: at `to`, at the step of its key, or past the end; None: that step is gone, somebody has to choose."""
    key = to or position.step
    if key is None:
        return position
    if key not in new:
        return None
    if key != position.step:
        return moved(new, position, to=key, done=done, now=position.entered_at)
    # What the new version has after it may have been done already, as the old one had it before.
    again = any(each in new and new.is_back(key, of=each) and each != key for each in done)
    return replace(position, round=position.round + again)


def resumed(
    route: Route, position: Position, known: Known, *, choice: Resuming, paused_at: datetime, now: datetime
) -> Resumed:
    """How somebody goes on after a pause."""
    if choice is Resuming.SHIFT:
        return Resumed(position=shifted(route, position, known, length=now - paused_at))
    played = missed(route, position, known, paused_at=paused_at, now=now)
    if choice is Resuming.LATEST and played.steps:
        *earlier, last = played.steps
        return Resumed(position=_before(last, position, earlier), skipped=tuple(earlier))
    if played.ended != "waiting":
        return Resumed(position=None, reason=played.ended, skipped=played.steps)
    return Resumed(position=played.position if played.steps else position, skipped=played.steps)


def missed(route: Route, position: Position, known: Known, *, paused_at: datetime, now: datetime) -> Play:
    """What would have been done between the two instants, on today's facts."""
    return play(
        route,
        position=position,
        begun=paused_at,
        until=now,
        place=known.place,
        facts_at=lambda _at: known.facts,
        events=known.events,
        quiet=known.quiet,
        key=known.key,
        enrolment=known.enrolment,
    )


def shifted(route: Route, position: Position, known: Known, *, length: timedelta) -> Position:
    """As if the pause had not been: its wait began so much later; but an answer that came meanwhile is still one."""
    begun = position.entered_at + length
    step = route.step(position.step) if position.step else None
    if step is not None and step.kind is Kind.WAIT_FOR and not steps_meant(step.settings.get("of")):
        awaited = {branch.outcome for branch in step.branches}
        answers = [e.at for e in known.events if e.kind in awaited and e.at > position.entered_at]
        begun = min([begun, *(at - _MOMENT for at in answers)])
    return replace(position, entered_at=begun)


def _before(last: Played, position: Position, earlier: Sequence[Played]) -> Position:
    ran = {**position.ran, **{each.step.key: each.at for each in earlier}}
    return Position(step=last.step.key, entered_at=last.at, round=last.round, ran=ran)
