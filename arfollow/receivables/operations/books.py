"""Writes entries of books back, set by set, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.bulk import insert_rows, new_ids
from arfollow.database import Table, touch
from arfollow.receivables.operations.telling import PAYMENT_RECEIVED, PURCHASED, News, tell_news
from arfollow.receivables.queries.responsibility import chooser_of
from arfollow.receivables.rules.books import (
    CUSTOMER_COLUMNS,
    BookAllocation,
    BookCredit,
    BookCustomer,
    BookInvoice,
    BookItem,
    Change,
    Columns,
    Entry,
)
from arfollow.receivables.tables import Allocation, Credit, Customer, Instalment, Invoice

E = TypeVar("E", bound=Entry)

_Of = list[tuple[E, Columns]]


def write_changes(session: Session, *, company_id: int, changes: Sequence[Change]) -> None:
    """Store new and changed entries of books; their customers are refreshed at commit.

    Everything that an entry refers to is among them or stored. The caller records the one chatter entry that an import is.
    """
    writer = _Writer(session, company_id)
    writer.write_customers(_of(BookCustomer, changes))
    writer.write_invoices(_of(BookInvoice, changes))
    writer.write_items(_of(BookItem, changes))
    writer.write_credits(_of(BookCredit, changes))
    writer.write_allocations(_of(BookAllocation, changes))
    tell_news(session, company_id, PURCHASED, lambda: _purchases(_of(BookInvoice, changes)))
    tell_news(session, company_id, PAYMENT_RECEIVED, lambda: _payments(changes))
    # Whatever the session has read of these before is old now.
    session.expire_all()
    touch(session, {_id(owner) for owner in {owner_of(change.entry) for change in changes}})


class _Writer:
    def __init__(self, session: Session, company_id: int) -> None:
        self._session = session
        self._company_id = company_id

    def write_customers(self, changes: _Of[BookCustomer]) -> None:
        self._make_responsible(entry for entry, _ in changes)
        texts = [getattr(Customer, name) for name in CUSTOMER_COLUMNS]
        columns = [
            Customer.id,
            Customer.company_id,
            Customer.number,
            Customer.responsible_id,
            Customer.responsible_by_rule,
            Customer.sales_id,
            *texts,
        ]
        rows = [
            (
                entry.id,
                self._company_id,
                entry.number,
                entry.responsible_id,
                entry.responsible_by_rule,
                entry.sales_id,
                *map(entry.values.get, CUSTOMER_COLUMNS),
            )
            for entry, _ in self._new(Customer, changes)
        ]
        self._insert(columns, rows)
        # A parent may be new itself: only now do all have their ids.
        stored = [entry for entry, _ in changes if entry.stored is not None or entry.parent is not None]
        self._update(
            Customer,
            [
                {
                    "id": entry.id,
                    "parent_id": None if entry.parent is None else _id(entry.parent),
                    "responsible_id": entry.responsible_id,
                    "responsible_by_rule": entry.responsible_by_rule,
                    "sales_id": entry.sales_id,
                    **entry.values,
                    # The worker reads it.
                    "phone_number": None,
                }
                for entry in stored
            ],
        )

    def _make_responsible(self, customers: Iterable[BookCustomer]) -> None:
        """Whom nobody has been made responsible for by name goes by the company's rules."""
        choose = chooser_of(self._session, company_id=self._company_id)
        if choose is None:
            return
        for customer in customers:
            if customer.responsible_id is None or customer.responsible_by_rule:
                customer.responsible_id = choose({**customer.values, "number": customer.number})
                customer.responsible_by_rule = customer.responsible_id is not None

    def write_invoices(self, changes: _Of[BookInvoice]) -> None:
        columns = (Invoice.id, Invoice.company_id, Invoice.customer_id, Invoice.number)
        rows = [
            (entry.id, self._company_id, _id(entry.customer), entry.number, *kept.values())
            for entry, kept in self._new(Invoice, changes)
        ]
        self._insert([*columns, Invoice.date, Invoice.currency, Invoice.reference], rows)
        self._update(Invoice, _stored(changes))

    def write_items(self, changes: _Of[BookItem]) -> None:
        columns = (Instalment.id, Instalment.company_id, Instalment.customer_id, Instalment.invoice_id)
        rows = [
            (
                entry.id,
                self._company_id,
                _id(entry.invoice.customer),
                _id(entry.invoice),
                entry.number,
                *kept.values(),
            )
            for entry, kept in self._new(Instalment, changes)
        ]
        kept_columns = (Instalment.number, Instalment.due_date, Instalment.amount, Instalment.settled_on)
        self._insert([*columns, *kept_columns], rows)
        self._update(Instalment, _stored(changes))

    def write_credits(self, changes: _Of[BookCredit]) -> None:
        columns = (Credit.id, Credit.company_id, Credit.customer_id, Credit.kind, Credit.number)
        rows = [
            (
                entry.id,
                self._company_id,
                _id(entry.customer),
                entry.kind,
                entry.number,
                entry.currency,
                entry.origin,
                *kept.values(),
            )
            for entry, kept in self._new(Credit, changes)
        ]
        kept_columns = (Credit.date, Credit.amount, Credit.reference, Credit.reversed_on, Credit.used_up_on)
        self._insert([*columns, Credit.currency, Credit.origin, *kept_columns], rows)
        self._update(Credit, _stored(changes))

    def write_allocations(self, changes: _Of[BookAllocation]) -> None:
        columns = (Allocation.id, Allocation.company_id, Allocation.credit_id, Allocation.instalment_id)
        rows = [
            (entry.id, self._company_id, _id(entry.credit), _id(entry.item), *kept.values())
            for entry, kept in self._new(Allocation, changes)
        ]
        kept_columns = (Allocation.date, Allocation.amount, Allocation.ended_on, Allocation.origin)
        self._insert([*columns, *kept_columns], rows)
        self._update(Allocation, _stored(changes))

    def _new(self, table: type[Table], changes: _Of[E]) -> _Of[E]:
        """The new ones among them, which have their ids from now on."""
        new = [(entry, kept) for entry, kept in changes if entry.stored is None]
        if new:
            for (entry, _), id_ in zip(new, new_ids(self._session, table, len(new)), strict=True):
                entry.id = id_
        return new

    def _insert(
        self, columns: Sequence[InstrumentedAttribute[Any]], rows: Sequence[tuple[object, ...]]
    ) -> None:
        if rows:
            insert_rows(self._session, columns, rows)

    def _update(self, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._session.execute(update(table), rows)


def _of(kind: type[E], changes: Iterable[Change]) -> _Of[E]:
    return [(change.entry, change.columns) for change in changes if isinstance(change.entry, kind)]


def _stored(changes: _Of[E]) -> list[dict[str, Any]]:
    return [{"id": entry.id, **kept} for entry, kept in changes if entry.stored is not None]


def _purchases(invoices: _Of[BookInvoice]) -> Iterator[News]:
    for entry, _ in invoices:
        if entry.stored is None:
            yield News(_id(entry.customer), entry.number, {"invoice": entry.number})


def _payments(changes: Sequence[Change]) -> Iterator[News]:
    """Each new application to an invoice, and each new payment that is applied to none."""
    applied: set[int] = set()
    for allocation, _ in _of(BookAllocation, changes):
        credit, item = allocation.credit, allocation.item
        if allocation.stored is None and credit is not None and credit.kind == "payment" and item is not None:
            applied.add(id(credit))
            about = {"payment": credit.number, "invoice": item.invoice.number}
            yield News(_id(credit.customer), f"{credit.number}/{item.invoice.number}", about)
    for credit, _ in _of(BookCredit, changes):
        if credit.stored is None and credit.kind == "payment" and id(credit) not in applied:
            yield News(_id(credit.customer), credit.number, {"payment": credit.number})


def owner_of(entry: Entry) -> BookCustomer:
    """The customer whose account the entry is in."""
    match entry:
        case BookCustomer():
            return entry
        case BookItem():
            return entry.invoice.customer
        case BookAllocation():
            return owner_of(_there(entry.item or entry.credit))
        case _:
            return entry.customer


def _id(entry: Entry | None) -> int:
    if entry is None or entry.id is None:
        raise LookupError("An entry that others need has not been stored.")
    return entry.id


def _there(entry: E | None) -> E:
    if entry is None:
        raise LookupError("An allocation has neither of its sides in the books.")
    return entry
