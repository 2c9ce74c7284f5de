"""A dry run: a workflow on a simulated clock that somebody moves by saying what happens next. Nothing is done or kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from arfollow.workflows.rules.conditions import All, Condition, Facts, Not, Some, Test, Value, facts_of
from arfollow.workflows.rules.definition import MESSAGES, TIMED_OUT, Definition, Kind, Step
from arfollow.workflows.rules.engine import Position, Route
from arfollow.workflows.rules.facts import Event, bases
from arfollow.workflows.rules.playing import Play, play_whole
from arfollow.workflows.rules.settings import steps_meant
from arfollow.workflows.rules.triggers import EVENTS, begins_by, key_name
from arfollow.workflows.rules.waits import Place
from arfollow.workflows.rules.watching import watched_facts

MOST_ACTIONS = 200
MOMENT = timedelta(minutes=1)
"""How long after the clock something happens, so that it comes after what was done."""

PAID: Facts = {
    "money.open": 0,
    "money.overdue": 0,
    "money.owes": False,
    "invoice.open": 0,
    "invoice.paid": True,
}
_MONEY = ("money.", "invoice.")
_TOLD = ("event.", "answer.", "in_a_row.", *_MONEY)
_UNASKED = frozenset({"survey", "map_link", "guide_link", "video_link"})
_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody says happens next. do: `next` (nothing, until the next date), `day`, `pay`, or `event` with its kind."""

    do: str
    kind: str = ""
    of: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An event that may come now. `asked`: the names of what it tells, which somebody fills in; `of`: the step that it answers.

    `label`: of the branch that it leads to; `survey`: the key of the survey that is answered.
    """

    kind: str
    of: str = ""
    label: str = ""
    asked: tuple[str, ...] = ()
    survey: str = ""
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Where a dry run stands. `step`: None: it is over, or at the end. `can_pay`: the workflow looks at money that is still owed."""

    play: Play
    clock: datetime
    events: tuple[Event, ...]
    step: Step | None
    options: tuple[Option, ...]
    can_pay: bool
    is_paid: bool


def rehearse(
    definition: Definition,
    *,
    start: datetime,
    actions: Sequence[Action],
    facts: Facts,
    entered_by: Event | None,
    place: Place,
    key: str = "",
) -> Rehearsal:
    """Play it through what was said. `entered_by`: the event that enrols, which lies before the start."""
    run = _Run(
        definition,
        start,
        facts=facts,
        events=[entered_by] if entered_by else [],
        place=place,
        key=key,
    )
    for action in actions:
        run.take(action)
    play = run.play()
    position = play.position
    step = _step(definition, position) if play.ended == "waiting" and position else None
    return Rehearsal(
        play=play,
        clock=run.clock,
        events=tuple(run.events),
        step=step,
        options=_options(definition, play, step) if play.ended == "waiting" else (),
        can_pay=run.paid_at is None and _looks_at_money(definition),
        is_paid=run.paid_at is not None,
    )


def asked_facts(definition: Definition) -> Sequence[str]:
    """The facts of a customer by which the workflow decides, but what it owes and what happens in it."""
    names = watched_facts(definition) | bases(facts_of(definition.only))
    told = {name for name in names if name.startswith(_TOLD)}
    return sorted(names - told | {name for name in _days_awaited(definition) if not name.startswith(_MONEY)})


def made_up(definition: Definition, *, start: date) -> dict[str, Value]:
    """Facts of a customer who never was: it owes, can be written to, is on the lists that are asked for, and has every day that is waited for."""
    lists = {str(each.value) for each in _tests(definition.only) if each.fact == "lists" and each.value}
    facts: dict[str, Value] = {
        "customer.email": "customer@example.com",
        "customer.mobile": "+49 170 0000000",
        "consent.email": True,
        "consent.sms": True,
        "consent.letter": True,
        "lists": tuple(sorted(lists)),
        "money.open": 12_000,
        "money.overdue": 12_000,
        "money.owes": True,
        "invoice.open": 12_000,
        "invoice.paid": False,
    }
    if by := begins_by(definition.trigger):
        facts[by[0]] = start - timedelta(days=by[1])
    for name in _days_awaited(definition):
        facts.setdefault(name, start + _AHEAD)
    return facts


def enrolling_event(definition: Definition, *, at: datetime, facts: Facts) -> Event | None:
    """The event that enrols, with what it tells; days that are waited for stand in the facts. None: none does."""
    kind = str(definition.trigger.settings.get("event", ""))
    if not kind:
        return None
    begins = f"event.{kind}."
    told: dict[str, Value] = {name: f"({name.replace('_', ' ')})" for name in EVENTS.get(kind, ())}
    told |= {
        name.removeprefix(begins): value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if name.startswith(begins) and value is not None
    }
    return Event(kind=kind, at=at - MOMENT, facts=told)


