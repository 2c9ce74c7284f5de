"""Days in sentences that stand for good, such as those of the chatter, and in figures."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time


def spelled(day: date) -> str:
    """The day as no reader takes for another: `20 Nov 2026`, as English pages in Europe write it."""
    return format_date(day, "d MMM y", locale="en_150")


def time_of_day(value: datetime | time, *, locale: Locale | str) -> str:
    """`14:30`, or `2:30 pm` where the locale's country writes so. English of no country is Europe's, as on pages."""
    return format_time(value, "short", locale="en_150" if str(locale) == "en_001" else locale)


@lru_cache(maxsize=64)
def numeric_day_pattern(locale: str) -> str:
    """How readers of the locale write a day in figures, as a CLDR pattern with four digits for the year: `dd.MM.yyyy`, `M/d/yyyy`."""
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    return re.sub("y+", "yyyy", pattern)
