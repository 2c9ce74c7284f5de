"""Plans and levels: which level an item reaches, and when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Timing(StrEnum):
    """What a level's days count from."""

    AFTER_DUE = "after_due"
    AFTER_DUE_MONTH_END = "after_due_month_end"
    AFTER_PREVIOUS = "after_previous"


class Pace(StrEnum):
    """Whether a late item climbs one level at a time or goes to the highest level reached."""

    STEP = "step"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTerms:
    """A level; `days` may be 0 or negative for `after_due`."""

    id: int
    name: str
    timing: Timing = Timing.AFTER_DUE
    days: int
    deadline_days: int = 0
    actions: tuple[str, ...] = ("email",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """A plan's levels in force, in order, and its rhythm. `minimum_amounts`: minor units by currency."""

    id: int
    name: str
    levels: tuple[LevelTerms, ...]
    pace: Pace = Pace.STEP
    minimum_amounts: Mapping[str, int] = field(default_factory=dict)
    contact_gap_days: int = 0
    repeat_last_after_days: int | None = None
    review_after_days: int | None = None
    promise_grace_days: int = 0

    @property
    def last(self) -> int:
        """The index of the last level; -1 for a plan without any."""
        return len(self.levels) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where follow-up has got to with an item: the index of its level in the plan, and the day."""

    level: int
    followed_on: date


@dataclass(frozen=True, slots=True)
class NextStep:
    """The day from which an item's next level is due, and that level's index as of the day asked about."""

    due_on: date
    level: int


def place_in(plan: PlanTerms, *, level_id: int, days: int, followed_on: date) -> Place | None:
    """The place in the plan in force of an item followed at a level, perhaps a retired one or one of another plan.

    The level itself if the plan has it, else the last one whose days are at most its days; None if there is none.
    """
    for index, level in enumerate(plan.levels):
        if level.id == level_id:
            return Place(index, followed_on)
    below = [index for index, level in enumerate(plan.levels) if level.days <= days]
    return Place(below[-1], followed_on) if below else None


def next_step(plan: PlanTerms, *, due_date: date, place: Place | None, day: date) -> NextStep | None:
    """The item's next level; None when nothing more will be due. `day` matters to the pace `highest` only."""
    if place is not None and place.level >= plan.last:
        return _repeat(plan, place)
    if plan.pace is Pace.STEP:
        return _one_up(plan, due_date, place)
    return _highest(plan, due_date, place, day)


def reach_dates(plan: PlanTerms, *, due_date: date, place: Place | None) -> Iterator[tuple[int, date]]:
    """Each level above the item's place with the date on which the item reaches it; those without a date left out."""
    above = 0 if place is None else place.level + 1
    for index in range(above, len(plan.levels)):
        reached = _reached_on(plan.levels[index], index, due_date, place)
        if reached is not None:
            yield index, reached


def _reached_on(level: LevelTerms, index: int, due_date: date, place: Place | None) -> date | None:
    if level.timing is Timing.AFTER_PREVIOUS:
        followed = place is not None and place.level == index - 1
        return place.followed_on + timedelta(days=level.days) if place is not None and followed else None
    reached = due_date + timedelta(days=level.days)
    return _month_end(reached) if level.timing is Timing.AFTER_DUE_MONTH_END else reached


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _one_up(plan: PlanTerms, due_date: date, place: Place | None) -> NextStep | None:
    index = 0 if place is None else place.level + 1
    level = plan.levels[index] if index <= plan.last else None
    reached = _reached_on(level, index, due_date, place) if level else None
    if level is None or reached is None:
        return None
    if place is None:
        return NextStep(reached, index)
    passed = 0 if level.timing is Timing.AFTER_PREVIOUS else plan.levels[place.level].days
    return NextStep(max(reached, place.followed_on + timedelta(days=max(1, level.days - passed))), index)


def _highest(plan: PlanTerms, due_date: date, place: Place | None, day: date) -> NextStep | None:
    dates = list(reach_dates(plan, due_date=due_date, place=place))
    if not dates:
        return None
    first = min(reached for _, reached in dates)
    reached_by = max(day, first)
    highest = max(index for index, reached in dates if reached <= reached_by)
    return NextStep(first if place is None else max(first, place.followed_on + timedelta(days=1)), highest)


def _repeat(plan: PlanTerms, place: Place) -> NextStep | None:
    if plan.repeat_last_after_days is None or plan.last < 0:
        return None
    return NextStep(place.followed_on + timedelta(days=plan.repeat_last_after_days), plan.last)
