"""The engine: a position on a route, what is known, an instant. What now?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TypeAlias

from arfollow.values.refusals import N_, Refusal
from arfollow.workflows.rules.conditions import Condition, Facts, facts_of, holds
from arfollow.workflows.rules.definition import OTHERWISE, TIMED_OUT, Definition, Kind, Laid, Step, Whenever
from arfollow.workflows.rules.facts import Event, all_facts, bases, events_of, is_about, of_one, plain
from arfollow.workflows.rules.settings import steps_meant
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.rules.unsent import never_sent
from arfollow.workflows.rules.waits import Hours, Place, Unit, Wait, end_of, on_day, outside
from arfollow.workflows.rules.watching import watched_by

MOST_MOVES = 100
"""Steps that only move along, one after the other, before the engine takes the route for a circle without a wait."""


NO_QUIET = Hours(first=time(0), last=time(0))


class CircleError(Refusal, RuntimeError):
    """The route goes in a circle without ever waiting or doing anything."""

    def __init__(self, key: str) -> None:
        super().__init__(N_("The route goes in a circle through “%(key)s” without a wait."), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where somebody stands. `step` None: at the end. `round`: how often the route has begun anew; `entered_at`: an instant.

    `ran`: when each step of this round was done, by key; `unsent`: its messages that were not sent, and will not be;
    `took`: which path was taken at each step of it that branches.
    """

    step: str | None
    entered_at: datetime
    round: int = 1
    ran: Mapping[str, datetime] = field(default_factory=dict)
    unsent: frozenset[str] = frozenset()
    took: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the engine may look at: facts as they are now, and the customer's events since the one that enrolled, oldest first.

    That one comes before the customer entered, so that it answers no wait. What events told is known as facts, too.
    `key`: which of the customer's enrolments this is, such as an appointment; events about another are passed over.
    `enrolment`: its id, by which events tell it from the customer's others in any workflow; empty: it has none.
    """

    facts: Facts
    events: Sequence[Event]
    place: Place
    quiet: Hours = NO_QUIET
    key: str = ""
    enrolment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Do what the step says, and stand at `after`."""

    step: Step
    round: int
    after: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Stay at `at`. `until`: None: for ever, unless one of `events` comes, or a fact changes where `facts` names some."""

    at: Position
    until: datetime | None
    events: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The customer is through: `reason` is `goal` or `end`; `took`: as in a position."""

    reason: str
    took: Mapping[str, str] = field(default_factory=dict)


Decision: TypeAlias = Act | Rest | Leave


