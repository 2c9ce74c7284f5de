"""Which way somebody took at a step that branches, and by which facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arfollow.workflows.rules.conditions import Value, facts_of
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Step
from arfollow.workflows.rules.engine import Act, Decision, Known, Leave, Position, Rest
from arfollow.workflows.rules.facts import ENROLMENT, all_facts, is_about
from arfollow.workflows.rules.settings import steps_meant
from arfollow.workflows.rules.waits import today_at

CHOSEN_BY = "chosen by"
"""Who sent somebody on a way, where no fact did."""


def took(decision: Decision) -> Mapping[str, str]:
    """The outcomes by the keys of the steps that branch."""
    match decision:
        case Leave(took=took) | Act(after=Position(took=took)) | Rest(at=Position(took=took)):
            return took


NOT_SENT = "not_sent"
"""What a wait was about, and nobody could answer."""


def decided_by(
    step: Step, outcome: str, known: Known, *, now: Any, never_sent: Sequence[str] = ()
) -> dict[str, Any]:
    """The facts that the step looked at, as JSON holds them; of a wait: what the event that answered it told.

    `never_sent`: the names of the messages that it would have been about, where it was over for that.
    """
    if outcome == TIMED_OUT and never_sent:
        return {NOT_SENT: list(never_sent)}
    if step.kind is Kind.WAIT_FOR:
        return _answer(step, outcome, known)
    names: set[str] = set()
    for branch in step.branches:
        names |= facts_of(branch.condition)
        if branch.outcome == outcome:
            break
    facts = all_facts(known.facts, events=known.events, now=now, place=known.place)
    return {name: as_json(facts.get(name)) for name in sorted(names)}


def as_json(value: Value) -> Any:
    """A fact as JSON holds it."""
    match value:
        case tuple():
            return list(value)
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _answer(step: Step, outcome: str, known: Known) -> dict[str, Any]:
    if outcome == TIMED_OUT:
        return {}
    of = steps_meant(step.settings.get("of"))
    found = [
        each
        for each in known.events
        if each.kind == outcome and (not of or is_about(each, of, enrolment=known.enrolment))
    ]
    if not found:
        return {}
    came = {f"event.{outcome}.at": today_at(found[-1].at, known.place).isoformat()}
    told = found[-1].facts.items()
    return came | {name: as_json(value) for name, value in told if name != ENROLMENT}
