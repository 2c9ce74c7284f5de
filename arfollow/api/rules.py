"""Keys, signatures and what a request may hold; pure."""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Any

from arfollow.profiles.rules import ProfileError, event_key, field_name, is_storable, told_data
from arfollow.values.refusals import N_, Refusal, remark

WINDOW = 300
"""Seconds by which a request's time may be off."""
MOST_EVENTS = 1000
LARGEST = 2 * 2**20
"""Bytes of a request."""
REQUESTS_A_MINUTE = 120
"""Of one key."""

_YEARS = range(1900, 2200)
"""Of what happened: near the ends of the calendar no page could show the day of every place."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_FIELDS = frozenset({"customer", "event", "at", "key", "data"})


class RequestError(Refusal, ValueError):
    """The request cannot be read as a whole; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a field of the event of that index, counted from 0."""

    index: int
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event as a program tells it."""

    index: int
    customer: str
    kind: str
    at: datetime
    key: str
    data: Mapping[str, Any]


class _WrongError(ValueError):
    """A field of an event is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def secret_of(secret_key: str, nonce: str) -> str:
    """The secret of a key: of the database's nonce and the secret of the installation, so that neither alone gives it."""
    derived = hmac.digest(
        secret_key.encode(), b"arfollow key of another program\0" + nonce.encode(), "sha256"
    )
    return urlsafe_b64encode(derived).decode().rstrip("=")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of the time, a point and the body, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def is_signed(*, secret: str, timestamp: str, body: bytes, given: str, now: datetime) -> bool:
    """Whether the signature is right and the time (Unix seconds) is within the window, before or after."""
    if not _TIMESTAMP.fullmatch(timestamp) or abs(int(timestamp) - now.timestamp()) > WINDOW:
        return False
    return hmac.compare_digest(signature(secret, timestamp, body).encode(), given.casefold().encode())


def read_events(body: bytes, timezone: tzinfo) -> tuple[Sequence[ToldEvent], Sequence[Problem]]:
    """The events of a request and what is wrong with others; a time without a zone is of `timezone`. Raise RequestError."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError(N_("The body is no JSON.")) from None
    told = given.get("events") if isinstance(given, dict) else None
    if not isinstance(told, list):
        raise RequestError(
            N_("The body has to be an object with a list, such as %(example)s."), example='{"events": […]}'
        )
    if len(told) > MOST_EVENTS:
        raise RequestError(N_("At most %(most)s events are taken at once."), most=MOST_EVENTS)
    events: list[ToldEvent] = []
    problems: list[Problem] = []
    for index, each in enumerate(told):
        wrong = list(_wrong(index, each))
        problems += wrong
        if not wrong:
            try:
                events.append(_event(index, each, timezone))
            except _WrongError as problem:
                problems.append(Problem(index=index, field=problem.field, message=problem.message))
    return events, problems


def _wrong(index: int, told: object) -> Iterator[Problem]:
    """What is wrong with an event before its values are looked at."""
    if not isinstance(told, dict):
        yield Problem(index=index, field="", message="has to be an object.")
        return
    for name in sorted(told.keys() - _FIELDS):
        yield Problem(
            index=index, field=name, message=f"is not known; known are {', '.join(sorted(_FIELDS))}."
        )
    for name in ("customer", "event", "at"):
        if not told.get(name):
            yield Problem(index=index, field=name, message="is missing.")
        elif not isinstance(told[name], str):
            yield Problem(index=index, field=name, message="has to be a text.")
        elif not is_storable(told[name]):
            yield Problem(index=index, field=name, message="holds a character that cannot be kept.")
    if not isinstance(told.get("key", ""), str):
        yield Problem(index=index, field="key", message="has to be a text.")


def _event(index: int, told: Mapping[str, Any], timezone: tzinfo) -> ToldEvent:
    return ToldEvent(
        index=index,
        customer=told["customer"].strip(),
        kind=_checked("event", field_name, told["event"]),
        at=_instant(told["at"], timezone),
        key=_checked("key", event_key, told.get("key", "")),
        data=_checked("data", told_data, told.get("data", {})),
    )


def _checked(field: str, check: Any, value: Any) -> Any:
    try:
        return check(value)
    except ProfileError as problem:
        raise _WrongError(field, str(remark(problem))) from None


def _instant(text: str, timezone: tzinfo) -> datetime:
    found = _read_instant(text, timezone)
    if found is None or found.year not in _YEARS:
        message = (
            f"{text[:60]!r} is no day and time as ISO 8601 writes them, such as 2026-11-21T10:00:00+01:00."
        )
        raise _WrongError("at", message)
    return found


def _read_instant(text: str, timezone: tzinfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=timezone)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found
