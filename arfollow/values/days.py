"""Days in sentences that stand for good, such as those of the chatter."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date


def spelled(day: date) -> str:
    """The day as no reader takes for another: `20 Nov 2026`."""
    return format_date(day, "d MMM y", locale="en")
