"""The customers of a run, a page at a time: what each gets, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from arfollow.delivery.queries import Progress, progress
from arfollow.followup.runs.queries import PAGE_SIZE
from arfollow.followup.runs.rules import RowState, Why
from arfollow.followup.runs.tables import BulkRunRow
from arfollow.levels.tables import Level
from arfollow.receivables.tables import Customer
from arfollow.values.money import Money


class View(StrEnum):
    """Which customers of a run are shown."""

    ALL = "all"
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A customer of a run. `level` is empty where none was reached; `email` and `letter`: where they stand, once there are any.

    `explanation`: which of our people's doing it is that it got nothing; may be empty.
    """

    id: int
    number: str
    name: str
    level: str
    sends: tuple[str, ...]
    remains: tuple[str, ...]
    claimed: tuple[Money, ...]
    state: RowState
    why: Why | None
    explanation: str
    marked_done: bool
    email: Progress | None
    letter: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """Lines of a view; `first` and `last` are positions in it, counted from 1, 0 when it is empty."""

    lines: Sequence[RunLine]
    first: int
    last: int
    total: int


def lines(session: Session, *, run_id: int, view: View, page: int) -> LinePage:
    """The page (from 1) of the run's customers, in the order in which they were chosen; one beyond the last is empty."""
    wanted = [BulkRunRow.run_id == run_id, *_of_view(view)]
    total = session.scalar(select(func.count(BulkRunRow.id)).where(*wanted)) or 0
    rows = session.execute(
        select(BulkRunRow, Customer.number, Customer.name, Level.name.label("level"))
        .join(Customer, Customer.id == BulkRunRow.customer_id)
        .outerjoin(Level, Level.id == BulkRunRow.level_id)
        .where(*wanted)
        .order_by(BulkRunRow.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    ids = {each for row in rows for each in (row.BulkRunRow.email_id, row.BulkRunRow.letter_id) if each}
    deliveries = progress(session, delivery_ids=ids)
    first = (page - 1) * PAGE_SIZE + 1 if rows else 0
    return LinePage(
        lines=[_line(row, deliveries) for row in rows],
        first=first,
        last=first + len(rows) - 1 if rows else 0,
        total=total,
    )


def _of_view(view: View) -> list[ColumnElement[bool]]:
    return [] if view is View.ALL else [BulkRunRow.state == view.value]


def _line(found: Row[*tuple[Any, ...]], deliveries: Mapping[int, Progress]) -> RunLine:
    row: BulkRunRow = found.BulkRunRow
    return RunLine(
        id=row.id,
        number=found.number,
        name=found.name,
        level=found.level or "",
        sends=tuple(row.sends),
        remains=tuple(row.remains),
        claimed=tuple(Money(currency, minor) for currency, minor in sorted(row.claimed.items())),
        state=RowState(row.state),
        why=Why(row.why) if row.why else None,
        explanation=row.explanation,
        marked_done=row.marked_done,
        email=deliveries.get(row.email_id or 0),
        letter=deliveries.get(row.letter_id or 0),
    )
