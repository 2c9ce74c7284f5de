"""Errors that a reader gets in the page's language."""

from __future__ import annotations

from datetime import date

from arfollow.values.days import spelled
from arfollow.values.money import Money, spelled_amount


def N_(text: str) -> str:  # noqa: N802  # what gettext calls it, and what script/translate looks for
    """Mark a text for the catalogues where it is not said yet."""
    return text


class Term(str):
    """A word or phrase that is put into a message and stands in the catalogues itself: `Term(N_("a reason"))`."""

    __slots__ = ()


class Refusal(Exception):  # noqa: N818  # a part of errors, not one by itself
    """Why something was not done. `message` stands in the catalogues; `values` come where it says `%(name)s`.

    As text it is English, for logs and commands. `web.refusals.said` says it to a reader.
    """

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(
            message % {name: _english(value) for name, value in values.items()} if values else message
        )


def _english(value: object) -> object:
    match value:
        case Money():
            return spelled_amount(value)
        case date():
            return spelled(value)
        case _:
            return value
