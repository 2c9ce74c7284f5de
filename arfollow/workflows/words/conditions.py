"""Conditions as short sentences."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from arfollow.values.money import Money, localized
from arfollow.workflows.rules.conditions import (
    WITHOUT_VALUE,
    All,
    Condition,
    Not,
    Operator,
    Some,
    Test,
    Value,
)
from arfollow.workflows.words.names import OPERATORS, event_name, fact_name

AMOUNTS = frozenset({"money.open", "money.overdue", "invoice.open"})
"""Facts in minor units of the company's currency."""


def condition_words(condition: Condition | None, currency: str) -> str:
    """The condition as a sentence; empty: there is none."""
    said = ""
    match condition:
        case All(parts=parts):
            said = _joined(parts, str(_("and")), currency)
        case Some(parts=parts):
            said = _joined(parts, str(_("or")), currency)
        case Not(part=Test(fact="lists", operator=Operator.CONTAINS, value=name)):
            said = str(_("not on the list “%(list)s”", list=name))
        case Not(part=Test(fact="workflows", operator=Operator.CONTAINS, value=name)):
            said = str(_("not in the workflow “%(name)s”", name=name))
        case Not(part=part):
            said = str(_("not (%(condition)s)", condition=condition_words(part, currency)))
        case Test():
            said = _test_words(condition, currency)
    return said


def value_words(fact: str, value: Value, currency: str) -> str:
    """What a fact is compared with, as a reader writes it."""
    match value:
        case bool():
            return str(_("yes") if value else _("no"))
        case int() if fact in AMOUNTS:
            return localized(Money(currency, value), str(get_locale()))
        case int():
            return str(format_decimal(value))
        case date():
            return format_date(value, "medium", locale=get_locale())
        case tuple():
            return ", ".join(value)
    return str(_("“%(text)s”", text=value))


def _test_words(test: Test, currency: str) -> str:
    words = f"{fact_name(test.fact)} {OPERATORS[test.operator]}"
    match test:
        case Test(fact="lists", operator=Operator.CONTAINS):
            words = str(_("on the list “%(list)s”", list=test.value))
        case Test(fact="workflows", operator=Operator.CONTAINS):
            words = str(_("in the workflow “%(name)s”", name=test.value))
        case Test(fact=fact, operator=Operator.KNOWN) if event := _counted(fact):
            words = str(_("it has happened: %(event)s", event=event))
        case Test(fact=fact, operator=Operator.UNKNOWN) if event := _counted(fact):
            words = str(_("it has not happened: %(event)s", event=event))
        case Test(operator=Operator.IS, value=True):
            words = fact_name(test.fact)
        case Test(operator=operator) if operator not in WITHOUT_VALUE:
            words = f"{words} {value_words(test.fact, test.value, currency)}"
    return words


def _counted(fact: str) -> str:
    """The event whose number the fact is, in words; empty: it is another."""
    family, _point, kind = fact.partition(".")
    return event_name(kind) if family == "event" and kind and "." not in kind else ""


def _joined(parts: tuple[Condition, ...], word: str, currency: str) -> str:
    def one(part: Condition) -> str:
        words = condition_words(part, currency)
        return f"({words})" if isinstance(part, All | Some) and len(parts) > 1 else words

    return f" {word} ".join(map(one, parts))
