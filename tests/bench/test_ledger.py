import csv
from datetime import date
from decimal import Decimal

import pytest

from tests.bench import commands
from tests.bench.ledger import Size, write_ledger
from tests.bench.sites import Setup
from tests.bench.snapshots import Snapshots

TODAY = date(2026, 11, 20)


def written(folder, size: Size, today: date = TODAY) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    return {path.name: path.read_bytes() for path in write_ledger(folder, size=size, today=today)}


@pytest.fixture(scope="module")
def rows(tmp_path_factory) -> dict[str, list[dict[str, str]]]:
    """The rows of a ledger of 400 customers with 10 items each."""
    paths = write_ledger(tmp_path_factory.mktemp("ledger"), size=Size(400, 10), today=TODAY)
    return {path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in paths}


def test_the_same_seed_and_day_give_the_same_bytes(tmp_path):
    first, again, other, later = (
        written(tmp_path / "first", Size(30, 5, seed=1)),
        written(tmp_path / "again", Size(30, 5, seed=1)),
        written(tmp_path / "other", Size(30, 5, seed=2)),
        written(tmp_path / "later", Size(30, 5, seed=1), date(2026, 11, 21)),
    )

    assert again == first
    assert other["customers.csv"] != first["customers.csv"]
    assert later["invoices.csv"] != first["invoices.csv"]


def test_a_larger_ledger_begins_with_the_smaller_one(tmp_path):
    small, large = (
        written(tmp_path / "small", Size(20, 5)),
        written(tmp_path / "large", Size(40, 5)),
    )

    assert all(large[name].startswith(content) for name, content in small.items())


def test_customers_differ_in_how_much_they_owe(rows):
    counts: dict[str, int] = {}
    for row in rows["invoices"]:
        counts[row["customer"]] = counts.get(row["customer"], 0) + 1

    assert 3000 < len(rows["invoices"]) < 5000
    assert max(counts.values()) > 50
    assert sorted(counts.values())[len(counts) // 2] < 10


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("customers", lambda row: not row["email"]),
        ("customers", lambda row: not row["street"]),
        ("customers", lambda row: row["parent"]),
        ("customers", lambda row: not row["responsible"]),
        ("customers", lambda row: row["currency"] == "JPY"),
        ("customers", lambda row: row["language"] == "fr"),
        ("invoices", lambda row: row["instalment"] == "3"),
        ("invoices", lambda row: row["kind"] == "credit_note" and row["applies_to"]),
        ("invoices", lambda row: row["kind"] == "credit_note" and not row["applies_to"]),
        ("invoices", lambda row: row["level"] == "Final notice" and row["followed_on"]),
        ("invoices", lambda row: row["due_date"] > "2026-11-20"),
        ("invoices", lambda row: row["due_date"] and row["due_date"] < "2026-01-01"),
        ("payments", lambda row: not row["invoice"]),
    ],
)
def test_there_are_customers_and_items_of_every_kind(rows, file, wanted):
    assert any(wanted(row) for row in rows[file])
    assert not all(wanted(row) for row in rows[file])


def test_some_items_are_paid_in_part_and_some_in_full(rows):
    amounts = {(row["invoice"], row["instalment"]): row["amount"] for row in rows["invoices"]}
    paid = [
        (Decimal(row["amount"]), Decimal(amounts[row["invoice"], row["instalment"]]))
        for row in rows["payments"]
        if row["invoice"]
    ]

    assert sum(part < whole for part, whole in paid) > 100
    assert sum(part == whole for part, whole in paid) > 100


def test_the_import_takes_it_without_a_problem(tmp_path):
    setup = Setup(engine="sqlite", size=Size(40, 5), today=TODAY)
    paths = write_ledger(tmp_path, size=setup.size, today=TODAY)

    with Snapshots(tmp_path).site(setup, filled=False) as site:
        site.disconnect()
        commands.run(site.settings, "import", "--dry-run", *map(str, paths))
