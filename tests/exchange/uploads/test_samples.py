"""The exports of other programs, each mapped as somebody would click it: a form as it is shown, and what is chosen in it."""

import pytest

from arfollow.exchange.uploads.rules import State
from tests.exchange.uploads.conftest import Desk

# By file: what is chosen, one step after the other; what the check counts; what is open then, in minor units by currency.
CHOICES = {
    "ninja-freshbooks_clients.csv": ([], {"customers": 2}, {}),
    "ninja-freshbooks_invoices.csv": (
        [{"source__due_date": "Date Issued", "adds_up": "on"}],
        {"customers": 1, "invoices": 1},
        {"USD": 789000},
    ),
    "ninja-i2g_clients.csv": ([], {"customers": 2}, {}),
    "ninja-i2g_invoices.csv": (
        [{"source__due_date": "DocumentDate"}],
        {"customers": 4, "invoices": 4},
        {"ILS": 95355, "USD": 51030},
    ),
    "ninja-invoicely_clients.csv": ([], {"customers": 2}, {}),
    "ninja-invoicely_invoices.csv": (
        [{"columns": {"Details": "number"}, "value__currency": "USD"}],
        {"customers": 1, "invoices": 1},
        {"USD": 102000},
    ),
    "ninja-wave_clients.csv": ([{"columns": {"customer_name": "number"}}], {"customers": 4}, {}),
    "ninja-wave_invoices.csv": (
        [
            {"source__due_date": "Transaction Date", "value__currency": "USD", "adds_up": "on"},
            {"only_column": "Account Type"},
            {"only": ["Income"]},
        ],
        {"customers": 3, "invoices": 3},
        {"USD": 906491},
    ),
    "qb-like-ar-aging.csv": (
        [{"value__currency": "USD"}],
        {"customers": 5, "invoices": 5, "payments": 1},
        {"USD": 491725},
    ),
    "qb-like-customers.csv": ([], {"customers": 3}, {}),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_sample_is_imported_with_a_mapping_made_by_clicking(name, sqlite_desk, shared):
    path = shared / "formats" / "csv-apps" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    steps, counts, opened = CHOICES[name]
    desk: Desk = sqlite_desk
    import_id = desk.drop((name, path.read_bytes()))

    for step in steps:
        desk.choose(import_id, **step)
    as_of = desk.job(import_id).as_of
    checked = desk.check(import_id, **({"as_of": as_of.isoformat()} if as_of else {}))
    if checked.state == State.REFUSED:
        desk.post(f"/imports/{import_id}/leave-out")
        checked = desk.check(import_id)
    assert checked.state == State.CHECKED, (checked.refusal, desk.shown(import_id))
    done = desk.apply(import_id)

    assert {count.what: count.new for count in done.report.counts} == counts
    assert {total.currency: total.amount for total in done.report.after} == opened


def test_every_sample_is_tried(shared):
    folder = shared / "formats" / "csv-apps"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")

    assert {path.name for path in folder.glob("*.csv")} == set(CHOICES)


@pytest.mark.parametrize(
    ("name", "currencies"),
    [
        ("highradius_open_invoices.csv", {"CAD": 4447100908, "USD": 27511371683}),
        ("ibm_late_payments.csv", {}),
    ],
)
def test_a_ledger_that_is_known_by_its_heading_needs_no_click(name, currencies, sqlite_desk, shared):
    path = shared / "data" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    import_id = sqlite_desk.drop((name, path.read_bytes()))

    sqlite_desk.check(import_id)
    done = sqlite_desk.apply(import_id)

    assert done.state == State.DONE
    assert {total.currency: total.amount for total in done.report.after if total.amount} == currencies


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [
        ("oca-sheet-sample_statement_en.xlsx", ""),
        ("oca-paypal-statement_es.csv", "comma"),
        ("oca-sheet-balance.csv", "comma"),
    ],
)
def test_other_tables_are_shown_with_their_columns(name, delimiter, sqlite_desk, shared):
    path = shared / "formats" / "csv-bank" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    import_id = sqlite_desk.drop((name, path.read_bytes()))

    shown = sqlite_desk.shown(import_id)

    assert f"as found: {delimiter}" in shown
    assert shown.count('class="import-column"') > 3
