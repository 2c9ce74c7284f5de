"""A route as people draw it on paper: days from the start, what happens, days between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arfollow.workflows.rules.definition import TIMED_OUT, Definition, Kind, Step
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What happens on a day, counted from the start. `path`: the labels of the branches that lead there; `between`: days since the row before.

    `is_about`: a wait before it has no fixed length. `day` None: it happens whenever the event comes, or on a day of the customer's own.
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

    def later(self, days: Decimal | None, *, is_about: bool = False) -> _Mark:
        total = None if self.days is None or days is None else self.days + days
        return _Mark(total, self.is_about or is_about)


def timeline(definition: Definition) -> Sequence[Row]:
    """The rows of the main route, in the order in which it is drawn; waits are not rows of their own.

    Where paths meet again, it goes on from the one where nothing came, or else from the last.
    """
    rows: list[Row] = []
    last: int | None = None
    for step, mark, path in _walk(definition.route, _Mark(Decimal()), ()):
        day = None if mark.days is None else int(mark.days)
        between = None if day is None or last is None else day - last
        rows.append(Row(day=day, between=between, step=step, path=path, is_about=mark.is_about))
        last = day
    return rows


def _walk(
    route: Sequence[Step], mark: _Mark, path: tuple[str, ...]
) -> Iterator[tuple[Step, _Mark, tuple[str, ...]]]:
    for step in route:
        if step.acts or step.kind in (Kind.RESTART, Kind.END, Kind.GO_TO):
            yield step, mark, path
        for branch in step.branches:
            begins = _timed_out(step, mark) if branch.outcome == TIMED_OUT else mark
            yield from _walk(branch.route, begins, (*path, branch.label or branch.outcome))
        mark = _after(step, mark)


def _timed_out(step: Step, mark: _Mark) -> _Mark:
    return _Mark(None) if "field" in step.settings else mark.later(_length(step))


def _after(step: Step, mark: _Mark) -> _Mark:
    match step.kind:
        case Kind.WAIT:
            return mark.later(_length(step), is_about=_is_about(step))
        case Kind.WAIT_UNTIL:
            return _Mark(None)
        case Kind.WAIT_FOR if "field" in step.settings:
            return _Mark(None)
        case Kind.WAIT_FOR:
            return mark.later(_length(step) + _waits_in(step, TIMED_OUT), is_about=True)
        case Kind.BRANCH:
            longest = max((_waits_in(step, branch.outcome) for branch in step.branches), default=Decimal())
            return mark.later(longest, is_about=bool(longest))
        case _:
            return mark


def _waits_in(step: Step, outcome: str) -> Decimal:
    route = next((branch.route for branch in step.branches if branch.outcome == outcome), ())
    return sum((_length(each) for each in route if each.kind in (Kind.WAIT, Kind.WAIT_FOR)), Decimal())


def _length(step: Step) -> Decimal:
    unit = Unit(str(step.settings.get("unit", Unit.DAYS.value)))
    return _DAYS[unit] * int(str(step.settings.get("amount", 0)))


def _is_about(step: Step) -> bool:
    return step.settings.get("unit") in (Unit.WORKING_DAYS, Unit.MONTHS) or bool(
        step.settings.get("only_working_days")
    )
