"""Loads a part of the ledger for an import: what a file names, what is open, and all that is applied to and from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.bulk import one_of
from arfollow.companies.tables import Company
from arfollow.receivables.rules.books import (
    CUSTOMER_COLUMNS,
    BookAllocation,
    BookCredit,
    BookCustomer,
    BookInvoice,
    BookItem,
    Books,
)
from arfollow.receivables.tables import Allocation, Credit, Customer, Instalment, Invoice

T = TypeVar("T", int, str)

_BATCH = 1000


def load_books(
    session: Session,
    *,
    company_id: int,
    customers: Collection[str],
    invoices: Collection[str],
    credits_: Collection[str],
    open_on: date | None = None,
    open_of: Collection[str] = (),
) -> Books:
    """The entries of these numbers; whoever changes them has locked their accounts.

    With `open_on` also every item and credit of the customers `open_of` that is open on that day or later.
    """
    loader = _Loader(session, company_id)
    loader.load_customers(Customer.number, customers)
    for some in _batches(invoices):
        loader.load_items((Invoice.company_id == company_id) & one_of(Invoice.number, some))
    for some in _batches(credits_):
        # With both kinds named, an index leads to the numbers.
        kinds = Credit.kind.in_(["payment", "credit_note"])
        loader.load_credits((Credit.company_id == company_id) & kinds & one_of(Credit.number, some))
    if open_on is not None:
        _load_open(loader, open_on, open_of)
    # Twice: taking back what a credit is applied to may free another one further on.
    loader.load_linked()
    loader.load_linked()
    loader.load_allocations()
    loader.books.remember()
    return loader.books


def lock_accounts(session: Session, *, company_id: int, customers: Iterable[str] | None) -> None:
    """One import at a time in a company, and no clerk in these customers' accounts (None: in anybody's), until the transaction ends."""
    session.execute(select(Company.id).where(Company.id == company_id).with_for_update(key_share=True))
    all_ = select(Customer.id).where(Customer.company_id == company_id).order_by(Customer.id)
    if customers is None:
        session.execute(all_.with_for_update(key_share=True)).all()
        return
    ids = [
        customer_id
        for some in _batches(customers)
        for customer_id in session.scalars(all_.where(one_of(Customer.number, some)))
    ]
    # In the order of their ids across all batches, as everybody locks who locks several.
    for locked in _batches(sorted(ids)):
        session.execute(all_.where(one_of(Customer.id, locked)).with_for_update(key_share=True)).all()


def open_accounts(session: Session, *, company_id: int, day: date) -> Iterator[Sequence[str]]:
    """The numbers of the company's customers who have anything open on that day or later, some at a time."""
    is_open = union(
        select(Instalment.customer_id).where(Instalment.company_id == company_id, _open_item(day)),
        select(Credit.customer_id).where(Credit.company_id == company_id, _open_credit(day)),
    )
    numbers = select(Customer.number).where(Customer.id.in_(is_open)).order_by(Customer.id)
    return _batches(session.scalars(numbers).all())


def _load_open(loader: _Loader, day: date, customers: Collection[str]) -> None:
    known = loader.books.customers
    for some in _batches(
        [id_ for number in customers if number in known and (id_ := known[number].id) is not None]
    ):
        loader.load_items(_open_item(day) & one_of(Instalment.customer_id, some))
        loader.load_credits(_open_credit(day) & one_of(Credit.customer_id, some))


def _open_item(day: date) -> ColumnElement[bool]:
    return or_(Instalment.settled_on.is_(None), Instalment.settled_on > day)


def _open_credit(day: date) -> ColumnElement[bool]:
    return or_(Credit.used_up_on.is_(None), Credit.used_up_on > day)