class _Run:
    def __init__(
        self,
        definition: Definition,
        start: datetime,
        *,
        facts: Facts,
        events: list[Event],
        place: Place,
        key: str,
    ) -> None:
        self.definition, self.start, self.clock = definition, start, start
        self.facts, self.events, self.place, self.key = facts, events, place, key
        self.paid_at: datetime | None = None

    def take(self, action: Action) -> None:
        """Move the clock by what is said to happen."""
        match action.do:
            case "next":
                until = self.play().until
                self.clock = self.clock if until is None else max(until, self.clock)
            case "day":
                self.clock += timedelta(days=1)
            case "pay":
                self.clock += MOMENT
                self.paid_at = self.paid_at or self.clock
                told: Facts = {"invoice": self.key} if self.key else {}
                self.events.append(Event(kind="payment_received", at=self.clock, facts=told))
            case "event":
                self.clock += MOMENT
                self.events.append(
                    Event(kind=action.kind, at=self.clock, of=action.of, facts=dict(action.facts))
                )

    def play(self) -> Play:
        """What is done up to the clock."""
        return play_whole(
            self.definition,
            begun=self.start,
            until=self.clock,
            place=self.place,
            facts_at=self._facts_at,
            events=self.events,
            key=self.key,
        )

    def _facts_at(self, at: datetime) -> Facts:
        return {**self.facts, **PAID} if self.paid_at is not None and at >= self.paid_at else self.facts


def _step(definition: Definition, position: Position) -> Step | None:
    return Route(definition).step(position.step) if position.step is not None else None


def _options(definition: Definition, play: Play, step: Step | None) -> tuple[Option, ...]:
    """What answers the wait first, then what the goal looks at, then what begins a route beside."""
    found: dict[str, Option] = {}
    for branch in step.branches if step is not None and step.kind is Kind.WAIT_FOR else ():
        if branch.outcome != TIMED_OUT:
            found[branch.outcome] = _option(
                definition, play, step, branch.outcome, label=branch.label, condition=branch.condition
            )
    for whenever in definition.whenever:
        option = _option(definition, play, None, whenever.event, condition=whenever.condition, begins=True)
        found.setdefault(whenever.event, option)
    for kind in sorted(play.waits_for):
        found.setdefault(kind, _option(definition, play, None, kind))
    return tuple(found.values())


def _option(
    definition: Definition,
    play: Play,
    step: Step | None,
    kind: str,
    *,
    label: str = "",
    condition: Condition | None = None,
    begins: bool = False,
) -> Option:
    of = _answered(play, step)
    survey = str(_settings(definition, of).get("survey", "")) if kind == "survey_answered" else ""
    if kind == "survey_answered" and not survey:
        survey = _last_survey(play)
    told = dict.fromkeys([*sorted(facts_of(condition)), *EVENTS.get(kind, ())])
    key = key_name(definition.trigger)
    asked = tuple(name for name in told if name not in _UNASKED and name != key)
    return Option(kind=kind, of=of, label=label, asked=asked, survey=survey, begins=begins)


def _answered(play: Play, step: Step | None) -> str:
    """The step that an answer is about: the last done of those that the wait names, else the last message."""
    of = steps_meant(step.settings.get("of")) if step is not None else ()
    done = [
        each.step.key
        for each in play.steps
        if (each.step.key in of if of else each.step.kind in MESSAGES and each.path == 0)
    ]
    return done[-1] if done else ""


def _last_survey(play: Play) -> str:
    asked = [
        str(each.step.settings.get("survey", "")) for each in play.steps if each.step.kind is Kind.SURVEY
    ]
    return asked[-1] if asked else ""


def _settings(definition: Definition, key: str) -> Mapping[str, object]:
    return next((step.settings for step in definition.steps() if step.key == key), {})


def _days_awaited(definition: Definition) -> Sequence[str]:
    """The days that waits are about."""
    waits = (step for step in definition.steps() if step.kind in (Kind.WAIT_UNTIL, Kind.WAIT_FOR))
    return sorted({str(step.settings["field"]) for step in waits if step.settings.get("field")})


def _looks_at_money(definition: Definition) -> bool:
    return any(name.startswith(_MONEY) for name in watched_facts(definition))


def _tests(condition: Condition | None) -> Sequence[Test]:
    match condition:
        case None:
            return ()
        case Test():
            return (condition,)
        case Not(part=part):
            return _tests(part)
        case All(parts=parts) | Some(parts=parts):
            return tuple(test for part in parts for test in _tests(part))
