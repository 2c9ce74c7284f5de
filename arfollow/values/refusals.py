"""Errors and remarks that a reader gets in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import singledispatch
from typing import Self

from arfollow.values.days import spelled


def N_(text: str) -> str:  # noqa: N802  # what gettext calls it, and what script/translate looks for
    """Mark a text for the catalogues where it is not said yet."""
    return text


class Term(str):
    """A word or phrase that is put into a message and stands in the catalogues itself: `Term(N_("a reason"))`."""

    __slots__ = ()


class Quoted(str):
    """What somebody wrote, put into a message in quotation marks: those of the reader's language."""

    __slots__ = ()


class Count(int):
    """How many there are of something: grouped as the reader writes it, unlike years and numbers of rows."""

    __slots__ = ()


class Remark(str):
    """A sentence that stands in the catalogues, with the values that are put into it; as text it is English.

    `command`: what the command line says besides, of options that a page does not have.
    """

    __slots__ = ("command", "message", "values")

    message: str
    values: Mapping[str, object]
    command: str

    def __new__(cls, message: str, /, *, command: str = "", **values: object) -> Self:
        """Put the values in, as English writes them."""
        remark = super().__new__(cls, _text(message, values, command))
        remark.message, remark.values, remark.command = message, values, command
        return remark


class Refusal(Exception):  # noqa: N818  # a part of errors, not one by itself
    """Why something was not done. `message` stands in the catalogues; `values` come where it says `%(name)s`.

    As text it is English, for logs and commands. `web.refusals.said` says it to a reader. `command`: as of a Remark.
    """

    command = ""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(_text(message, values, self.command))


def remark(problem: Exception) -> str:
    """What an error says, as a remark of something else; of an error that is no Refusal its text."""
    if not isinstance(problem, Refusal):
        return str(problem)
    return Remark(problem.message, command=problem.command, **problem.values)


@singledispatch
def english(value: object) -> object:
    """A value of a message as English writes it; other types of values add their own way."""
    return value


@english.register
def _day(value: date) -> str:
    return spelled(value)


@english.register
def _quoted(value: Quoted) -> str:
    return repr(str(value))


@english.register
def _count(value: Count) -> str:
    return f"{int(value):,}"


@english.register(tuple)
def _several(value: tuple[object, ...]) -> str:
    return ", ".join(str(english(each)) for each in value)


def _text(message: str, values: Mapping[str, object], command: str) -> str:
    # A message without values may hold a percent sign.
    said = message % {name: english(value) for name, value in values.items()} if values else message
    return f"{said} {command}" if command else said
