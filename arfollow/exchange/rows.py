"""What a file says, row by row, once its cells have been read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from arfollow.exchange.problems import Place
from arfollow.profiles.rules import Data

# Tuples, because a file may have a million rows: they are made and stored many times faster than dataclasses.


class CustomerRow(NamedTuple):
    """A customer. `values` holds the fields whose columns the file has; a column that it has not changes nothing.

    `is_brought`: it stands beside entries, and gives way to a row of its own in another file.
    """

    place: Place
    number: str
    values: Mapping[str, str]
    other_names: frozenset[str] = frozenset()
    is_brought: bool = False


class InvoiceRow(NamedTuple):
    """An instalment of an invoice. Amounts in minor units; `open_amount` None where the file does not give it.

    `reference` None: the file has no such column.
    """

    place: Place
    number: str
    instalment: int
    customer: str
    date: dt.date
    due_date: dt.date
    currency: str
    amount: int
    open_amount: int | None = None
    reference: str | None = None
    level: str = ""
    followed_on: dt.date | None = None


class CreditRow(NamedTuple):
    """A payment or credit note, or the part of one that settles `target` (invoice, instalment); None: unapplied."""

    place: Place
    kind: str
    number: str
    customer: str
    date: dt.date
    currency: str
    amount: int
    target: tuple[str, int] | None = None
    reference: str | None = None


class EventRow(NamedTuple):
    """Something that happened to a customer. `at`: an ISO instant, of the company's time zone where it names none."""

    place: Place
    customer: str
    kind: str
    at: str
    key: str
    data: Mapping[str, Data]


@dataclass(slots=True)
class Unread:
    """The numbers that rows with problems name: they are not unknown, only not read."""

    customers: set[str] = field(default_factory=set)
    invoices: set[str] = field(default_factory=set)


class Into(Protocol):
    """Where rows go as they are read, with what is to be said of them."""

    notes: list[str]
    unread: Unread

    def add_customer(self, row: CustomerRow) -> None:
        """Take a customer."""

    def add_invoice(self, row: InvoiceRow) -> None:
        """Take an instalment of an invoice."""

    def add_credit(self, row: CreditRow) -> None:
        """Take a payment or credit note."""

    def add_event(self, row: EventRow) -> None:
        """Take an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All rows of some accounts, by the customers' numbers, and the customers above these.

    `accounts` are those whose rows these are; `repeated` those of `customers` that came with other accounts before.
    """

    accounts: AbstractSet[str] = frozenset()
    customers: list[CustomerRow] = field(default_factory=list)
    invoices: list[InvoiceRow] = field(default_factory=list)
    credits: list[CreditRow] = field(default_factory=list)
    repeated: AbstractSet[str] = frozenset()

    @property
    def owners(self) -> set[str]:
        """The numbers of the customers whose invoices and credits these are."""
        return {row.customer for row in self.invoices} | {row.customer for row in self.credits}
