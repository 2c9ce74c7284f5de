import json
import os

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.cli import main
from arfollow.companies.operations import create_company

BUCKETS = ["not due", "1-30", "31-60", "61-90", "91-120", "> 120"]
TABLES = {
    "ibm_late_payments.csv": {
        ("USD", "2012-06-30"): [(83, "4594.36"), (15, "909.73")],
        ("USD", "2013-06-30"): [(72, "4284.29"), (12, "835.56")],
    },
    "highradius_open_invoices.csv": {
        ("USD", "2020-05-22"): [
            (493, "10128874.55"),
            (3385, "107523520.97"),
            (4054, "127851304.87"),
            (1021, "29610016.44"),
        ],
        ("CAD", "2020-05-22"): [
            (13, "631669.56"),
            (268, "14868688.70"),
            (349, "22554342.69"),
            (117, "6416308.13"),
        ],
    },
}


@pytest.fixture
def arfollow(engine_url, tmp_path, monkeypatch):
    """The command on a ledger with one company; gives what it prints and its exit code."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", engine_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    engine = database.open_engine(engine_url)
    with Session(engine) as session:
        database.begin_write(session)
        create_company(session, name="ACME", country="US", currency="USD", who="system")
        database.commit(session)
    engine.dispose()

    def run(*arguments: object):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def lines(result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("file", TABLES)
def test_a_real_ledger_ages_exactly_and_the_same_file_again_changes_nothing(arfollow, shared, file):
    first = arfollow("import", shared / "data" / file)
    second = arfollow("import", shared / "data" / file)

    assert first.exit_code == second.exit_code == 0, first.output
    assert "Nothing has changed." in second.stdout
    for (currency, day), expected in TABLES[file].items():
        rows = [row for row in lines(arfollow("aging", "--on", day, "--json")) if row["currency"] == currency]
        filled = [*expected, *[(0, "0.00")] * (len(BUCKETS) - len(expected))]
        assert rows == [
            {"currency": currency, "bucket": bucket, "items": items, "amount": amount}
            for bucket, (items, amount) in zip(BUCKETS, filled, strict=True)
        ]


def test_a_dry_run_shows_what_would_happen_and_writes_nothing(arfollow, shared):
    result = arfollow("import", "--dry-run", shared / "data" / "ibm_late_payments.csv")

    assert "customers: 100 new, 0 changed, 0 unchanged" in result.stdout
    assert "invoices: 2466 new" in result.stdout
    assert "This was a dry run: nothing was written." in result.stdout
    assert lines(arfollow("aging", "--on", "2012-06-30", "--json")) == []


def test_codes_that_are_no_countries_are_reported(arfollow, shared):
    result = arfollow("import", shared / "data" / "ibm_late_payments.csv")

    assert "no ISO country codes (391, 406, 770, 818, 897)" in result.stderr


def test_problems_go_to_stderr_with_exit_code_2(arfollow, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text("customer,name\nC-1,\nC-2,\n")

    result = arfollow("import", file)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "customers.csv, row 2, name: is missing.",
        "customers.csv, row 3, name: is missing.",
        "Error: 2 problems. Nothing was imported.",
    ]


def test_a_file_that_cannot_be_read_is_named(arfollow):
    # The kernel lets its owner open it, and fails to read where nothing is: as a folder on a network does that is gone.
    result = arfollow("import", "/proc/self/mem")

    assert result.exit_code == 1
    assert result.stderr == "Error: /proc/self/mem: Input/output error\n"


def test_a_pipe_is_read(arfollow):
    reading_end, writing_end = os.pipe()
    os.write(writing_end, b"customer,name\nC-1,A\n")
    os.close(writing_end)

    result = arfollow("import", f"/dev/fd/{reading_end}")
    os.close(reading_end)

    assert result.stderr == ""
    assert "customers: 1 new, 0 changed, 0 unchanged" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-file.csv"], "does not exist"),
        ([], "Missing argument"),
        (["--open-items"], "--open-items needs --as-of"),
        (["--as-of", "2026-01-01"], "go with --open-items only"),
        (["--confirm"], "go with --open-items only"),
        (["--mapping", "unknown"], "neither such a file nor such a name"),
        (["--company", "Nobody"], "There is no company called 'Nobody'"),
        (["--open-items", "--as-of", "2999-01-01"], "The list cannot be as of 1 Jan 2999: today is"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(arfollow, tmp_path, arguments, words):
    file = tmp_path / "customers.csv"
    file.write_text("customer,name\nC-1,A\n")
    files = [] if not arguments or arguments[0].endswith(".csv") else [file]

    result = arfollow("import", *arguments, *files)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_a_list_of_open_items_asks_before_much_is_gone(arfollow, tmp_path):
    customers, items = tmp_path / "customers.csv", tmp_path / "open.csv"
    customers.write_text("customer,name\nC-1,A\n")
    heading = "invoice,customer,date,due_date,currency,amount\n"
    items.write_text(heading + "I-1,C-1,2026-01-01,2026-01-31,USD,5.00\n")
    arfollow("import", "--open-items", "--as-of", "2026-02-01", customers, items)
    items.write_text(heading)

    refused = arfollow("import", "--open-items", "--as-of", "2026-02-02", items)
    confirmed = arfollow("import", "--open-items", "--as-of", "2026-02-02", "--confirm", items)
    earlier = arfollow("import", "--open-items", "--as-of", "2026-02-01", items)

    assert refused.exit_code == 2
    assert "The list is empty." in refused.stderr
    assert "USD open on 2026-02-02: 5.00 in 1 items before, 0.00 in 0 items after" in confirmed.stdout
    assert earlier.exit_code == 2
    assert "there was one as of 2 Feb 2026 already" in earlier.stderr


def test_aging_is_printed_with_totals_by_currency(arfollow, tmp_path):
    customers, items = tmp_path / "customers.csv", tmp_path / "invoices.csv"
    customers.write_text("customer,name\nC-1,A\n")
    items.write_text(
        "invoice,customer,date,due_date,currency,amount\n"
        "I-1,C-1,2026-01-01,2026-01-31,USD,5.00\nI-2,C-1,2026-01-01,2026-03-31,USD,7.00\n"
    )
    empty = arfollow("aging")
    arfollow("import", customers, items)

    result = arfollow("aging", "--on", "2026-02-01")

    assert empty.stdout == "Nothing is open.\n"
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["USD", "not", "due", "1", "7.00"],
        ["USD", "1-30", "1", "5.00"],
        ["USD", "31-60", "0", "0.00"],
        ["USD", "61-90", "0", "0.00"],
        ["USD", "91-120", "0", "0.00"],
        ["USD", ">", "120", "0", "0.00"],
        ["USD", "total", "2", "12.00"],
    ]
