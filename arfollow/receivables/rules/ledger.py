"""Residuals and unapplied credit, as of any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Settlement:
    """Part of a credit applied to an item from `on` until the day before `ended_on` (null: for good)."""

    on: date
    ended_on: date | None
    amount: int

    def counts(self, day: date) -> bool:
        """Whether it stands on the day."""
        return self.on <= day and (self.ended_on is None or self.ended_on > day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An instalment with all that was ever applied to it. Amounts in minor units of `currency`."""

    id: int
    invoice: str
    instalment: int
    invoice_date: date
    due_date: date
    currency: str
    amount: int
    settlements: tuple[Settlement, ...] = ()

    def residual(self, day: date) -> int:
        """What is owed on the day, never below 0; 0 before the invoice's date."""
        return residual(self.amount, self.settlements, day) if self.invoice_date <= day else 0

    @property
    def order(self) -> tuple[date, str, int]:
        """Oldest due first."""
        return (self.due_date, self.invoice, self.instalment)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """A payment or credit note with all that was ever applied of it."""

    id: int
    on: date
    currency: str
    amount: int
    reversed_on: date | None = None
    settlements: tuple[Settlement, ...] = ()

    def unapplied(self, day: date) -> int:
        """What is left of it on the day; 0 before its date and once it is reversed."""
        if self.on > day or (self.reversed_on is not None and self.reversed_on <= day):
            return 0
        return residual(self.amount, self.settlements, day)


def residual(amount: int, settlements: Iterable[Settlement], day: date) -> int:
    """The amount less what stands applied on the day, never below 0."""
    return max(0, amount - sum(s.amount for s in settlements if s.counts(day)))


def settled_on(amount: int, settlements: Iterable[Settlement]) -> date | None:
    """The first day from which on nothing is left, by all that is known, dates to come included; None while open."""
    known = tuple(settlements)
    days = sorted({d for s in known for d in (s.on, s.ended_on) if d is not None})
    if not days or residual(amount, known, days[-1]):
        return None
    open_days = [day for day in days if residual(amount, known, day)]
    return days[days.index(open_days[-1]) + 1] if open_days else days[0]


def applicable(*, credit_left: int, item_left: int, credit_on: date, invoice_on: date) -> tuple[int, date]:
    """How much of a credit its item takes, and on which day: at most what is open, never before the invoice's date."""
    return min(credit_left, item_left), max(credit_on, invoice_on)
