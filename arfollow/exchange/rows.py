"""What a file says, row by row, once its cells have been read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from arfollow.exchange.problems import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer. `values` holds the fields whose columns the file has; a column that it has not changes nothing."""

    place: Place
    number: str
    values: Mapping[str, str]
    other_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
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


@dataclass(slots=True)
class Rows:
    """All rows of all files, and the numbers that rows with problems name: they are not unknown, only not read."""

    customers: list[CustomerRow] = field(default_factory=list)
    invoices: list[InvoiceRow] = field(default_factory=list)
    credits: list[CreditRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread_customers: set[str] = field(default_factory=set)
    unread_invoices: set[str] = field(default_factory=set)
