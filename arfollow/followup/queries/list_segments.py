"""The order of a view of the list: each sort reads one index in its order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.access import Scope
from arfollow.companies.tables import Company
from arfollow.followup.queries.list_filters import conditions
from arfollow.followup.queries.list_view import OF_AMOUNTS, ListView, Sort, View
from arfollow.followup.rules import Status
from arfollow.followup.tables import ListAmount, ListRow

_KEYS: dict[Sort, tuple[InstrumentedAttribute[Any], ...]] = {
    Sort.URGENCY: (ListRow.band, ListRow.due_key, ListRow.customer_id),
    Sort.CUSTOMER: (ListRow.name_key, ListRow.customer_id),
    Sort.OLDEST: (ListRow.due_key, ListRow.customer_id),
    Sort.NEXT: (ListRow.next_key, ListRow.customer_id),
}
_AMOUNTS: dict[Sort, InstrumentedAttribute[int]] = {
    Sort.OVERDUE: ListAmount.overdue,
    Sort.TOTAL: ListAmount.total,
}


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A run of customers of a view, in the order of `key`, columns that are never null, the last of them the customer's id."""

    found: Select[Any]
    key: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
    descending: bool

    def ids(self, session: Session, *, offset: int, limit: int) -> Sequence[int]:
        """The customers from that offset on."""
        return session.scalars(self._ordered().offset(offset).limit(limit)).all()

    def count(self, session: Session, *, limit: int | None = None) -> int:
        """How many customers it holds, at most `limit`."""
        return _count(session, self.found, limit)

    def key_of(self, session: Session, customer_id: int) -> tuple[Any, ...] | None:
        """The customer's place in the order; None when it is not in this run."""
        row = session.execute(
            self.found.with_only_columns(*self.key).where(self.key[-1] == customer_id)
        ).first()
        return None if row is None else tuple(row)

    def count_before(self, session: Session, key: tuple[Any, ...], *, limit: int) -> int:
        """How many come before that place, at most `limit`."""
        return _count(session, self.found.where(self._before(key)), limit)

    def first_after(self, session: Session, key: tuple[Any, ...]) -> int | None:
        """The customer next to that place."""
        return _first(session, self._ordered().where(self._after(key)))

    def last_before(self, session: Session, key: tuple[Any, ...]) -> int | None:
        """The customer just before that place."""
        return _first(session, self._ordered(turned=True).where(self._before(key)))

    def first(self, session: Session) -> int | None:
        """The first customer of all."""
        return _first(session, self._ordered())

    def last(self, session: Session) -> int | None:
        """The last customer of all."""
        return _first(session, self._ordered(turned=True))

    def _ordered(self, *, turned: bool = False) -> Select[Any]:
        descending = self.descending is not turned
        return self.found.order_by(*(column.desc() if descending else column.asc() for column in self.key))

    def _before(self, key: tuple[Any, ...]) -> ColumnElement[bool]:
        return tuple_(*self.key) > key if self.descending else tuple_(*self.key) < key

    def _after(self, key: tuple[Any, ...]) -> ColumnElement[bool]:
        return tuple_(*self.key) < key if self.descending else tuple_(*self.key) > key


def segments(
    session: Session, scope: Scope, list_view: ListView, among: Collection[int] | None = None
) -> tuple[Segment, ...]:
    """The runs whose customers, one after the other, are those of the view in its order; `among`: see `conditions`."""
    wanted = conditions(scope, list_view, among)
    if list_view.sort not in OF_AMOUNTS:
        # The latest payers are those with the earliest due date.
        turned = list_view.descending is not (list_view.sort is Sort.OLDEST)
        found = select(ListRow.customer_id).where(*wanted)
        return (Segment(found=found, key=_KEYS[list_view.sort], descending=turned),)
    currency = list_view.currency or session.scalar(
        select(Company.currency).where(Company.id == scope.company_id)
    )
    amount = _AMOUNTS[list_view.sort]
    owing = [ListAmount.company_id == scope.company_id, ListAmount.currency == currency, amount > 0]
    status = Status.ACTION if list_view.view is View.ACTION else list_view.status
    if status is not None:
        owing.append(ListAmount.status == status.value)
    own = ListAmount.customer_id == ListRow.customer_id
    return (
        Segment(
            found=select(ListAmount.customer_id).join(ListRow, own).where(*owing, *wanted),
            key=(amount, ListAmount.customer_id),
            descending=list_view.descending,
        ),
        # Who owes nothing in that currency comes after all who do, whichever way they are sorted.
        Segment(
            found=select(ListRow.customer_id).where(*wanted, ~exists().where(own, *owing)),
            key=_KEYS[Sort.CUSTOMER],
            descending=False,
        ),
    )


def _count(session: Session, found: Select[Any], limit: int | None) -> int:
    if limit is not None:
        found = select(found.limit(limit).subquery())
    return session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _first(session: Session, found: Select[Any]) -> int | None:
    customer_id: int | None = session.scalar(found.limit(1))
    return customer_id
