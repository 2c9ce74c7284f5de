"""Working days of a country."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)


def is_working_day(day: date, *, country: str) -> bool:
    """Whether offices are open: no Saturday, Sunday or national holiday. Of an unknown country only the week counts.

    Source: the holidays package. Countries with another weekend are taken with theirs.
    """
    closed = _calendar(country)
    if closed is None:
        return day.weekday() < 5  # noqa: PLR2004 - Saturday
    return closed.is_working_day(day)


def is_day_of_rest(day: date, *, country: str) -> bool:
    """Whether it is a Sunday or a national holiday. Of an unknown country only the week counts."""
    closed = _calendar(country)
    return day.weekday() == 6 or (closed is not None and day in closed)  # noqa: PLR2004 - Sunday


def next_working_day(day: date, *, country: str) -> date:
    """The first working day after `day`."""
    following = day + _DAY
    while not is_working_day(following, country=country):
        following += _DAY
    return following


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None
