"""Asking the engine, and keeping which way it took somebody, for those who ask why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from arfollow.workflows.rules.definition import Kind, Step
from arfollow.workflows.rules.engine import Act, Decision, Known, Leave, Position, Rest, Route
from arfollow.workflows.rules.facts import of_one
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.rules.turns import decided_by, took
from arfollow.workflows.tables import Enrolment, StepTurn


def decide(
    route: Route,
    position: Position,
    known: Known,
    *,
    enrolment: Enrolment,
    path: int,
    now: datetime,
    turns: list[dict[str, Any]],
) -> Decision:
    """What happens now; the turns that lead there join those to be written, each with the facts that decided it."""
    decision = route.decide(replace(position, took={}), known, now=now)
    name = key_name(route.definition.trigger)
    known = replace(known, events=of_one(known.events, name=name, key=known.key))
    for key, outcome in took(decision).items():
        turns.append(
            _turn(
                enrolment=enrolment,
                path=path,
                round_=_round(decision, position),
                step=route.step(key),
                outcome=outcome,
                facts=decided_by(
                    route.step(key), outcome, known, now=now, never_sent=_never_sent(route, key, position)
                ),
                at=now,
            )
        )
    return _with_all(decision, position)


def _never_sent(route: Route, key: str, position: Position) -> list[str]:
    step = route.step(key)
    if step.kind is not Kind.WAIT_FOR:
        return []
    return [route.step(each).name or each for each in route.never_sent(step, position)]


def note_turn(
    session: Session,
    *,
    enrolment: Enrolment,
    path: int,
    round_: int,
    step: Step,
    outcome: str,
    facts: dict[str, object],
    at: datetime,
) -> None:
    """Write which way was taken."""
    turn = _turn(
        enrolment=enrolment, path=path, round_=round_, step=step, outcome=outcome, facts=facts, at=at
    )
    session.add(StepTurn(**turn))


def _turn(
    *,
    enrolment: Enrolment,
    path: int,
    round_: int,
    step: Step,
    outcome: str,
    facts: dict[str, object],
    at: datetime,
) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment.id,
        "path": path,
        "step": step.key,
        "round": round_,
        "customer_id": enrolment.customer_id,
        "at": at,
        "outcome": outcome,
        "facts": facts,
    }


def _round(decision: Decision, position: Position) -> int:
    match decision:
        case Act(round=round_) | Rest(at=Position(round=round_)):
            return round_
        case _:
            return position.round


def _with_all(decision: Decision, position: Position) -> Decision:
    """The decision with the turns from before, too."""
    if not position.took:
        return decision
    whole = {**position.took, **took(decision)}
    match decision:
        case Act(after=after):
            return replace(decision, after=replace(after, took=whole))
        case Rest(at=at):
            return replace(decision, at=replace(at, took=whole))
        case Leave():
            return replace(decision, took=whole)
