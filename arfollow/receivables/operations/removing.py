"""Removes entries of books again that an import made, when it is taken back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.bulk import one_of
from arfollow.database import touch
from arfollow.receivables.operations.books import owner_of
from arfollow.receivables.rules.books import (
    BookAllocation,
    BookCredit,
    BookCustomer,
    BookInvoice,
    BookItem,
    Entry,
)
from arfollow.receivables.tables import Allocation, Credit, Customer, Instalment, Invoice

_BATCH = 1000


def remove_entries(session: Session, entries: Collection[Entry]) -> None:
    """Remove these stored entries; nothing else refers to them. Customers who stay are refreshed at commit."""
    kinds: tuple[tuple[type[Entry], InstrumentedAttribute[int]], ...] = (
        (BookAllocation, Allocation.id),
        (BookCredit, Credit.id),
        (BookItem, Instalment.id),
        (BookInvoice, Invoice.id),
    )
    for kind, column in kinds:
        _remove(session, column, {entry.id for entry in entries if isinstance(entry, kind)})
    customers = {entry.id for entry in entries if isinstance(entry, BookCustomer)}
    _remove(session, Customer.id, customers, parents=True)
    session.expire_all()
    touch(session, {id_ for entry in entries if (id_ := owner_of(entry).id) is not None} - customers)


def _remove(
    session: Session,
    column: InstrumentedAttribute[int],
    ids: Collection[int | None],
    *,
    parents: bool = False,
) -> None:
    stored = sorted(id_ for id_ in ids if id_ is not None)
    batches = [stored[start : start + _BATCH] for start in range(0, len(stored), _BATCH)]
    for some in batches if parents else ():
        # One that is removed may stand above another that is.
        session.execute(update(Customer).where(one_of(Customer.id, some)).values(parent_id=None))
    for some in batches:
        session.execute(delete(column.class_).where(one_of(column, some)))
