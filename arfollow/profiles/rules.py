"""Single facts of a customer's profile, cleaned; what cannot be right is refused in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from arfollow.receivables.rules.fields import line

Data = str | int | bool | list[str]
"""What an event may tell under a name."""

LONGEST_VALUE = 500
LONGEST_KEY = 200
MOST_DATA = 10_000
"""Characters that an event may carry."""

CHANNELS = ("email", "sms", "letter")
"""What a customer can agree or object to."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class ProfileError(ValueError):
    """The fact cannot be kept; the message says why."""


def field_name(text: str) -> str:
    """The name of a field or an event: small letters, digits and underlines; raise ProfileError."""
    name = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if not _NAME.fullmatch(name):
        raise ProfileError(f"{text!r} is no name: small letters, digits and underlines, such as lease_start.")
    return name


def value_of(text: str) -> tuple[str, date | None]:
    """A field's value as text, and the day that it is if it is one (ISO); raise FieldError."""
    cleaned = line(text, longest=LONGEST_VALUE)
    try:
        day = date.fromisoformat(cleaned)
    except ValueError:
        day = None
    return cleaned, day


def channel(text: str) -> str:
    """A channel; raise ProfileError."""
    if text not in CHANNELS:
        raise ProfileError(f"{text!r} is no channel; there are {', '.join(CHANNELS)}.")
    return text


def event_key(text: str) -> str:
    """What tells an event from others of its kind; raise ProfileError."""
    if len(text) > LONGEST_KEY:
        raise ProfileError(f"An event's key has at most {LONGEST_KEY} characters.")
    return text


def event_data(text: str) -> Mapping[str, Data]:
    """What an event carries: a JSON object of text, whole numbers and truth values; empty text: nothing. Raise ProfileError."""
    if not text.strip():
        return {}
    if len(text) > MOST_DATA:
        raise ProfileError(f"An event carries at most {MOST_DATA} characters.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ProfileError(f'{text[:60]!r} is no JSON object, such as {{"place": "Hall 3"}}.') from None
    return checked_data(data)


def checked_data(data: object) -> Mapping[str, Data]:
    """The data itself, if it is flat and plain; raise ProfileError."""
    if not isinstance(data, dict) or not all(map(_is_plain, data.values())):
        raise ProfileError(
            "An event carries names with texts, lists of texts, whole numbers, true or false, nothing deeper."
        )
    return {field_name(str(name)): value for name, value in data.items()}


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int | bool)
