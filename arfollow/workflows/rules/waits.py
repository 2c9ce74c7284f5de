"""When a wait is over: calendar days and wall clocks of a place, whatever its clocks do in between."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from arfollow.values.workdays import is_day_of_rest, is_working_day, next_working_day


class Unit(StrEnum):
    """What a wait is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


_MOST_DAYS_OF_REST = 32

_FIRST, _LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
"""Between these, no clock of any place shows a day outside the calendar."""
_MIDDLE = 5000

EXACT = frozenset({Unit.MINUTES, Unit.HOURS})
"""Counted by the clock; the others by the calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody lives: the IANA time zone, and the country whose holidays count."""

    timezone: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """So much time. `at`: the wall clock time of the day it ends on; None: that of its beginning.

    `only_working_days`: if it would end on a day off, it ends on the next working day.
    """

    amount: int
    unit: Unit = Unit.DAYS
    at: time | None = None
    only_working_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of the day, the last exclusive; they may go over midnight. Equal ends are none. `days_of_rest`: Sundays and holidays, too."""

    first: time
    last: time
    days_of_rest: bool = False

    def hold(self, at: time) -> bool:
        """Whether the time is among them."""
        if self.first <= self.last:
            return self.first <= at < self.last
        return at >= self.first or at < self.last


def end_of(wait: Wait, *, begun: datetime, place: Place) -> datetime:
    """When a wait that began then (an aware instant) is over, in UTC; never before it began. Beyond the calendar: on its last day."""
    try:
        return max(_end_of(wait, begun=begun, place=place), begun.astimezone(UTC))
    except (OverflowError, ValueError):
        return max(_LAST, begun.astimezone(UTC))


def _end_of(wait: Wait, *, begun: datetime, place: Place) -> datetime:
    if wait.unit in EXACT:
        ends = begun + timedelta(**{wait.unit.value: wait.amount})
        local = ends.astimezone(ZoneInfo(place.timezone))
    else:
        local = begun.astimezone(ZoneInfo(place.timezone))
        local = _at(_later(local.date(), wait, place.country), wait.at or local.time(), place)
    if wait.only_working_days and not is_working_day(local.date(), country=place.country):
        day = next_working_day(local.date(), country=place.country)
        local = _at(day, wait.at or local.time(), place)
    return local.astimezone(UTC)


def on_day(day: date, *, days: int, at: time, place: Place) -> datetime:
    """That time on the day so many days after (below 0: before) `day`, in UTC; beyond the calendar, on its first or last day.

    “Without end” is often written as 9999-12-31.
    """
    try:
        found = _at(day + timedelta(days=days), at, place).astimezone(UTC)
    except OverflowError:
        return _LAST if day.year > _MIDDLE else _FIRST
    return min(max(found, _FIRST), _LAST)


def outside(quiet: Hours, *, wanted: datetime, place: Place) -> datetime:
    """The instant itself, or when the quiet hours and days that it falls into are over, in UTC."""
    local = wanted.astimezone(ZoneInfo(place.timezone))
    if not _is_quiet(quiet, local, place):
        return wanted.astimezone(UTC)
    for days in range(_MOST_DAYS_OF_REST):
        for at in sorted({time(0), quiet.last}):
            begins = _at(local.date() + timedelta(days=days), at, place)
            if begins > local and not _is_quiet(quiet, begins, place):
                return begins.astimezone(UTC)
    return wanted.astimezone(UTC)


def _is_quiet(quiet: Hours, local: datetime, place: Place) -> bool:
    if quiet.days_of_rest and is_day_of_rest(local.date(), country=place.country):
        return True
    return quiet.hold(local.time())


def today_at(instant: datetime, place: Place) -> date:
    """The calendar day that the instant falls on there."""
    return instant.astimezone(ZoneInfo(place.timezone)).date()


def _later(day: date, wait: Wait, country: str) -> date:
    match wait.unit:
        case Unit.DAYS:
            return day + timedelta(days=wait.amount)
        case Unit.WEEKS:
            return day + timedelta(weeks=wait.amount)
        case Unit.WORKING_DAYS:
            for _ in range(wait.amount):
                day = next_working_day(day, country=country)
            return day
        case _:
            return months_after(day, wait.amount)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last: 31 January and one month is 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _at(day: date, at: time, place: Place) -> datetime:
    """That wall clock time there; one that comes twice is its first, one that a change of clocks leaves out comes as much later."""
    zone = ZoneInfo(place.timezone)
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC).astimezone(zone)
