"""Reads payments from rows that are payments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from arfollow.exchange.cells import Cells
from arfollow.exchange.money_fields import check_positive, currency_of, instalment_of
from arfollow.exchange.reading import Row
from arfollow.exchange.rows import CreditRow, Into


def read_payments(cells: Cells, rows: Iterable[Row], into: Into) -> None:
    """Add the payments; a row with a problem is left out."""
    for row in rows:
        before = len(cells.problems)
        payment = _payment(cells, row)
        if len(cells.problems) == before:
            into.add_credit(payment)


def _payment(cells: Cells, row: Row) -> CreditRow:
    part = cells.payment
    currency = currency_of(part, row)
    amount = part.amount(row, "amount", currency)
    check_positive(part, row, "amount", amount)
    invoice = part.number(row, "invoice")
    instalment = instalment_of(part, row, "instalment")
    return CreditRow(
        place=cells.place(row),
        kind="payment",
        number=part.number(row, "number", required=True),
        customer=part.number(row, "customer", required=True),
        date=part.day(row, "date") or date.min,
        currency=currency,
        amount=amount or 0,
        target=(invoice, instalment) if invoice else None,
        reference=part.text(row, "reference") if part.has("reference") else None,
    )
