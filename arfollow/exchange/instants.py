"""Instants of files: a day in the file's order, with or without a time and a place on the globe."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo

from arfollow.exchange.dates import DateError
from arfollow.values.refusals import N_, Quoted

_INSTANT = re.compile(
    r"(?P<day>.+?)"
    r"(?:[Tt ]\s?(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?)\s?(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.ASCII,
)


def day_part(text: str) -> str:
    """What of an instant says the day."""
    parts = _INSTANT.fullmatch(text.strip())
    return parts["day"] if parts else text.strip()


def parse_instant(text: str, parse_day: Callable[[str], date]) -> str:
    """The instant in ISO form, without a zone where it names none; midnight where it has no time. Raise DateError."""
    parts = _INSTANT.fullmatch(text.strip())
    if parts is None:
        raise DateError(N_("%(text)s is no date."), text=Quoted(text))
    day, time, zone = parse_day(parts["day"]), parts["time"] or "00:00", (parts["zone"] or "").upper()
    hour, _, rest = time.partition(":")
    try:
        found = datetime.fromisoformat(f"{day.isoformat()}T{hour.zfill(2)}:{rest.replace(',', '.')}{zone}")
    except ValueError:
        raise DateError(N_("%(text)s is no day and time."), text=Quoted(text)) from None
    return found.isoformat()


def instant_in(iso: str, timezone: tzinfo) -> datetime:
    """The instant of a text that `parse_instant` gave; where it names no zone, in this one."""
    found = datetime.fromisoformat(iso)
    return found if found.tzinfo else found.replace(tzinfo=timezone)
