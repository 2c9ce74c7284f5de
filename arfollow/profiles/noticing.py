"""Events that the program notices itself, many at once and beside the chatter, which knows of them already; and which were handled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.database import insert_into
from arfollow.profiles.tables import CustomerEvent

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something that happened to a customer; `key` tells it from others of its kind."""

    customer_id: int
    key: str
    of: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)


def notice(
    session: Session, *, company_id: int, kind: str, at: datetime, noticed: Iterable[Noticed]
) -> Collection[int]:
    """Note what happened to these customers; gives those for whom it is new."""
    told: set[int] = set()
    rows = (
        {
            "company_id": company_id,
            "customer_id": each.customer_id,
            "kind": kind,
            "key": each.key,
            "at": at,
            "of": each.of,
            "data": dict(each.data),
            "handled": False,
        }
        for each in noticed
    )
    while some := list(islice(rows, _BATCH)):
        new = insert_into(session, CustomerEvent).values(some).on_conflict_do_nothing()
        told.update(session.scalars(new.returning(CustomerEvent.customer_id)))
    return told


def mark_handled(session: Session, event_ids: Sequence[int]) -> Sequence[int]:
    """Say that whoever waits for these events knows of them; gives those of which that was not so yet."""
    return session.scalars(
        update(CustomerEvent)
        .where(one_of(CustomerEvent.id, event_ids), ~CustomerEvent.handled)
        .values(handled=True)
        .returning(CustomerEvent.id),
        execution_options={"synchronize_session": False},
    ).all()


def forget_events(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Customers go with the import that made them, and with them what it told."""
    session.execute(
        delete(CustomerEvent).where(one_of(CustomerEvent.customer_id, customer_ids)),
        execution_options={"synchronize_session": False},
    )
