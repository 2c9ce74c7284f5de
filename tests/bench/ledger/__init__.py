"""A seeded ledger of any size, as canonical CSV files; and what happened to it since, through the operations."""

from tests.bench.ledger.writing import CLERKS, COUNTRY, CURRENCY, Size, write_ledger

__all__ = ["CLERKS", "COUNTRY", "CURRENCY", "Size", "write_ledger"]
