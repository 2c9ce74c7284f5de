"""The days that a customer's page offers for reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from arfollow.values.months import add_months
from arfollow.values.workdays import next_working_day


@dataclass(frozen=True, slots=True)
class Choice:
    """A day to choose, in words."""

    words: str
    day: date


def later_choices(today: date, *, country: str) -> tuple[Choice, ...]:
    """Days to be back on for Do It Later, each once; the usual one, the next working day, comes first."""
    following = next_working_day(today, country=country)
    choices = (
        Choice(_("Next working day"), following),
        Choice(_("The one after"), next_working_day(following, country=country)),
        Choice(_("In a week"), _working(today + timedelta(weeks=1), country)),
        Choice(_("In two weeks"), _working(today + timedelta(weeks=2), country)),
    )
    first: dict[date, Choice] = {}
    for choice in choices:
        first.setdefault(choice.day, choice)
    return tuple(first.values())


def manual_shortcuts(today: date) -> tuple[tuple[str, date], ...]:
    """The four days of the Manual pop-up."""
    return (
        (_("One week"), today + timedelta(weeks=1)),
        (_("Two weeks"), today + timedelta(weeks=2)),
        (_("One month"), add_months(today, 1)),
        (_("Two months"), add_months(today, 2)),
    )


def weekday_day(value: date) -> str:
    """`Mon 23 Nov`, as the page's language writes it."""
    return format_skeleton("MMMEd", datetime.combine(value, time()), locale=get_locale())


def _working(day: date, country: str) -> date:
    """The day, or the first working day after it."""
    return next_working_day(day - timedelta(days=1), country=country)
