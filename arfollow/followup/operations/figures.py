"""Keeps the figures of the list: what its rows count and add up to, written with them in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from arfollow.followup.operations.upserts import upsert
from arfollow.followup.queries.stored_list import StoredList
from arfollow.followup.tables import ListDue, ListFigure


class Alike(NamedTuple):
    """The key of a figure: what its customers have in common."""

    company_id: int
    currency: str
    status: str
    band: int
    has_overdue: bool
    level_id: int
    responsible_id: int


class DueKey(NamedTuple):
    """The key of what is due on a day."""

    company_id: int
    currency: str
    due_date: date


class FigureChanges:
    """By how much figures change in a transaction. Write them last: whoever else changes the same ones waits from then on."""

    def __init__(self) -> None:
        self.figures = _Sums(ListFigure, Alike, "customers", "overdue")
        self.dues = _Sums(ListDue, DueKey, "items", "amount")

    def add(self, stored: StoredList) -> None:
        """These rows came."""
        self._change(stored, 1)

    def take(self, stored: StoredList) -> None:
        """These rows went."""
        self._change(stored, -1)

    def write(self, session: Session) -> None:
        """Write them."""
        self.figures.write(session)
        self.dues.write(session)

    def _change(self, stored: StoredList, sign: int) -> None:
        alike = {row["customer_id"]: _alike(row) for row in stored.rows}
        for key in alike.values():
            self.figures.add(key, sign, 0)
        for amount in stored.amounts:
            key = alike[amount["customer_id"]]._replace(currency=amount["currency"])
            self.figures.add(key, sign, sign * amount["overdue"])
            for on, items, minor in amount["dues"]:
                due = DueKey(key.company_id, key.currency, date.fromisoformat(on))
                self.dues.add(due, sign * items, sign * minor)


class _Sums:
    """Changes of one table's counts and amounts, by its key."""

    def __init__(
        self, table: type[ListFigure | ListDue], key: type[Alike | DueKey], count: str, amount: str
    ) -> None:
        self._table, self._key = table, key
        self._counts: dict[str, Counter[Any]] = {count: Counter(), amount: Counter()}

    def add(self, key: Alike | DueKey, *changes: int) -> None:
        for counted, change in zip(self._counts.values(), changes, strict=True):
            counted[key] += change

    def write(self, session: Session) -> None:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        keys = {key for counted in self._counts.values() for key, change in counted.items() if change}
        rows = [
            {**key._asdict(), **{name: counted[key] for name, counted in self._counts.items()}}
            for key in sorted(keys)
        ]
        if rows:
            added = tuple(self._counts)
            session.connection().execute(
                upsert(session, self._table, key=self._key._fields, added=added), rows
            )


def _alike(row: Mapping[str, Any]) -> Alike:
    return Alike(
        company_id=row["company_id"],
        currency="",
        status=row["status"],
        band=row["band"],
        has_overdue=row["has_overdue"],
        level_id=row.get("level_id") or 0,
        responsible_id=row["responsible_id"] or 0,
    )
