"""A part of the ledger in memory: an import changes it, and what has changed is written back in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, TypeAlias

from arfollow.receivables.rules.allocation import free, used_up_on
from arfollow.receivables.rules.ledger import Settlement, residual, settled_on

Columns = Mapping[str, object]
CUSTOMER_COLUMNS = tuple("name email phone street city postal_code country language currency vat".split())
"""What is kept of a customer as text."""


@dataclass(slots=True, eq=False, kw_only=True)
class BookCustomer:
    """A debtor account; `values` by column, `parent` the number of another.

    `own`: fields of the company's own by `custom:<name>`, those that an import tells of; empty text: it has none.
    """

    KIND: ClassVar[str] = "customer"

    number: str
    values: dict[str, str]
    parent: BookCustomer | None = None
    responsible_id: int | None = None
    responsible_by_rule: bool = False
    sales_id: int | None = None
    own: dict[str, str] = field(default_factory=dict)
    id: int | None = None
    stored: Columns | None = None

    def columns(self) -> Columns:
        """What is kept of it, by column."""
        parent = self.parent.number if self.parent else ""
        people = {"responsible_id": self.responsible_id, "sales_id": self.sales_id}
        return {**self.values, "parent": parent, **people, **self.own}

    @property
    def key(self) -> str:
        """Its number."""
        return self.number


@dataclass(slots=True, eq=False, kw_only=True)
class BookInvoice:
    """An invoice with those of its instalments that are in the books."""

    KIND: ClassVar[str] = "invoice"

    number: str
    customer: BookCustomer
    date: dt.date
    currency: str
    reference: str = ""
    items: dict[int, BookItem] = field(default_factory=dict)
    id: int | None = None
    stored: Columns | None = None

    def columns(self) -> Columns:
        """What is kept of it, by column."""
        return {"date": self.date, "currency": self.currency, "reference": self.reference}

    @property
    def key(self) -> str:
        """Its number."""
        return self.number


@dataclass(slots=True, eq=False, kw_only=True)
class BookItem:
    """An instalment with all allocations to it."""

    KIND: ClassVar[str] = "instalment"

    invoice: BookInvoice
    number: int
    due_date: dt.date
    amount: int
    allocations: list[BookAllocation] = field(default_factory=list)
    id: int | None = None
    stored: Columns | None = None

    def columns(self) -> Columns:
        """What is kept of it, by column."""
        return {
            "due_date": self.due_date,
            "amount": self.amount,
            "settled_on": settled_on(self.amount, self.settlements) if self.allocations else None,
        }

    @property
    def key(self) -> str:
        """The invoice's number and its own."""
        return f"{self.invoice.number}/{self.number}"

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """What was ever applied to it."""
        return tuple(each.settlement for each in self.allocations)

    def residual(self, day: dt.date) -> int:
        """What is owed on the day, whatever the invoice's date."""
        return residual(self.amount, self.settlements, day)

    def free(self, since: dt.date) -> int:
        """What can still be applied to it from that day on."""
        return free(self.amount, self.settlements, since)

    @property
    def applied(self) -> int:
        """What stands applied to it for good, whenever it was or will be."""
        return sum(each.amount for each in self.allocations if each.stands)


@dataclass(slots=True, eq=False, kw_only=True)
class BookCredit:
    """A payment or credit note with all that was ever applied of it."""

    KIND: ClassVar[str] = "credit"

    kind: str
    number: str
    customer: BookCustomer
    date: dt.date
    currency: str
    amount: int
    reference: str = ""
    origin: str = "ledger"
    reversed_on: dt.date | None = None
    allocations: list[BookAllocation] = field(default_factory=list)
    id: int | None = None
    stored: Columns | None = None

    def columns(self) -> Columns:
        """What is kept of it, by column."""
        return {
            "date": self.date,
            "amount": self.amount,
            "reference": self.reference,
            "reversed_on": self.reversed_on,
            "used_up_on": used_up_on(self.amount, self.settlements, self.reversed_on),
        }

    @property
    def key(self) -> str:
        """Its kind and number."""
        return f"{self.kind} {self.number}"

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """What was ever applied of it."""
        return tuple(each.settlement for each in self.allocations)

    def unapplied(self, day: dt.date) -> int:
        """What is left of it on the day; 0 once it is reversed."""
        if self.reversed_on is not None and self.reversed_on <= day:
            return 0
        return residual(self.amount, self.settlements, day)

    def free(self, since: dt.date) -> int:
        """What of it can still be applied from that day on."""
        return 0 if self.reversed_on is not None else free(self.amount, self.settlements, since)

    @property
    def applied(self) -> int:
        """What stands applied of it for good, whenever it was or will be."""
        return sum(each.amount for each in self.allocations if each.stands)