class _Loader:
    def __init__(self, session: Session, company_id: int) -> None:
        self._session = session
        self._company_id = company_id
        self.books = Books()
        self._customers: dict[int, BookCustomer] = {}
        self._items: dict[int, BookItem] = {}
        self._credits: dict[int, BookCredit] = {}
        self._allocations: set[int] = set()

    def load_customers(self, column: InstrumentedAttribute[T], values: Iterable[T]) -> None:
        """Customers by id or number, and those above them."""
        parents: dict[int, int] = {}
        for some in _batches(values):
            rows = self._session.execute(
                select(*Customer.__table__.columns).where(self._of_company(column), one_of(column, some))
            )
            for row in rows:
                if row.id in self._customers:
                    continue
                customer = BookCustomer(
                    id=row.id,
                    number=row.number,
                    values={name: getattr(row, name) for name in CUSTOMER_COLUMNS},
                    responsible_id=row.responsible_id,
                    responsible_by_rule=row.responsible_by_rule,
                    sales_id=row.sales_id,
                )
                self._customers[row.id] = self.books.customers[row.number] = customer
                if row.parent_id is not None:
                    parents[row.id] = row.parent_id
        above = sorted(set(parents.values()) - self._customers.keys())
        if above:
            self.load_customers(Customer.id, above)
        for child, parent in parents.items():
            self._customers[child].parent = self._customers[parent]

    def _of_company(self, column: InstrumentedAttribute[T]) -> ColumnElement[bool]:
        """Needed with numbers only; ids are the company's own, and asked with both SQLite would not look at the ids."""
        return Customer.company_id == self._company_id if column is Customer.number else true()

    def load_items(self, wanted: ColumnElement[bool]) -> None:
        """Instalments with their invoices and customers; whoever asks says of which company."""
        rows = self._session.execute(
            select(
                Instalment.id,
                Instalment.number,
                Instalment.due_date,
                Instalment.amount,
                Invoice.id,
                Invoice.number,
                Invoice.date,
                Invoice.currency,
                Invoice.reference,
                Invoice.customer_id,
            )
            .join(Invoice, Invoice.id == Instalment.invoice_id)
            .where(wanted)
        ).all()
        self._load_owners(row[9] for row in rows)
        for id_, number, due_date, amount, invoice_id, *about, customer_id in rows:
            invoice_number, on, currency, reference = about
            invoice = self.books.invoices.get(invoice_number)
            if invoice is None:
                invoice = self.books.invoices[invoice_number] = BookInvoice(
                    id=invoice_id,
                    number=invoice_number,
                    customer=self._customers[customer_id],
                    date=on,
                    currency=currency,
                    reference=reference,
                )
            if id_ not in self._items:
                item = BookItem(id=id_, invoice=invoice, number=number, due_date=due_date, amount=amount)
                self._items[id_] = invoice.items[number] = item

    def load_credits(self, wanted: ColumnElement[bool]) -> None:
        """Payments and credit notes with their customers; whoever asks says of which company."""
        rows = self._session.execute(select(*Credit.__table__.columns).where(wanted)).all()
        self._load_owners(row.customer_id for row in rows)
        for row in rows:
            if row.id not in self._credits:
                self._credits[row.id] = self.books.credits[row.kind, row.number] = BookCredit(
                    id=row.id,
                    kind=row.kind,
                    number=row.number,
                    customer=self._customers[row.customer_id],
                    date=row.date,
                    currency=row.currency,
                    amount=row.amount,
                    reference=row.reference,
                    origin=row.origin,
                    reversed_on=row.reversed_on,
                )

    def load_linked(self) -> None:
        """The credits that are applied to the items so far, and the items of the credits."""
        ends = [
            *self._ends(Allocation.instalment_id, self._items),
            *self._ends(Allocation.credit_id, self._credits),
        ]
        for some in _batches({credit for credit, _ in ends} - self._credits.keys()):
            self.load_credits(one_of(Credit.id, some))
        for some in _batches({item for _, item in ends} - self._items.keys()):
            self.load_items(one_of(Instalment.id, some))

    def load_allocations(self) -> None:
        """All that was ever applied to the items and of the credits."""
        self._load_allocations(Allocation.instalment_id, self._items)
        self._load_allocations(Allocation.credit_id, self._credits)

    def _load_owners(self, customer_ids: Iterable[int]) -> None:
        self.load_customers(Customer.id, sorted(set(customer_ids) - self._customers.keys()))

    def _ends(self, side: InstrumentedAttribute[int], ids: Iterable[int]) -> Iterator[tuple[int, int]]:
        for some in _batches(ids):
            rows = self._session.execute(
                select(Allocation.credit_id, Allocation.instalment_id).where(one_of(side, some))
            )
            yield from ((credit, item) for credit, item in rows)

    def _load_allocations(self, side: InstrumentedAttribute[int], ids: Iterable[int]) -> None:
        for some in _batches(ids):
            rows = self._session.execute(
                select(
                    Allocation.id,
                    Allocation.credit_id,
                    Allocation.instalment_id,
                    Allocation.date,
                    Allocation.amount,
                    Allocation.ended_on,
                    Allocation.origin,
                )
                .where(one_of(side, some))
                .order_by(Allocation.id)
            )
            for id_, credit_id, item_id, on, amount, ended_on, origin in rows:
                if id_ in self._allocations:
                    continue
                self._allocations.add(id_)
                credit, item = self._credits.get(credit_id), self._items.get(item_id)
                allocation = BookAllocation(
                    id=id_,
                    credit=credit,
                    item=item,
                    on=on,
                    amount=amount,
                    ended_on=ended_on,
                    origin=origin,
                )
                for end in (credit, item):
                    if end is not None:
                        end.allocations.append(allocation)


def _batches(values: Iterable[T]) -> Iterator[Sequence[T]]:
    left = iter(values)
    while some := list(islice(left, _BATCH)):
        yield some
