"""A seeded ledger of any size, as canonical CSV files."""

import csv
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random

_NAMES = (
    "Alder",
    "Birch",
    "Cedar",
    "Elm",
    "Fir",
    "Hazel",
    "Larch",
    "Maple",
    "Oak",
    "Pine",
    "Rowan",
    "Willow",
)
_KINDS = ("Optics", "Foods", "Logistics", "Printing", "Tools", "Textiles", "Energy", "Paper")
_CITIES = (
    ("DE", "10115", "Berlin"),
    ("FR", "75001", "Paris"),
    ("US", "10001", "New York"),
    ("CH", "8001", "Zürich"),
)


def write_ledger(folder: Path, *, customers: int, items: int, today: date, seed: int = 1) -> list[Path]:
    """customers.csv, invoices.csv and payments.csv: most items fall due around `today`, some are paid in part."""
    random = Random(seed)
    paths = [folder / f"{name}.csv" for name in ("customers", "invoices", "payments")]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", newline="", encoding="utf-8")) for path in paths]
        writers = [csv.writer(file) for file in files]
        _headings(writers)
        for number in range(customers):
            _customer(writers[0], random, number)
            for item in range(items):
                _item(writers[1], writers[2], random, number, item, today)
    return paths


def _headings(writers):
    writers[0].writerow(
        ["customer", "name", "email", "street", "city", "postal_code", "country", "language", "currency"]
    )
    writers[1].writerow(
        ["invoice", "instalment", "customer", "kind", "date", "due_date", "currency", "amount", "reference"]
    )
    writers[2].writerow(["payment", "customer", "date", "currency", "amount", "invoice", "instalment"])


def _customer(writer, random, number):
    country, postal_code, city = random.choice(_CITIES)
    name = f"{random.choice(_NAMES)} {random.choice(_KINDS)} {number}"
    street = f"Main Street {random.randint(1, 200)}"
    language = {"DE": "de", "CH": "de"}.get(country, "en")
    email = f"accounts{number}@customer.example.com"
    writer.writerow([f"C{number:07}", name, email, street, city, postal_code, country, language, "EUR"])


def _item(invoices, payments, random, number, item, today):
    due = today + timedelta(days=round(random.gauss(-5, 30)))
    issued = min(today, due - timedelta(days=random.choice((14, 30, 60))))
    amount = random.randint(1_000, 900_000)
    invoice = f"R{number:07}-{item:03}"
    text = f"{amount / 100:.2f}"
    invoices.writerow([invoice, 1, f"C{number:07}", "invoice", issued, due, "EUR", text, f"PO {item}"])
    if random.random() < 0.15:
        part = f"{amount // 2 / 100:.2f}"
        payments.writerow(
            [f"P{number:07}-{item:03}", f"C{number:07}", max(issued, today), "EUR", part, invoice, 1]
        )
