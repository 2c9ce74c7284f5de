"""Pages of a view of the list, and a customer's place in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_segments import Segment, segments
from arfollow.followup.queries.list_selection import Selection, selection
from arfollow.followup.queries.list_view import ListView
from arfollow.receivables.tables import Customer

COUNTED = 1000
"""A position in a view is told up to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a customer stands in a view, from 1, and the customers before and after, by number.

    `position` None: it is not in it, or beyond those that are counted.
    """

    position: int | None
    total: int
    previous: str | None
    next: str | None


def ids_of_page(
    session: Session,
    scope: Scope,
    list_view: ListView,
    *,
    size: int,
    among: Collection[int] | None = None,
) -> Sequence[int]:
    """The customers of the view's page, in its order; `among`: all that it can hold, where they are known."""
    ids: list[int] = []
    if among is not None and not among:
        return ids
    offset = (list_view.page - 1) * size
    for segment in segments(session, scope, list_view, among):
        ids += segment.ids(session, offset=offset, limit=size - len(ids))
        if len(ids) == size:
            break
        offset = max(0, offset - segment.count(session)) if offset else 0
    return ids


def neighbours(
    session: Session, scope: Scope, list_view: ListView, customer_id: int, *, counted: int = COUNTED
) -> Position:
    """Where the customer stands in the view, and who comes before and after; the view's page does not matter.

    `counted`: positions beyond are not told, since counting takes the longer the further down a customer stands.
    """
    return _neighbours(session, scope, selection(session, scope, list_view), customer_id, counted)


def next_customer(session: Session, scope: Scope, list_view: ListView, *, after: int) -> str | None:
    """The number of the customer to work after this one: the next of the view, from its end on to its first; None: no other.

    A customer that is not in the view gives the first. So ask before a Done, which takes it out.
    """
    selected = selection(session, scope, list_view)
    found = _after(session, segments(session, scope, list_view, selected.among), after)
    if found is None:
        first = ids_of_page(session, scope, replace(list_view, page=1), size=1, among=selected.among)
        found = next((each for each in first if each != after), None)
    return _numbers(session, found).get(found)


def _after(session: Session, runs: Sequence[Segment], customer_id: int) -> int | None:
    for index, run in enumerate(runs):
        key = run.key_of(session, customer_id)
        if key is not None:
            return run.first_after(session, key) or _any(each.first(session) for each in runs[index + 1 :])
    return None


def _neighbours(
    session: Session, scope: Scope, selected: Selection, customer_id: int, counted: int
) -> Position:
    total = selected.figures.total
    runs = segments(session, scope, selected.list_view, selected.among)
    for index, run in enumerate(runs):
        key = run.key_of(session, customer_id)
        if key is None:
            continue
        before = run.last_before(session, key) or _any(each.last(session) for each in reversed(runs[:index]))
        after = run.first_after(session, key) or _any(each.first(session) for each in runs[index + 1 :])
        numbers = _numbers(session, before, after)
        return Position(
            position=_position(session, runs[:index], run, key, counted),
            total=total,
            previous=numbers.get(before),
            next=numbers.get(after),
        )
    return Position(position=None, total=total, previous=None, next=None)


def _position(
    session: Session, earlier: Sequence[Segment], run: Segment, key: tuple[Any, ...], counted: int
) -> int | None:
    before = sum(each.count(session, limit=counted) for each in earlier)
    before += run.count_before(session, key, limit=counted)
    return before + 1 if before < counted else None


def _any(customer_ids: Iterator[int | None]) -> int | None:
    """The first that there is."""
    return next((each for each in customer_ids if each is not None), None)


def _numbers(session: Session, *customer_ids: int | None) -> dict[int | None, str]:
    ids = [customer_id for customer_id in customer_ids if customer_id is not None]
    rows = session.execute(select(Customer.id, Customer.number).where(Customer.id.in_(ids))) if ids else ()
    return {row.id: row.number for row in rows}
