"""Remarks as JSON keeps them, to be said in a reader's language later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from arfollow.values.money import Money
from arfollow.values.refusals import Count, Quoted, Remark, Term

_LONGEST = 400
"""Characters of a value: a cell of a megabyte would hide all the others."""


def kept(text: str) -> Any:
    """A text for JSON; `brought_back` gives it again. What is quoted at length loses its middle."""
    if not isinstance(text, Remark):
        return _shortened(text)
    values = {name: _kept_value(value) for name, value in text.values.items()}
    return {"message": text.message, "command": text.command, "values": values}


def brought_back(stored: Any) -> str:
    """The text that was kept."""
    if not isinstance(stored, Mapping):
        return str(stored)
    values = {name: _value(value) for name, value in stored["values"].items()}
    return Remark(stored["message"], command=stored["command"], **values)


def is_kept(stored: Any) -> bool:
    """Whether it is a remark as `kept` gives it."""
    return isinstance(stored, Mapping) and stored.keys() == {"message", "command", "values"}


@singledispatch
def _kept_value(value: object) -> Any:
    return value


@_kept_value.register
def _kept_text(value: str) -> Any:
    return _shortened(value)


@_kept_value.register
def _kept_remark(value: Remark) -> Any:
    return kept(value)


@_kept_value.register
def _kept_term(value: Term) -> Any:
    return {"term": str(value)}


@_kept_value.register
def _kept_quoted(value: Quoted) -> Any:
    return {"quoted": _shortened(value)}


@_kept_value.register
def _kept_count(value: Count) -> Any:
    return {"count": int(value)}


@_kept_value.register
def _kept_day(value: date) -> Any:
    return {"day": value.isoformat()}


@_kept_value.register
def _kept_money(value: Money) -> Any:
    return {"money": [value.currency, value.minor]}


@_kept_value.register(tuple)
def _kept_several(value: tuple[object, ...]) -> Any:
    return [_kept_value(each) for each in value]


_MAKE: Mapping[str, Callable[[Any], object]] = {
    "term": Term,
    "count": Count,
    "quoted": Quoted,
    "day": date.fromisoformat,
    "money": lambda parts: Money(*parts),
}


def _value(stored: Any) -> object:
    if isinstance(stored, list):
        return tuple(map(_value, stored))
    if not isinstance(stored, dict):
        return stored
    if "message" in stored:
        return brought_back(stored)
    ((kind, value),) = stored.items()
    return _MAKE[kind](value)


def _shortened(text: str) -> str:
    """The text without its middle where it is long: how it ends often says what is wrong."""
    half = _LONGEST // 2
    return str(text) if len(text) <= _LONGEST else f"{text[:half]} … {text[-half:]}"
