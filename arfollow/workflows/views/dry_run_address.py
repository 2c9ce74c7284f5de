"""What the address of a dry run says: whom it is about, what is known of them, and what happened, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from flask import request, url_for

from arfollow.access import current_scope
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.rehearsing import MOST_ACTIONS, Action

LONGEST = 200
"""Characters of anything that is filled in."""

_LONGEST_NUMBER = 15
_YEARS = range(2000, 2101)
_SEVERAL = frozenset({"lists", "workflows"})


def start() -> date:
    """The day on which the customer enters; today, if none is given."""
    today = current_scope().today
    try:
        day = date.fromisoformat(request.args.get("start", ""))
    except ValueError:
        return today
    return day if day.year in _YEARS else today


def customer() -> str:
    """The number or name of the customer; empty: one who never was."""
    return request.args.get("customer", "").strip()


def filled_in(fact: str) -> str | None:
    """What somebody filled in of the customer; what was about the one before says nothing of this one."""
    is_other = request.args.get("known-of", customer()) != customer()
    return None if is_other else request.args.get(f"f.{fact}")


def key() -> str:
    """What of the customer the run is about; empty: nothing in particular."""
    return request.args.get("key", "").strip()[:LONGEST]


def actions() -> list[Action]:
    """What was said to happen, from the address; what cannot be read is left out."""
    found = [_action(text) for text in request.args.getlist("a")[:MOST_ACTIONS]]
    return [action for action in found if action is not None]


def _action(text: str) -> Action | None:
    try:
        data = json.loads(text)
        do, kind, of, facts = data
        action = Action(do=str(do), kind=str(kind), of=str(of), facts=_checked(facts))
    except (ValueError, TypeError, RecursionError):
        return None
    return action if action.do in ("next", "day", "pay") or (action.do == "event" and action.kind) else None


def _checked(facts: object) -> Mapping[str, Value]:
    if not isinstance(facts, dict):
        raise TypeError(facts)
    plain = {str(name)[:LONGEST]: value for name, value in facts.items()}
    return {
        name: _plain(value) for name, value in plain.items() if isinstance(value, str | int | bool | list)
    }


def _plain(value: str | int | list[object]) -> Value:
    return tuple(map(str, value)) if isinstance(value, list) else value


def asked() -> Action:
    """What a form says happens next."""
    told: dict[str, Value] = {}
    for name, texts in request.args.lists():
        if name.startswith("e.") and any(texts):
            told[name.removeprefix("e.")[:LONGEST]] = _told(texts)
    if survey := request.args.get("survey", ""):
        told["survey"] = survey[:LONGEST]
    return Action(
        do=request.args.get("do", "next"),
        kind=request.args.get("kind", "")[:LONGEST],
        of=request.args.get("of", "")[:LONGEST],
        facts=told,
    )


def _told(texts: Sequence[str]) -> Value:
    """What an event tells under one name, as JSON holds it: a day is text there, and several choices are a list."""
    if len(texts) > 1:
        return tuple(texts)
    found = value("", texts[0][:LONGEST])
    return found.isoformat() if isinstance(found, date) else found


def kept() -> list[tuple[str, str]]:
    """What the address says of the customer and the start, besides what happened."""
    names_ = ("version", "customer", "start", "language", "key", "known-of")
    return [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name in names_ or (name.startswith("f.") and filled_in(name.removeprefix("f.")) is not None)
    ]


def address(workflow_id: int, actions: Sequence[Action]) -> str:
    """The address of the run in which these things happened."""
    told = [("a", json.dumps([each.do, each.kind, each.of, dict(each.facts)])) for each in actions]
    query = urlencode([*kept(), *told[:MOST_ACTIONS]])
    path = url_for("dry_run.rehearse", workflow_id=workflow_id)
    return f"{path}?{query}" if query else path


def written(value: Value) -> str:
    """A fact as somebody fills it in."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def value(name: str, text: str) -> Value:
    """What somebody filled in, as conditions compare it."""
    text = text.strip()
    if name in _SEVERAL:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if not text:
        return None
    if text.casefold() in ("yes", "no", "true", "false"):
        return text.casefold() in ("yes", "true")
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    if text.removeprefix("-").isdecimal() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    return text
