"""Days as they are written on a command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Room for every count of days before and after: a calendar that ends at a day asked about would end the command.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class Day(click.ParamType[date]):
    """A calendar day, `2026-11-21`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; refuse what is none, or of no year that has ledgers."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value) if _ISO.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            self.fail(
                f"{value!r} is not a day from {_FIRST_YEAR} to {_LAST_YEAR}, such as 2026-11-21.", param, ctx
            )
        return day


def day_option(name: str, help_: str) -> Callable[[Command], Command]:
    """An option that takes a day; None when it is left out."""
    return click.option(name, "day", type=Day(), metavar="YYYY-MM-DD", help=help_)
