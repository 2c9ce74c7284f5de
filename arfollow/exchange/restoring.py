"""Puts entries of the books back to what they were before an import, and removes those that it made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from arfollow.exchange.own_fields import own_of, write_own
from arfollow.followup.operations.forgetting import forget_customers
from arfollow.profiles.operations.sets import forget_profiles
from arfollow.receivables.operations.books import write_changes
from arfollow.receivables.operations.removing import remove_entries
from arfollow.receivables.rules.books import (
    BookAllocation,
    BookCredit,
    BookCustomer,
    BookInvoice,
    BookItem,
    Books,
    Entry,
)

Before: TypeAlias = Mapping[str, Any]
"""An entry's columns as the log's document has them."""


def take_back(
    session: Session, books: Books, changed: Sequence[tuple[Entry, Before | None]], *, company_id: int
) -> None:
    """Remove the entries that there were not before (None), give the others back what they were; the books hold all of them."""
    made = [entry for entry, before in changed if before is None]
    for entry, before in changed:
        if before is not None:
            _restore(books, entry, before)
    for entry in made:
        _detach(books, entry)
    changes = books.changes()
    write_changes(session, company_id=company_id, changes=changes)
    write_own(session, changes, company_id=company_id)
    customers = [entry.id for entry in made if isinstance(entry, BookCustomer) and entry.id is not None]
    forget_customers(session, customer_ids=customers)
    forget_profiles(session, customer_ids=customers)
    remove_entries(session, made)


def _restore(books: Books, entry: Entry, before: Before) -> None:
    match entry:
        case BookCustomer():
            entry.values = {name: before[name] for name in entry.values}
            entry.parent = books.customers.get(before["parent"])
            if not entry.responsible_by_rule:
                entry.responsible_id = before["responsible_id"]
            entry.sales_id = before.get("sales_id", entry.sales_id)
            entry.own = own_of(before)
        case BookInvoice():
            entry.date, entry.reference = _day(before["date"]), before["reference"]
        case BookItem():
            entry.due_date, entry.amount = _day(before["due_date"]), before["amount"]
        case BookCredit():
            entry.date, entry.amount = _day(before["date"]), before["amount"]
            entry.reference, entry.reversed_on = before["reference"], _day_or_none(before["reversed_on"])
        case BookAllocation():
            entry.on, entry.amount = _day(before["date"]), before["amount"]
            entry.ended_on, entry.origin = _day_or_none(before["ended_on"]), before["origin"]


def _detach(books: Books, entry: Entry) -> None:
    """Take it out of the books, so that what it was applied to is open again."""
    match entry:
        case BookCustomer():
            del books.customers[entry.number]
        case BookInvoice():
            del books.invoices[entry.number]
        case BookItem():
            del entry.invoice.items[entry.number]
        case BookCredit():
            del books.credits[entry.kind, entry.number]
        case BookAllocation():
            for side in (entry.credit, entry.item):
                if side is not None:
                    side.allocations.remove(entry)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _day_or_none(text: str | None) -> dt.date | None:
    return None if text is None else _day(text)