@dataclass(slots=True, eq=False, kw_only=True)
class BookAllocation:
    """Part of a credit applied to an item. The side that is not in the books is None, and stays as it is."""

    KIND: ClassVar[str] = "allocation"

    credit: BookCredit | None
    item: BookItem | None
    on: dt.date
    amount: int
    origin: str
    ended_on: dt.date | None = None
    id: int | None = None
    stored: Columns | None = None

    def columns(self) -> Columns:
        """What is kept of it, by column."""
        return {
            "date": self.on,
            "amount": self.amount,
            "ended_on": self.ended_on,
            "origin": self.origin,
        }

    @property
    def key(self) -> str:
        """What is applied to what."""
        return f"{self.credit.key if self.credit else ''} → {self.item.key if self.item else ''}"

    @property
    def settlement(self) -> Settlement:
        """As the rules see it."""
        return Settlement(self.on, self.ended_on, self.amount)

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.ended_on is None

    def end(self, on: dt.date) -> None:
        """Let it count no more from that day on."""
        self.ended_on = max(on, self.on)


Entry: TypeAlias = BookCustomer | BookInvoice | BookItem | BookCredit | BookAllocation


def is_changed(entry: Entry) -> bool:
    """Whether it is new, or differs from what was loaded."""
    return entry.stored is None or entry.stored != entry.columns()


class Change(NamedTuple):
    """An entry that is new or differs from what was loaded, and what is to be kept of it now."""

    entry: Entry
    columns: Columns


@dataclass(slots=True)
class Books:
    """Entries by what the company calls them."""

    customers: dict[str, BookCustomer] = field(default_factory=dict)
    invoices: dict[str, BookInvoice] = field(default_factory=dict)
    credits: dict[tuple[str, str], BookCredit] = field(default_factory=dict)

    def item(self, invoice: str, instalment: int) -> BookItem | None:
        """The instalment of that number; None when it is not in the books."""
        found = self.invoices.get(invoice)
        return None if found is None else found.items.get(instalment)

    @property
    def items(self) -> Iterator[BookItem]:
        """All instalments."""
        return (item for invoice in self.invoices.values() for item in invoice.items.values())

    @property
    def allocations(self) -> Iterator[BookAllocation]:
        """All allocations with both sides in the books."""
        for credit in self.credits.values():
            for allocation in credit.allocations:
                if allocation.item is not None:
                    yield allocation

    def apply(self, credit: BookCredit, item: BookItem, amount: int, *, on: dt.date, origin: str) -> None:
        """Apply part of a credit to an item; the caller knows that both have it free."""
        allocation = BookAllocation(credit=credit, item=item, on=on, amount=amount, origin=origin)
        credit.allocations.append(allocation)
        item.allocations.append(allocation)

    @property
    def entries(self) -> Iterator[Entry]:
        """Everything, in an order in which it can be written."""
        yield from self.customers.values()
        yield from self.invoices.values()
        yield from self.items
        yield from self.credits.values()
        yield from self.allocations

    def changes(self) -> list[Change]:
        """What is new or differs from what was loaded, in an order in which it can be written."""
        return [
            Change(entry, columns) for entry in self.entries if entry.stored != (columns := entry.columns())
        ]

    def remember(self) -> None:
        """Take everything as stored: what is different later has changed."""
        for entry in self.entries:
            entry.stored = entry.columns()
