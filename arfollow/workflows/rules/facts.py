"""The facts that conditions may look at, and those that the events of a customer and the calendar add to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast

from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.waits import Place, today_at

DAYS_TO = "days_to."
"""Before the name of a day: how many days away it is; below 0: it is past."""

FACTS: Mapping[str, str] = {
    "customer.number": "the customer's number",
    "customer.name": "the customer's name",
    "customer.currency": "the currency of the customer's invoices",
    "customer.country": "the country's code, such as DE",
    "customer.city": "the city",
    "customer.postal_code": "the postal code",
    "customer.language": "the language's code, such as de",
    "customer.email": "the e-mail address that is written to",
    "customer.mobile": "the number that takes text messages",
    "customer.closed": "whether the account is closed",
    "lists": "the names of the lists that the customer is on",
    "workflows": "the names of the workflows that the customer is in now",
    "consent.email": "whether the customer agreed to marketing by e-mail",
    "consent.sms": "whether the customer agreed to marketing by text message",
    "consent.letter": "whether the customer agreed to marketing by letter",
    "money.open": "what is open in the company's currency, in its minor unit",
    "money.overdue": "what of it is overdue",
    "money.owes": "whether anything is overdue, in any currency",
    "invoice.open": "what of the invoice that this is about is open, in the minor unit of its currency",
    "invoice.paid": "whether nothing of the invoice that this is about is open any more",
    "invoice.due_date": "the day on which the invoice that this is about falls due",
    "purchases.first": "the day of the first invoice",
    "purchases.last": "the day of the last invoice",
    "campaign.name": "the campaign that the customer entered by",
    "campaign.day": "the day of the campaign's event",
    "campaign.time": "its time, such as 18:00",
    "campaign.place": "its place",
}
"""What is known of a customer, by name, and what it says."""

FAMILIES: Mapping[str, str] = {
    "field.": "a custom field of the customer, such as field.lease_start",
    "event.": "how often a kind of event came since the customer entered; after a further point what the last told, and `at`: its day",
    "in_a_row.": "how often the last events of a kind told the same, such as in_a_row.deal_updated.status",
    "answer.": "the last answer to a question of a survey, such as answer.satisfaction.score",
    DAYS_TO: "how many days away a day is, such as days_to.field.contract_end",
}
"""Names that only begin like this."""

ANSWERED = "survey_answered"
ENROLMENT = "enrolment"
"""What an event tells under this name is for the engine, and says nothing to people."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the customer. `of`: the step that it answers, such as the message that was opened."""

    kind: str
    at: datetime
    of: str = ""
    facts: Facts = field(default_factory=dict)


def is_known(name: str) -> bool:
    """Whether there can be such a fact."""
    if name.startswith(DAYS_TO):
        return is_known(name.removeprefix(DAYS_TO))
    return name in FACTS or any(name.startswith(family) and name != family for family in FAMILIES)


def all_facts(facts: Facts, *, events: Sequence[Event], now: datetime, place: Place) -> Facts:
    """The facts, what the events told (oldest first; the last one counts), and how far away each day is."""
    known = {**facts, **_told(events, place)}
    today = today_at(now, place)
    return {**known, **{DAYS_TO + name: days for name, days in _distances(known, today)}}


def bases(names: Iterable[str]) -> frozenset[str]:
    """The facts that those names are computed from: the day itself instead of how far away it is."""
    return frozenset(name.removeprefix(DAYS_TO) for name in names)


def events_of(names: Iterable[str]) -> frozenset[str]:
    """The kinds of the events that those facts come from."""
    found: set[str] = set()
    for name in bases(names):
        family, _, rest = name.partition(".")
        if family == "answer":
            found.add(ANSWERED)
        elif family in ("event", "in_a_row"):
            found.add(rest.partition(".")[0])
    return frozenset(found)


def of_one(events: Sequence[Event], *, name: str, key: str) -> Sequence[Event]:
    """Those that are about this one or about none: an event that tells another `name` is about another."""
    return [event for event in events if event.facts.get(name, key) == key] if name and key else events


def is_about(event: Event, of: Collection[str], *, enrolment: str) -> bool:
    """Whether it answers one of those steps in that enrolment: another workflow has steps of the same keys.

    One that tells no enrolment may be about any; `enrolment` empty: so may each.
    """
    told = event.facts.get(ENROLMENT)
    return event.of in of and (not enrolment or told in (None, "") or str(told) == enrolment)


def plain(event: Event) -> Event:
    """The event with its facts as conditions compare them: a text that is a day is that day, a list is a choice of several."""
    return replace(event, facts={name: _value(value) for name, value in event.facts.items()})


def _told(events: Sequence[Event], place: Place) -> dict[str, Value]:
    told: dict[str, Value] = {}
    for event in map(plain, events):
        told[f"event.{event.kind}"] = _number(told.get(f"event.{event.kind}")) + 1
        survey = event.facts.get("survey")
        for name, value in event.facts.items():
            in_a_row = f"in_a_row.{event.kind}.{name}"
            is_same = told.get(f"event.{event.kind}.{name}") == value
            told[in_a_row] = _number(told.get(in_a_row)) + 1 if is_same else 1
            told[f"event.{event.kind}.{name}"] = value
            if event.kind == ANSWERED and name not in ("survey", ENROLMENT):
                told[f"answer.{survey}.{name}"] = value
        told[f"event.{event.kind}.at"] = today_at(event.at, place)
    return told


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(map(str, value))
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return cast("Value", value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _distances(facts: Facts, today: date) -> Iterator[tuple[str, int]]:
    for name, value in facts.items():
        if isinstance(value, date):
            yield name, (value - today).days
