"""Refusals and remarks in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import singledispatch

from babel.dates import format_date
from flask_babel import format_decimal, get_locale, gettext

from arfollow.values.money import Money, localized
from arfollow.values.refusals import Count, Quoted, Refusal, Remark, Term


def said(problem: Exception | str) -> str:
    """Its message in the page's language, days and amounts as the reader writes them; any other text as it is."""
    if not isinstance(problem, Refusal | Remark):
        return str(problem)
    # Not as arguments of gettext: a message without values may hold a percent sign.
    message = str(gettext(problem.message))
    return (
        message % {name: _value(each) for name, each in problem.values.items()} if problem.values else message
    )


@singledispatch
def _value(value: object) -> object:
    return value


@_value.register
def _refusal(value: Refusal) -> str:
    return said(value)


@_value.register
def _remark(value: Remark) -> str:
    return said(value)


@_value.register
def _term(value: Term) -> str:
    return str(gettext(str(value)))


@_value.register
def _quoted(value: Quoted) -> str:
    return str(gettext("“%(text)s”", text=str(value)))


@_value.register
def _count(value: Count) -> str:
    return str(format_decimal(value))


@_value.register
def _money(value: Money) -> str:
    return localized(value, str(get_locale()))


@_value.register
def _day(value: date) -> str:
    return str(format_date(value, "long", locale=get_locale()))


@_value.register(tuple)
def _several(value: tuple[object, ...]) -> str:
    return ", ".join(str(_value(each)) for each in value)
