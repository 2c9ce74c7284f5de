"""Refusals in the reader's language."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask_babel import get_locale, gettext

from arfollow.values.money import Money, localized
from arfollow.values.refusals import Refusal, Term


def said(problem: Exception | str) -> str:
    """Its message in the page's language, days and amounts as the reader writes them; another error's as it is."""
    if not isinstance(problem, Refusal):
        return str(problem)
    # Not as arguments of gettext: a message without values may hold a percent sign.
    message = str(gettext(problem.message))
    return (
        message % {name: _value(each) for name, each in problem.values.items()} if problem.values else message
    )


def _value(value: object) -> object:
    match value:
        case Refusal():
            return said(value)
        case Term():
            return gettext(str(value))
        case Money():
            return localized(value, str(get_locale()))
        case date():
            return format_date(value, "long", locale=get_locale())
        case _:
            return value