class Route:
    """A definition made ready for walking. Raise KeyError for a step that it does not have."""

    def __init__(self, definition: Definition, *, whenever: int | None = None) -> None:
        self.definition = definition
        self._places: dict[str, Laid] = {}
        self._drawn = {step.key: at for at, step in enumerate(definition.steps())}
        steps = definition.route if whenever is None else definition.whenever[whenever].route
        self.first = self._lay(steps, None)

    def _lay(self, steps: Sequence[Step], after: str | None) -> str | None:
        """Lay the steps so that the last one leads to `after`; gives the key of the first."""
        for step in reversed(steps):
            outcomes = {branch.outcome: self._lay(branch.route, after) for branch in step.branches}
            self._places[step.key] = Laid(step, after, outcomes)
            after = step.key
        return after

    def begin(self, at: datetime) -> Position:
        """The position of somebody who enters."""
        return Position(step=self.first, entered_at=at)

    def __contains__(self, key: object) -> bool:
        """Whether the step is on this route."""
        return key in self._places

    def step(self, key: str) -> Step:
        """The step of that key; raise KeyError."""
        return self._places[key].step

    def after(self, key: str, outcome: str = "") -> str | None:
        """The step that comes after it, or on the path of that outcome; None: the end."""
        place = self._places[key]
        return place.outcomes.get(outcome, place.next)

    def is_back(self, key: str, *, of: str) -> bool:
        """Whether the step is drawn no later than the other."""
        return self._drawn[key] <= self._drawn[of]

    def decide(self, position: Position, known: Known, *, now: datetime) -> Decision:
        """What happens now. An act is to be done once in a round; then the engine is asked again."""
        events = of_one(known.events, name=key_name(self.definition.trigger), key=known.key)
        facts = all_facts(known.facts, events=events, now=now, place=known.place)
        decision = self._decide(position, replace(known, facts=facts, events=events), now)
        if isinstance(decision, Rest):
            goal = facts_of(self.definition.goal)
            return replace(
                decision,
                events=decision.events | events_of(goal | decision.facts),
                facts=decision.facts | bases(goal),
            )
        return decision

    def _decide(self, position: Position, known: Known, now: datetime) -> Decision:
        if self.definition.goal is not None and holds(self.definition.goal, known.facts):
            return Leave(reason="goal", took=position.took)
        for _ in range(MOST_MOVES):
            if position.step is None:
                return Leave(reason="end", took=position.took)
            place = self._places[position.step]
            if place.step.acts:
                return self._act(place, position, known, now)
            moved = self._move(place, position, known, now)
            if isinstance(moved, Rest | Leave):
                return moved
            position = moved
        raise CircleError(position.step or "")

    def _act(self, place: Laid, position: Position, known: Known, now: datetime) -> Decision:
        if place.step.kind is Kind.SMS or place.step.settings.get("channel") == "sms":
            allowed = outside(known.quiet, wanted=now, place=known.place)
            if allowed > now:
                return Rest(at=position, until=allowed)
        ran = {**position.ran, place.step.key: now}
        unsent = position.unsent - {place.step.key}
        after = replace(position, step=place.next, entered_at=now, ran=ran, unsent=unsent)
        return Act(step=place.step, round=position.round, after=after)

    def _move(self, place: Laid, position: Position, known: Known, now: datetime) -> Position | Rest | Leave:
        step = place.step
        match step.kind:
            case Kind.WAIT | Kind.WAIT_UNTIL:
                return self._over(place, position, _until(step, position, known), now)
            case Kind.WAIT_FOR:
                return self._answered(place, position, known, now)
            case Kind.BRANCH:
                return self._path(_outcome(step, known.facts), place, position, now)
            case Kind.GO_TO:
                return self._jump(step, position, now)
            case Kind.RESTART:
                return Position(step=self.first, entered_at=now, round=position.round + 1)
            case _:
                return Leave(reason="end", took=position.took)

    def _jump(self, step: Step, position: Position, now: datetime) -> Position:
        """Back is a new round: in one round the route only goes forward, so that no step comes twice in it."""
        target = str(step.settings["step"])
        is_back = self._drawn[target] <= self._drawn[step.key]
        return replace(self._to(target, position, now), round=position.round + is_back)

    def _over(
        self, place: Laid, position: Position, until: datetime | None, now: datetime
    ) -> Position | Rest:
        if until is None or until > now:
            return Rest(at=position, until=until, facts=watched_by(place.step))
        # The next wait begins when this one was over, not when a worker came to it; a day long past was over at once.
        return replace(position, step=place.next, entered_at=max(until, position.entered_at))

    def _answered(self, place: Laid, position: Position, known: Known, now: datetime) -> Position | Rest:
        step = place.step
        until = _until(step, position, known)
        for event in known.events:
            in_time = until is None or event.at < until
            if event.kind in place.outcomes and in_time and _counts(event, step, position, known):
                return self._path(event.kind, place, position, max(event.at, position.entered_at))
        if until is not None and until <= now:
            return self._path(TIMED_OUT, place, position, max(until, position.entered_at))
        if self.never_sent(step, position):
            return self._path(TIMED_OUT, place, position, position.entered_at)
        awaited = frozenset(place.outcomes) - {TIMED_OUT}
        return Rest(at=position, until=until, events=awaited, facts=watched_by(step))

    def never_sent(self, wait: Step, position: Position) -> tuple[str, ...]:
        """The messages that the wait is about, where none was sent, so that it is over at once; empty: something may come."""
        return never_sent(wait, self._places, first=self.first, sent=position.ran, unsent=position.unsent)

    def _path(self, outcome: str, place: Laid, position: Position, at: datetime) -> Position:
        took = {**position.took, place.step.key: outcome}
        return replace(self._to(place.outcomes.get(outcome, place.next), position, at), took=took)

    def _to(self, key: str | None, position: Position, at: datetime) -> Position:
        return replace(position, step=key, entered_at=at)


def starts(whenever: Whenever, event: Event, facts: Facts) -> bool:
    """Whether the event starts the route; its condition asks the facts, and what the event tells by its plain name."""
    if event.kind != whenever.event:
        return False
    return holds(whenever.condition, {**facts, **plain(event).facts})


def _until(step: Step, position: Position, known: Known) -> datetime | None:
    """When the wait is over; None: nobody knows the day that it waits for."""
    if "field" not in step.settings:
        return end_of(_wait(step.settings), begun=position.entered_at, place=known.place)
    day = known.facts.get(str(step.settings["field"]))
    if not isinstance(day, date):
        return None
    at = _time(step.settings.get("at")) or time(9)
    return on_day(day, days=int(step.settings.get("days", 0)), at=at, place=known.place)


def _outcome(step: Step, facts: Facts) -> str:
    """The first branch whose condition holds."""
    for branch in step.branches:
        if branch.condition is not None and holds(branch.condition, facts):
            return branch.outcome
    return OTHERWISE


def _counts(event: Event, step: Step, position: Position, known: Known) -> bool:
    """Whether the event answers this wait: since the first of the steps that it may be about, else after the wait began."""
    of = steps_meant(step.settings.get("of"))
    if of:
        done = [position.ran[key] for key in of if key in position.ran]
        is_its = is_about(event, of, enrolment=known.enrolment)
        is_new = is_its and event.at >= min(done, default=position.entered_at)
    else:
        # The event that led here was the answer to something else.
        is_new = event.at > position.entered_at
    return is_new and holds(_asked(step, event), plain(event).facts)


def _asked(step: Step, event: Event) -> Condition | None:
    return next((branch.condition for branch in step.branches if branch.outcome == event.kind), None)


def _wait(settings: Mapping[str, object]) -> Wait:
    return Wait(
        amount=int(str(settings["amount"])),
        unit=Unit(str(settings.get("unit", Unit.DAYS.value))),
        at=_time(settings.get("at")),
        only_working_days=bool(settings.get("only_working_days", False)),
    )


def _time(value: object) -> time | None:
    return value if isinstance(value, time) else time.fromisoformat(value) if isinstance(value, str) else None
