"""Writes the files, a customer at a time: however large the ledger, only one is in memory."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from tests.bench.ledger import debtors, items
from tests.bench.ledger.debtors import CLERKS

COUNTRY, CURRENCY = "IE", "EUR"
"""The company that the ledger is for: one whose levels have English names."""

__all__ = ["CLERKS", "COUNTRY", "CURRENCY", "Size", "write_ledger"]


@dataclass(frozen=True, order=True)
class Size:
    """How many customers, with how many items on average, and the seed of all that is random about them."""

    customers: int
    items: int
    seed: int = 1


def write_ledger(folder: Path, *, size: Size, today: date) -> list[Path]:
    """customers.csv, invoices.csv and payments.csv: the same bytes for the same size and day.

    A larger ledger begins with the smaller one of the same seed. Import the files together.
    """
    paths = [folder / f"{name}.csv" for name in ("customers", "invoices", "payments")]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", newline="", encoding="utf-8")) for path in paths]
        customers, invoices, payments = (csv.writer(file, lineterminator="\n").writerow for file in files)
        customers(debtors.HEADING)
        invoices(items.INVOICES)
        payments(items.PAYMENTS)
        for index in range(size.customers):
            random = Random(f"{size.seed}:{index}")
            debtor = debtors.debtor(random, index, mean_items=size.items)
            customers(debtor.row)
            items.Account(debtor, random, today, invoices, payments).write()
    return paths
