"""The only clock: instants in UTC, calendar dates in a company's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The present instant, in UTC, with microseconds."""
    return _moved.get() or datetime.now(UTC)


def today(timezone: str) -> date:
    """Today's calendar date in the named IANA zone, such as `Europe/Berlin`."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Stand still at `instant` (aware) inside the block, for this thread: the demo plays history with it."""
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
