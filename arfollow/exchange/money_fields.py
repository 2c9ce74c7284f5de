"""Fields that invoices and payments share."""

from __future__ import annotations

import re

from arfollow.exchange.cells import MISSING, Part
from arfollow.exchange.reading import Row
from arfollow.values.money import UnknownCurrencyError, decimals
from arfollow.values.refusals import N_, Quoted, Remark, remark

_MOST_INSTALMENTS = 10_000
_NOT_ABOVE_ZERO = N_("has to be above zero. Found %(text)s.")
_INSTALMENT = re.compile(r"[0-9]{1,5}", re.ASCII)


def currency_of(part: Part, row: Row) -> str:
    """The row's currency; empty after a problem."""
    currency = part.raw(row, "currency")
    if not currency:
        part.problem(row, "currency", MISSING)
        return ""
    try:
        decimals(currency)
    except UnknownCurrencyError as problem:
        part.problem(row, "currency", remark(problem))
        return ""
    return currency


def instalment_of(part: Part, row: Row, name: str) -> int:
    """The number of an instalment; 1 where the file gives none."""
    text = part.raw(row, name)
    if not text:
        return 1
    if not _INSTALMENT.fullmatch(text) or not 1 <= int(text) <= _MOST_INSTALMENTS:
        message = Remark(N_("%(text)s is no number of an instalment, such as 1."), text=Quoted(text))
        part.problem(row, name, message)
        return 1
    return int(text)


def check_positive(
    part: Part, row: Row, name: str, amount: int | None, *, message: str = _NOT_ABOVE_ZERO
) -> None:
    """Note a problem unless the amount is above zero; None had its problem already."""
    if amount is not None and amount <= 0:
        found = Quoted(part.raw(row, name))
        part.problem(row, name, Remark(message, text=found))
