"""Writes entries of books back, set by set, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from arfollow.database import Table, touch
from arfollow.receivables.rules.books import (
    BookAllocation,
    BookCredit,
    BookCustomer,
    BookInvoice,
    BookItem,
    Entry,
)
from arfollow.receivables.tables import Allocation, Credit, Customer, Instalment, Invoice

E = TypeVar("E", bound=Entry)


def write_entries(session: Session, *, company_id: int, entries: Sequence[Entry]) -> frozenset[int]:
    """Store new and changed entries of books, and give the ids of the customers concerned, who are refreshed at commit.

    Everything that an entry refers to is among them or stored. The caller records the one chatter entry that an import is.
    """
    writer = _Writer(session, company_id)
    writer.write_customers([entry for entry in entries if isinstance(entry, BookCustomer)])
    writer.write_invoices([entry for entry in entries if isinstance(entry, BookInvoice)])
    writer.write_items([entry for entry in entries if isinstance(entry, BookItem)])
    writer.write_credits([entry for entry in entries if isinstance(entry, BookCredit)])
    writer.write_allocations([entry for entry in entries if isinstance(entry, BookAllocation)])
    # Whatever the session has read of these before is old now.
    session.expire_all()
    touched = frozenset(_id(owner) for entry in entries for owner in _owners(entry))
    touch(session, touched)
    return touched


class _Writer:
    def __init__(self, session: Session, company_id: int) -> None:
        self._session = session
        self._company_id = company_id

    def write_customers(self, entries: Sequence[BookCustomer]) -> None:
        new = {entry.number: entry for entry in entries if entry.stored is None}
        rows = [
            {
                "company_id": self._company_id,
                "number": entry.number,
                "responsible_id": entry.responsible_id,
                **entry.values,
            }
            for entry in new.values()
        ]
        for id_, number in self._insert(Customer, rows, Customer.id, Customer.number):
            new[number].id = id_
        # A parent may be new itself: only now do all have their ids.
        stored = [entry for entry in entries if entry.stored is not None or entry.parent is not None]
        self._update(
            Customer,
            [
                {
                    "id": entry.id,
                    "parent_id": None if entry.parent is None else _id(entry.parent),
                    "responsible_id": entry.responsible_id,
                    **entry.values,
                }
                for entry in stored
            ],
        )

    def write_invoices(self, entries: Sequence[BookInvoice]) -> None:
        new = {entry.number: entry for entry in entries if entry.stored is None}
        rows = [
            {**self._owner(entry.customer), "number": entry.number, **entry.columns()}
            for entry in new.values()
        ]
        for id_, number in self._insert(Invoice, rows, Invoice.id, Invoice.number):
            new[number].id = id_
        self._update(Invoice, _changes(entries))

    def write_items(self, entries: Sequence[BookItem]) -> None:
        new = {(_id(entry.invoice), entry.number): entry for entry in entries if entry.stored is None}
        rows = [
            {
                **self._owner(entry.invoice.customer),
                "invoice_id": invoice_id,
                "number": number,
                **entry.columns(),
            }
            for (invoice_id, number), entry in new.items()
        ]
        columns = (Instalment.id, Instalment.invoice_id, Instalment.number)
        for id_, invoice_id, number in self._insert(Instalment, rows, *columns):
            new[invoice_id, number].id = id_
        self._update(Instalment, _changes(entries))

    def write_credits(self, entries: Sequence[BookCredit]) -> None:
        new = {(entry.kind, entry.number): entry for entry in entries if entry.stored is None}
        rows = [
            {
                **self._owner(entry.customer),
                "kind": entry.kind,
                "number": entry.number,
                "currency": entry.currency,
                "origin": entry.origin,
                **entry.columns(),
            }
            for entry in new.values()
        ]
        for id_, kind, number in self._insert(Credit, rows, Credit.id, Credit.kind, Credit.number):
            new[kind, number].id = id_
        self._update(Credit, _changes(entries))

    def write_allocations(self, entries: Sequence[BookAllocation]) -> None:
        rows = [
            {
                "company_id": self._company_id,
                "credit_id": _id(entry.credit),
                "instalment_id": _id(entry.item),
                **entry.columns(),
            }
            for entry in entries
            if entry.stored is None
        ]
        if rows:
            self._session.execute(insert(Allocation), rows)
        self._update(Allocation, _changes(entries))

    def _owner(self, customer: BookCustomer) -> dict[str, Any]:
        return {"company_id": self._company_id, "customer_id": _id(customer)}

    def _insert(
        self, table: type[Table], rows: Sequence[Mapping[str, Any]], *columns: Any
    ) -> Iterable[Sequence[Any]]:
        return self._session.execute(insert(table).returning(*columns), rows).all() if rows else ()

    def _update(self, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._session.execute(update(table), rows)


def _changes(entries: Iterable[E]) -> list[dict[str, Any]]:
    return [{"id": entry.id, **entry.columns()} for entry in entries if entry.stored is not None]


def _owners(entry: Entry) -> Iterable[BookCustomer]:
    match entry:
        case BookCustomer():
            yield entry
        case BookInvoice() | BookCredit():
            yield entry.customer
        case BookItem():
            yield entry.invoice.customer
        case BookAllocation():
            if entry.item is not None:
                yield entry.item.invoice.customer


def _id(entry: Entry | None) -> int:
    if entry is None or entry.id is None:
        raise LookupError("An entry that others need has not been stored.")
    return entry.id
