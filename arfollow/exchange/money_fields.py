"""Fields that invoices and payments share."""

from __future__ import annotations

from arfollow.exchange.cells import Part
from arfollow.exchange.reading import Row
from arfollow.values.money import LARGEST, UnknownCurrencyError, decimals

_MOST_INSTALMENTS = 10_000


def currency_of(part: Part, row: Row) -> str:
    """The row's currency; empty after a problem."""
    currency = part.raw(row, "currency")
    if not currency:
        part.problem(row, "currency", "is missing.")
        return ""
    try:
        decimals(currency)
    except UnknownCurrencyError as problem:
        part.problem(row, "currency", str(problem))
        return ""
    return currency


def instalment_of(part: Part, row: Row, name: str) -> int:
    """The number of an instalment; 1 where the file gives none."""
    text = part.raw(row, name)
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_INSTALMENTS):
        part.problem(row, name, f"{text!r} is no number of an instalment, such as 1.")
        return 1
    return int(text)


def check_positive(part: Part, row: Row, name: str, amount: int | None, *, hint: str = "") -> None:
    """Note a problem unless the amount is above zero and can be booked; None had its problem already."""
    if amount is not None and not 0 < amount < LARGEST:
        part.problem(row, name, f"has to be above zero. {hint}Found {part.raw(row, name)!r}.")
