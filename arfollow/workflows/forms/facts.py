"""The facts that a form offers, what each is compared with, and what was entered for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from arfollow.values.money import parse_decimal, plain
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.conditions import ORDERED, WITHOUT_VALUE, Operator, Value
from arfollow.workflows.rules.facts import ANSWERED, DAYS_TO
from arfollow.workflows.rules.surveys import Asks, Question
from arfollow.workflows.rules.triggers import EVENTS
from arfollow.workflows.words.conditions import AMOUNTS
from arfollow.workflows.words.names import FACT_GROUPS, FACTS, fact_group, fact_name

_FLAGS = frozenset(
    {"customer.closed", "consent.email", "consent.sms", "consent.letter", "money.owes", "invoice.paid"}
)
_DAYS = frozenset({"invoice.due_date", "purchases.first", "purchases.last", "campaign.day"})
_TOLD_DAYS = frozenset({"day"})
_ORDER = {family: at for at, family in enumerate(FACT_GROUPS)}


class Compared(StrEnum):
    """What a fact is compared with."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A choice of a form. `group`: the heading that it stands under."""

    value: str
    words: str
    group: str = ""


def facts_offered(
    choices: Choices, *, present: str = "", told: Sequence[str] | None = None
) -> Sequence[Offered]:
    """All facts that can be asked for, or those that an event tells, and the one that is asked for now."""
    if told is not None:
        return [
            Offered(value=name, words=name.replace("_", " "))
            for name in dict.fromkeys((*told, present))
            if name
        ]
    names = dict.fromkeys((*FACTS, *_fields(choices), *_answers(choices), *_events(), *_distances(choices)))
    if present:
        names[present] = None
    ordered = sorted(names, key=lambda name: _ORDER.get(name.partition(".")[0], len(_ORDER)))
    return [Offered(value=name, words=fact_name(name), group=fact_group(name)) for name in ordered]


def told_by(event: str, choices: Choices) -> Sequence[str]:
    """What an event of that kind tells, by name: of an answered survey the questions, too."""
    questions = [each.key for survey in choices.surveys.values() for each in survey.questions]
    return (*EVENTS.get(event, ()), *(questions if event == ANSWERED else ()))


def days_offered(choices: Choices, *, present: str = "") -> Sequence[Offered]:
    """The facts that are or may be days."""
    names = dict.fromkeys((*_fields(choices), *sorted(_DAYS), *_told_days()))
    if present:
        names[present] = None
    return [Offered(value=name, words=fact_name(name), group=fact_group(name)) for name in names]


def fields_offered(choices: Choices, *, present: str = "") -> Sequence[Offered]:
    """The company's own fields."""
    names = dict.fromkeys((*_fields(choices), *((present,) if present else ())))
    return [Offered(value=name, words=fact_name(name)) for name in names]


def compared_with(fact: str, choices: Choices) -> Compared:
    """What kind of value the fact is."""
    family, _point, rest = fact.partition(".")
    is_event = family == "event"
    question = _question(fact, choices)
    if fact in _FLAGS:
        found = Compared.FLAG
    elif fact in AMOUNTS:
        found = Compared.AMOUNT
    elif fact in _DAYS or fact in _told_days() or (is_event and fact.endswith(".at")):
        found = Compared.DAY
    elif fact.startswith(DAYS_TO) or family == "in_a_row" or (is_event and "." not in rest):
        found = Compared.NUMBER
    elif fact in ("lists", "workflows"):
        found = Compared.CHOICE
    elif question is not None and question.asks is not Asks.TEXT:
        found = Compared.NUMBER if question.asks is Asks.SCALE else Compared.CHOICE
    else:
        found = Compared.TEXT
    return found


def operators_offered(fact: str, choices: Choices) -> Sequence[Operator]:
    """How such a fact can be compared."""
    match compared_with(fact, choices):
        case Compared.FLAG:
            return (Operator.IS, *sorted(WITHOUT_VALUE))
        case Compared.CHOICE:
            several = fact in ("lists", "workflows") or _asks_several(fact, choices)
            return (Operator.CONTAINS if several else Operator.IS, Operator.IS_NOT, *sorted(WITHOUT_VALUE))
        case Compared.NUMBER | Compared.AMOUNT | Compared.DAY:
            return (Operator.IS, Operator.IS_NOT, *sorted(ORDERED), *sorted(WITHOUT_VALUE))
        case _:
            return tuple(Operator)


def values_offered(fact: str, choices: Choices) -> Sequence[Offered]:
    """The values to choose from; empty: any may be entered."""
    match compared_with(fact, choices):
        case Compared.FLAG:
            return (Offered(value="true", words=_("yes")), Offered(value="false", words=_("no")))
        case Compared.CHOICE if fact == "lists":
            return [Offered(value=name, words=name) for name in choices.lists]
        case Compared.CHOICE if fact == "workflows":
            return [Offered(value=name, words=name) for name in choices.workflows]
        case Compared.CHOICE:
            question = _question(fact, choices)
            return [
                Offered(
                    value=each.key, words=each.words.get(choices.language) or next(iter(each.words.values()))
                )
                for each in (question.choices if question else ())
            ]
    return ()


def entered_value(fact: str, text: str, choices: Choices) -> Value:
    """What was entered, as the fact is compared; what it cannot be stays text, which the checks then find."""
    try:
        match compared_with(fact, choices):
            case Compared.FLAG:
                return text == "true"
            case Compared.NUMBER:
                return int(text)
            case Compared.AMOUNT:
                return parse_decimal(text.replace(",", "."), choices.currency)
            case Compared.DAY:
                return date.fromisoformat(text)
    except ValueError:
        return text
    return _text_or_day(fact, text)


def shown_value(fact: str, value: Value, choices: Choices) -> str:
    """The value as its field shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() if compared_with(fact, choices) is Compared.AMOUNT:
            return plain(value, choices.currency)
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(value)
    return str(value)


def _text_or_day(fact: str, text: str) -> Value:
    """A field of the company's own may be a day; what an event tells may be a number."""
    if "." not in fact and fact not in FACTS and text.lstrip("-").isdecimal():
        return int(text)
    if fact.startswith("field."):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _fields(choices: Choices) -> list[str]:
    return [f"field.{name}" for name in choices.fields]


def _answers(choices: Choices) -> list[str]:
    return [
        f"answer.{key}.{each.key}" for key, survey in choices.surveys.items() for each in survey.questions
    ]


def _events() -> Iterator[str]:
    for kind, told in EVENTS.items():
        yield f"event.{kind}"
        yield f"event.{kind}.at"
        yield from (f"event.{kind}.{name}" for name in told)


def _told_days() -> list[str]:
    return [f"event.{kind}.{name}" for kind, told in EVENTS.items() for name in told if name in _TOLD_DAYS]


def _distances(choices: Choices) -> list[str]:
    return [DAYS_TO + name for name in (*_fields(choices), *sorted(_DAYS))]


def _question(fact: str, choices: Choices) -> Question | None:
    family, _point, rest = fact.partition(".")
    key, _point, asked = rest.partition(".")
    survey = choices.surveys.get(key) if family == "answer" else None
    return next((each for each in survey.questions if each.key == asked), None) if survey else None


def _asks_several(fact: str, choices: Choices) -> bool:
    question = _question(fact, choices)
    return question is not None and question.asks is Asks.CHOICES
