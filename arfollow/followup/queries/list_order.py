"""Which customers a view of the list holds, and in which order: each sort reads one index in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.access import Scope
from arfollow.companies.tables import Company
from arfollow.followup.queries.list_view import ANYBODY, ME, NOBODY, OF_AMOUNTS, ListView, Sort, View
from arfollow.followup.rules import Status
from arfollow.followup.tables import ListAmount, ListRow
from arfollow.receivables.tables import Customer, Invoice
from arfollow.values.folding import fold

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a customer stands in a view (from 1; None: it is not in it), and the customers before and after, by number."""

    position: int | None
    total: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, kw_only=True)
class _Segment:
    """A run of customers in the order of `key`, columns that are never null, the last of them the customer's id."""

    found: Select[Any]
    key: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
    descending: bool

    def ids(self, session: Session, *, offset: int, limit: int) -> Sequence[int]:
        """The customers from that offset on."""
        return session.scalars(self._ordered().offset(offset).limit(limit)).all()

    def count(self, session: Session) -> int:
        """How many customers it holds."""
        return _count(session, self.found)

    def key_of(self, session: Session, customer_id: int) -> tuple[Any, ...] | None:
        """The customer's place in the order; None when it is not in this run."""
        row = session.execute(
            self.found.with_only_columns(*self.key).where(self.key[-1] == customer_id)
        ).first()
        return None if row is None else tuple(row)

    def count_before(self, session: Session, key: tuple[Any, ...]) -> int:
        """How many come before that place."""
        return _count(session, self.found.where(self._before(key)))

    def first_after(self, session: Session, key: tuple[Any, ...]) -> int | None:
        """The customer next to that place."""
        return _first(session, self._ordered().where(self._after(key)))

    def last_before(self, session: Session, key: tuple[Any, ...] | None) -> int | None:
        """The customer just before that place; None as the place: the last of all."""
        turned = replace(self, descending=not self.descending)
        found = turned._ordered()  # noqa: SLF001 - its own kind
        return _first(session, found if key is None else found.where(self._before(key)))

    def _ordered(self) -> Select[Any]:
        order = [column.desc() if self.descending else column.asc() for column in self.key]
        return self.found.order_by(*order)

    def _before(self, key: tuple[Any, ...]) -> ColumnElement[bool]:
        return tuple_(*self.key) > key if self.descending else tuple_(*self.key) < key

    def _after(self, key: tuple[Any, ...]) -> ColumnElement[bool]:
        return tuple_(*self.key) < key if self.descending else tuple_(*self.key) > key


def conditions(scope: Scope, list_view: ListView) -> list[ColumnElement[bool]]:
    """What a row of the list has to be to belong to the view; every count, total and page asks the same."""
    found = [ListRow.company_id == scope.company_id, *_of_view(list_view.view)]
    if list_view.status is not None:
        found.append(ListRow.status == list_view.status.value)
    if list_view.band is not None:
        found.append(ListRow.band == list_view.band.value)
    if list_view.level_id is not None:
        found.append(ListRow.level_id == list_view.level_id)
    if list_view.responsible != ANYBODY:
        found.append(_responsible(scope, list_view))
    if list_view.text:
        found.append(_text(scope, list_view.text))
    return found


def ids_of_page(session: Session, scope: Scope, list_view: ListView, *, size: int) -> Sequence[int]:
    """The customers of the view's page, in its order."""
    ids: list[int] = []
    offset = (list_view.page - 1) * size
    for segment in _segments(session, scope, list_view):
        ids += segment.ids(session, offset=offset, limit=size - len(ids))
        if len(ids) == size:
            break
        offset = max(0, offset - segment.count(session)) if offset else 0
    return ids


