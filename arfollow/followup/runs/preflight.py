"""What a prepared run would do, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from arfollow.followup.runs.rules import SENDS, RowState, Why
from arfollow.followup.runs.tables import BulkRunRow
from arfollow.levels.tables import Level
from arfollow.values.money import Money, totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the customers of one level get; `level` is empty for those who have reached none."""

    level: str
    customers: int
    emails: int
    letters: int
    remains: int
    claimed: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """A run before it starts. `remains`: what stays for a person by kind, of those who get something and of those who do not.

    `closing`: customers of whom nothing is left once the run is through; `only_closing`: those of them who get no message.
    `nothing`: who gets nothing, by reason, most first.
    """

    shares: tuple[Share, ...]
    emails: int
    letters: int
    customers: int
    closing: int
    only_closing: int
    remains: Mapping[str, int]
    nothing: Mapping[Why, int]
    claimed: tuple[Money, ...]


def preflight(session: Session, *, run_id: int) -> Preflight:
    """What the run would do by what is known now."""
    rows = session.execute(
        select(
            BulkRunRow.state,
            BulkRunRow.why,
            BulkRunRow.sends,
            BulkRunRow.remains,
            BulkRunRow.claimed,
            Level.id.label("level_id"),
            Level.name.label("level"),
        )
        .outerjoin(Level, Level.id == BulkRunRow.level_id)
        .where(BulkRunRow.run_id == run_id)
        .order_by(Level.plan_id.nulls_last(), Level.position)
    ).all()
    going = [row for row in rows if row.state == RowState.WAITING]
    sent = Counter(kind for row in going for kind in row.sends)
    return Preflight(
        shares=_shares(going),
        emails=sent["email"],
        letters=sent["letter"],
        customers=len(going),
        closing=sum(not row.remains for row in going),
        only_closing=sum(not row.sends for row in going),
        remains=Counter(_remaining(rows)),
        nothing=_nothing(rows),
        claimed=_claimed(going),
    )


def _nothing(rows: Iterable[Row[*tuple[Any, ...]]]) -> Mapping[Why, int]:
    found = Counter(Why(row.why) for row in rows if row.why)
    order = list(Why)
    return dict(sorted(found.items(), key=lambda each: (-each[1], order.index(each[0]))))


def _remaining(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterable[str]:
    """What stays for a person; of those who get nothing the reason says why a message does not go."""
    return (
        kind for row in rows for kind in row.remains if row.state == RowState.WAITING or kind not in SENDS
    )


def _shares(going: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Share, ...]:
    by_level: dict[int | None, list[Row[*tuple[Any, ...]]]] = {}
    for row in going:
        by_level.setdefault(row.level_id, []).append(row)
    return tuple(_share(rows) for rows in by_level.values())


def _share(rows: Sequence[Row[*tuple[Any, ...]]]) -> Share:
    return Share(
        level=rows[0].level or "",
        customers=len(rows),
        emails=sum("email" in row.sends for row in rows),
        letters=sum("letter" in row.sends for row in rows),
        remains=sum(bool(row.remains) for row in rows),
        claimed=_claimed(rows),
    )


def _claimed(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[Money, ...]:
    sums = totals(Money(currency, minor) for row in rows for currency, minor in row.claimed.items())
    return tuple(Money(currency, minor) for currency, minor in sorted(sums.items()))
