"""A route as people draw it on paper: days from the start, what happens, days between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arfollow.workflows.rules.definition import TIMED_OUT, Branch, Definition, Kind, Settings, Step
from arfollow.workflows.rules.triggers import begins_by
from arfollow.workflows.rules.waits import Unit

_DAYS: dict[Unit, Decimal] = {
    Unit.MINUTES: Decimal(1) / 1440,
    Unit.HOURS: Decimal(1) / 24,
    Unit.DAYS: Decimal(1),
    # Five of seven days are worked, and a month has thirty and a half: the drawing says "about".
    Unit.WORKING_DAYS: Decimal("1.4"),
    Unit.WEEKS: Decimal(7),
    Unit.MONTHS: Decimal("30.5"),
}

LEAVING = frozenset({Kind.RESTART, Kind.END, Kind.GO_TO})
"""After these, the next step is another one, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What happens on a day, counted from the start. `path`: the labels of the branches that lead there; `between`: days since the row before, None: that one is later, on another path.

    `is_about`: a wait before it has no fixed length. `day` None: it happens whenever the event comes, or on another day of the customer's own than the one by which it entered.
    """

    day: int | None
    between: int | None
    step: Step
    path: tuple[str, ...] = ()
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    days: Decimal | None
    is_about: bool = False
    # The day that the route begins so many days after: a wait until that day has a place, too.
    day: tuple[str, int] | None = None

    def later(self, days: Decimal | None, *, is_about: bool = False) -> _Mark:
        total = None if self.days is None or days is None else self.days + days
        return replace(self, days=total, is_about=self.is_about or is_about)

    def until(self, settings: Settings) -> _Mark:
        """On that day, unless it is past; nobody knows when, if it is another than the one that it began by."""
        if self.day is None or settings.get("field") != self.day[0]:
            return replace(self, days=None)
        days = _number(settings) - self.day[1]
        if self.days is not None and self.days > days:
            return self
        return replace(self, days=Decimal(days), is_about=False)


def timeline(definition: Definition) -> Sequence[Row]:
    """The rows of the main route, in the order in which it is drawn; waits are not rows of their own.

    Where paths meet again, it goes on from the one where nothing came, or else from the last or the longest that leads there.
    """
    rows: list[Row] = []
    last: int | None = None
    begins = _Mark(Decimal(), day=begins_by(definition.trigger))
    for step, mark, path in _walk(definition.route, begins, ()):
        day = None if mark.days is None else int(mark.days)
        between = None if day is None or last is None or day < last else day - last
        rows.append(Row(day=day, between=between, step=step, path=path, is_about=mark.is_about))
        last = day
    return rows


def _walk(
    route: Sequence[Step], mark: _Mark, path: tuple[str, ...]
) -> Iterator[tuple[Step, _Mark, tuple[str, ...]]]:
    for step in route:
        if step.acts or step.kind in LEAVING:
            yield step, mark, path
        for branch in step.branches:
            yield from _walk(
                branch.route, _begins(step, branch, mark), (*path, branch.label or branch.outcome)
            )
        mark = _after(step, mark) or _Mark(None)


def _begins(step: Step, branch: Branch, mark: _Mark) -> _Mark:
    """Where a path begins: when the wait is over, else at once."""
    if step.kind is not Kind.WAIT_FOR or branch.outcome != TIMED_OUT:
        return mark
    return mark.until(step.settings) if "field" in step.settings else mark.later(_length(step))


def _after(step: Step, mark: _Mark) -> _Mark | None:
    """Where the step after it stands; None: nobody gets there."""
    match step.kind:
        case Kind.WAIT:
            return mark.later(_length(step), is_about=_is_about(step))
        case Kind.WAIT_UNTIL:
            return mark.until(step.settings)
        case Kind.WAIT_FOR | Kind.BRANCH:
            return _where_paths_meet(step, mark)
        case kind:
            return None if kind in LEAVING else mark


def _where_paths_meet(step: Step, mark: _Mark) -> _Mark | None:
    arriving = {
        branch.outcome: end
        for branch in step.branches
        if (end := _through(branch.route, _begins(step, branch, mark))) is not None
    }
    if not arriving:
        return None
    if step.kind is Kind.WAIT_FOR:
        return replace(arriving.get(TIMED_OUT, list(arriving.values())[-1]), is_about=True)
    longest = max(arriving.values(), key=lambda end: (end.days is None, end.days or 0))
    return replace(longest, is_about=longest.is_about or len({end.days for end in arriving.values()}) > 1)


def _through(route: Sequence[Step], mark: _Mark) -> _Mark | None:
    for step in route:
        after = _after(step, mark)
        if after is None:
            return None
        mark = after
    return mark


def _number(settings: Settings) -> int:
    return int(str(settings.get("days") or 0))


def _length(step: Step) -> Decimal:
    unit = Unit(str(step.settings.get("unit", Unit.DAYS.value)))
    return _DAYS[unit] * int(str(step.settings.get("amount", 0)))


def _is_about(step: Step) -> bool:
    return step.settings.get("unit") in (Unit.WORKING_DAYS, Unit.MONTHS) or bool(
        step.settings.get("only_working_days")
    )
