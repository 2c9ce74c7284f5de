"""Writes of very many facts at once: fields and events as an import or another program brings them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from arfollow.bulk import insert_rows, one_of
from arfollow.database import Table
from arfollow.profiles import rules
from arfollow.profiles.tables import Consent, CustomerEvent, CustomerField, ListMember

T = TypeVar("T")

_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened to a customer at an aware instant; `key` tells it from others of its kind."""

    customer_id: int
    kind: str
    at: datetime
    key: str = ""
    data: Mapping[str, Any]

    @property
    def told_by(self) -> tuple[int, str, str]:
        """What the database takes but once. Without a key the instant tells it from others."""
        return self.customer_id, self.kind, self.key or self.at.astimezone(UTC).isoformat()


def set_fields(session: Session, *, company_id: int, values: Iterable[tuple[int, str, str]]) -> None:
    """Set fields (customer, name, cleaned value; empty: take it away) of locked customers.

    Whoever calls it records one entry for all, and tells of the customers once.
    """
    by_name = sorted(values, key=lambda each: each[1])
    for name, some in groupby(by_name, key=lambda each: each[1]):
        for batch in batches([*some]):
            ids = [customer_id for customer_id, _, _ in batch]
            session.execute(
                delete(CustomerField).where(
                    CustomerField.name == name, one_of(CustomerField.customer_id, ids)
                ),
                execution_options={"synchronize_session": False},
            )
            _insert_fields(session, company_id, batch)


def _insert_fields(session: Session, company_id: int, batch: Sequence[tuple[int, str, str]]) -> None:
    rows = [
        (customer_id, name, company_id, *rules.value_of(value)) for customer_id, name, value in batch if value
    ]
    columns = ("customer_id", "name", "company_id", "value", "day")
    insert_rows(session, [getattr(CustomerField, name) for name in columns], rows)


def add_events(session: Session, *, company_id: int, events: Sequence[NewEvent]) -> Sequence[NewEvent]:
    """Keep those of these events that are new; gives them. Their customers are locked, so that nobody adds the same meanwhile.

    Whoever calls it records the entries, and tells of the customers once.
    """
    new: dict[tuple[int, str, str], NewEvent] = {}
    for batch in batches(events):
        found: dict[tuple[int, str, str], NewEvent] = {}
        for event in batch:
            # The first of several that are told alike, as the database would have it.
            found.setdefault(event.told_by, event)
        for known in _known(session, found):
            del found[known]
        _insert_events(session, company_id, found)
        new |= found
    return [*new.values()]


def _known(session: Session, found: Collection[tuple[int, str, str]]) -> Sequence[tuple[int, str, str]]:
    rows = session.execute(
        select(CustomerEvent.customer_id, CustomerEvent.kind, CustomerEvent.key).where(
            one_of(CustomerEvent.customer_id, sorted({each[0] for each in found})),
            one_of(CustomerEvent.key, sorted({each[2] for each in found})),
        )
    )
    return [told_by for row in rows if (told_by := (row.customer_id, row.kind, row.key)) in found]


def _insert_events(
    session: Session, company_id: int, events: Mapping[tuple[int, str, str], NewEvent]
) -> None:
    rows = [
        {
            "company_id": company_id,
            "customer_id": customer_id,
            "kind": kind,
            "key": key,
            "at": event.at.astimezone(UTC),
            "data": dict(event.data),
        }
        for (customer_id, kind, key), event in events.items()
    ]
    if rows:
        session.connection().execute(insert(Table.metadata.tables[CustomerEvent.__tablename__]), rows)


def take_events_back(session: Session, *, company_id: int, told_by: Iterable[tuple[int, str, str]]) -> int:
    """Remove these events (customer, kind, key); how many there were."""
    return sum(
        len(
            session.execute(
                delete(CustomerEvent)
                .where(
                    CustomerEvent.company_id == company_id,
                    tuple_(CustomerEvent.customer_id, CustomerEvent.kind, CustomerEvent.key).in_(batch),
                )
                .returning(CustomerEvent.id)
            ).all()
        )
        for batch in batches([*told_by])
    )


def forget_profiles(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Remove what is known of customers who are about to be removed, with whom nothing has happened."""
    for batch in batches(sorted(customer_ids)):
        for table in (CustomerField, CustomerEvent, ListMember, Consent):
            session.execute(
                delete(table).where(one_of(table.customer_id, batch)),
                execution_options={"synchronize_session": False},
            )


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, some at a time."""
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