def neighbours(session: Session, scope: Scope, list_view: ListView, customer_id: int) -> Position:
    """Where the customer stands in the view, and who comes before and after; the view's page does not matter."""
    position: int | None = None
    total, previous, following = 0, None, None
    last: _Segment | None = None
    for segment in _segments(session, scope, list_view):
        if position is not None and following is None:
            following = next(iter(segment.ids(session, offset=0, limit=1)), None)
        key = segment.key_of(session, customer_id) if position is None else None
        if key is not None:
            position = total + segment.count_before(session, key) + 1
            previous = segment.last_before(session, key)
            if previous is None and last is not None:
                previous = last.last_before(session, None)
            following = segment.first_after(session, key)
        total += segment.count(session)
        last = segment
    numbers = _numbers(session, previous, following)
    return Position(
        position=position,
        total=total,
        previous=numbers.get(previous),
        next=numbers.get(following),
    )


def next_customer(session: Session, scope: Scope, list_view: ListView, *, after: int) -> str | None:
    """The number of the customer to work after this one: the next of the view, from its end on to its first; None: no other.

    A customer that is not in the view gives the first. So ask before a Done, which takes it out.
    """
    found = neighbours(session, scope, list_view, after)
    if found.next is not None:
        return found.next
    first = ids_of_page(session, scope, replace(list_view, page=1), size=1)
    return _numbers(session, *first).get(first[0]) if first and first[0] != after else None


def _of_view(view: View) -> list[ColumnElement[bool]]:
    if view is View.ACTION:
        return [ListRow.status == Status.ACTION.value]
    return [ListRow.has_overdue.is_(True)] if view is View.OVERDUE else []


def _responsible(scope: Scope, list_view: ListView) -> ColumnElement[bool]:
    if list_view.responsible == NOBODY:
        return ListRow.responsible_id.is_(None)
    wanted = scope.user_id if list_view.responsible == ME else list_view.responsible_id
    return ListRow.responsible_id == wanted


def _text(scope: Scope, text: str) -> ColumnElement[bool]:
    """Every word in name or number, or the number of an invoice of the customer."""
    words = [ListRow.name_key.contains(word, autoescape=True) for word in fold(text).split()]
    invoiced = select(Invoice.customer_id).where(
        Invoice.company_id == scope.company_id, Invoice.number == text
    )
    return or_(and_(true(), *words), ListRow.customer_id.in_(invoiced))


def _segments(session: Session, scope: Scope, list_view: ListView) -> tuple[_Segment, ...]:
    wanted = conditions(scope, list_view)
    if list_view.sort not in OF_AMOUNTS:
        # The latest payers are those with the earliest due date.
        turned = list_view.descending is not (list_view.sort is Sort.OLDEST)
        found = select(ListRow.customer_id).where(*wanted)
        return (_Segment(found=found, key=_KEYS[list_view.sort], descending=turned),)
    currency = list_view.currency or session.scalar(
        select(Company.currency).where(Company.id == scope.company_id)
    )
    amount = _AMOUNTS[list_view.sort]
    owing = [ListAmount.company_id == scope.company_id, ListAmount.currency == currency, amount > 0]
    if list_view.view is View.ACTION:
        owing.append(ListAmount.status == Status.ACTION.value)
    own = ListAmount.customer_id == ListRow.customer_id
    return (
        _Segment(
            found=select(ListAmount.customer_id).join(ListRow, own).where(*owing, *wanted),
            key=(amount, ListAmount.customer_id),
            descending=list_view.descending,
        ),
        # Who owes nothing in that currency comes after all who do, whichever way they are sorted.
        _Segment(
            found=select(ListRow.customer_id).where(*wanted, ~exists().where(own, *owing)),
            key=_KEYS[Sort.CUSTOMER],
            descending=False,
        ),
    )


def _count(session: Session, found: Select[Any]) -> int:
    return session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _first(session: Session, found: Select[Any]) -> int | None:
    customer_id: int | None = session.scalar(found.limit(1))
    return customer_id


def _numbers(session: Session, *customer_ids: int | None) -> dict[int | None, str]:
    ids = [customer_id for customer_id in customer_ids if customer_id is not None]
    rows = session.execute(select(Customer.id, Customer.number).where(Customer.id.in_(ids))) if ids else ()
    return {row.id: row.number for row in rows}
