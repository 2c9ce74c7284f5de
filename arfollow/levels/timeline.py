"""A plan's levels along the days, as numbers that a page draws: to scale, and no mark over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arfollow.levels.drafts import LevelDraft
from arfollow.levels.rules.steps import Timing

_STEPS = (1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730)
_MOST_TICKS = 9
_MARGIN, _WIDTH = 4.0, 92.0
_APART = 3.2
_MONTH = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A level. `at`: its days, `until`: the end of the month that it may run to, `card`: the middle of its card; in percent."""

    at: str
    until: str | None
    card: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A day of the axis, counted from the due date, and its place in percent."""

    at: str
    days: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The axis from before the due date to late; a mark for each level, in the plan's order. `due_at` in percent."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    due_at: str


def timeline(levels: Sequence[LevelDraft]) -> Timeline:
    """Where each level stands. One that counts from the previous level stands as early as it can come."""
    days = list(_days(levels))
    ends = [
        day + _MONTH * (level.timing is Timing.AFTER_DUE_MONTH_END)
        for day, level in zip(days, levels, strict=True)
    ]
    low, high = min([0, *days]), max([1, *ends])

    def place(day: int) -> float:
        return _MARGIN + _WIDTH * (day - low) / (high - low)

    places = _apart([place(day) for day in days])
    return Timeline(
        marks=tuple(
            Mark(
                at=_percent(at),
                until=_percent(place(end)) if end > day else None,
                card=_percent(100 * (index + 0.5) / len(levels)),
            )
            for index, (at, day, end) in enumerate(zip(places, days, ends, strict=True))
        ),
        ticks=tuple(Tick(_percent(place(day)), day) for day in _ticks(low, high)),
        due_at=_percent(place(0)),
    )


def _days(levels: Sequence[LevelDraft]) -> Iterator[int]:
    """The earliest day after the due date on which each level can come."""
    before = 0
    for level in levels:
        before = before + level.days if level.timing is Timing.AFTER_PREVIOUS else level.days
        yield before


def _ticks(low: int, high: int) -> range:
    step = next((each for each in _STEPS if (high - low) / each < _MOST_TICKS), _STEPS[-1])
    return range(-(-low // step) * step, high + 1, step)


def _apart(places: Sequence[float]) -> list[float]:
    """The places moved apart so far that no mark covers another, in the order in which they stand."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    room = min(_APART, _WIDTH / max(len(places), 1))
    found = [places[index] for index in order]
    for index in range(1, len(found)):
        found[index] = max(found[index], found[index - 1] + room)
    end = _MARGIN + _WIDTH + room
    for index in range(len(found) - 1, -1, -1):
        found[index] = min(found[index], end - room)
        end = found[index]
    moved = dict(zip(order, found, strict=True))
    return [moved[index] for index in range(len(places))]


def _percent(value: float) -> str:
    return f"{value:.2f}%"
