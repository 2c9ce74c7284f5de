"""Reads for writes of very many facts at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.tables import CustomerEvent, CustomerField


def values_of(
    session: Session, *, customer_ids: Collection[int], names: Collection[str]
) -> Iterator[tuple[int, str, str]]:
    """Customer, name and value of those of these fields that the customers have."""
    rows = session.execute(
        select(CustomerField.customer_id, CustomerField.name, CustomerField.value).where(
            one_of(CustomerField.customer_id, sorted(customer_ids)),
            one_of(CustomerField.name, sorted(names)),
        )
    )
    return ((customer_id, name, value) for customer_id, name, value in rows)


_kinds: list[str] = []


def know_kinds(kinds: Iterable[str]) -> None:
    """Register kinds of events that the program itself knows; `app.py` does."""
    _kinds[:] = sorted({*_kinds, *kinds})


def field_names(session: Session, *, company_id: int) -> Sequence[str]:
    """The names of the company's own fields, in alphabetical order.

    One index entry is read for each name: a ledger has millions of values and a dozen names.
    """
    names: list[str] = []
    while True:
        last = names[-1] if names else ""
        found = session.scalar(
            select(CustomerField.name)
            .where(CustomerField.company_id == company_id, CustomerField.name > last)
            .order_by(CustomerField.name)
            .limit(1)
        )
        if found is None:
            return names
        names.append(found)


def event_kinds(session: Session, *, company_id: int, looked_at: int = 5000) -> Sequence[str]:
    """The kinds of events that the program knows, and those of the company's latest events; in alphabetical order."""
    latest = (
        select(CustomerEvent.kind)
        .where(CustomerEvent.company_id == company_id)
        .order_by(CustomerEvent.id.desc())
        .limit(looked_at)
        .subquery()
    )
    return sorted({*_kinds, *session.scalars(select(latest.c.kind).distinct())})
