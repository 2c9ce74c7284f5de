"""What other programs are told: the step, and the customer as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from arfollow.delivery.message import Call
from arfollow.workflows.messages.material import Material
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.definition import Step

_OF_CUSTOMER = tuple("number name email phone language country currency".split())
_OF_FACTS = ("field.", "money.", "invoice.", "event.", "answer.", "lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a call is made of; compared by value."""

    address: str
    title: str
    content: str
    told: Mapping[str, object]


def call_of(
    known: Material, step: Step, *, at: datetime, message_id: str, told: Mapping[str, object]
) -> Told:
    """The call of a step, as JSON with amounts in minor units and days as ISO dates."""
    content = {
        "id": message_id.strip("<>"),
        "at": at.isoformat(),
        "company": known.company.name,
        "workflow": known.about.workflow,
        "step": step.key,
        "name": step.name,
        "key": known.about.key,
        "customer": {name: getattr(known.card, name) for name in _OF_CUSTOMER},
        "facts": {
            name: _plain(value) for name, value in sorted(known.facts.items()) if name.startswith(_OF_FACTS)
        },
    }
    return Told(
        address=str(step.settings["address"]),
        title=step.name or step.key,
        content=json.dumps(content, ensure_ascii=False, sort_keys=True),
        told=told,
    )


def render_call(facts: Told) -> Call:
    """The call."""
    return Call(address=facts.address, title=facts.title, content=facts.content, facts=facts.told)


def _plain(value: Value) -> object:
    match value:
        case bool() | int() | None:
            return value
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return str(value)
