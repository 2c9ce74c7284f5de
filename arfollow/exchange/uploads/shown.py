"""What is shown of a file before it is imported."""

from __future__ import annotations

from dataclasses import dataclass

from arfollow.exchange.amounts import DecimalMark
from arfollow.exchange.dates import DateOrder
from arfollow.exchange.problems import Problem
from arfollow.exchange.rows import CreditRow, CustomerRow, EventRow, InvoiceRow
from arfollow.exchange.uploads.rules import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file: its name, what the first rows have in it, and its values where they are few (else none)."""

    name: str
    examples: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A file as it will be read. `refusal`: why it cannot be read at all; then the rest is what is known nevertheless.
    `is_foreign`: it could not be, whatever somebody chooses.

    `count` rows stand below the heading, which is row `heading_line`; above it stand `titles`.
    """

    settings: Settings
    encoding: str = ""
    delimiter: str = ""
    heading_line: int = 0
    titles: tuple[str, ...] = ()
    count: int = 0
    columns: tuple[Column, ...] = ()
    missing: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    is_ambiguous: bool = False
    customers: tuple[CustomerRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    credits: tuple[CreditRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: str = ""
    is_foreign: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nothing keeps it from being checked."""
        return not (self.refusal or self.missing or self.is_ambiguous)
