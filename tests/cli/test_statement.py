import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from arfollow.cli import main
from arfollow.receivables.tables import Hold
from tests.levels.rows import add_customer, add_item

DAY = date(2026, 11, 21)


@pytest.fixture
def run(sqlite_site, sqlite_url, tmp_path, monkeypatch):
    """Runs `arfollow statement` on the day, for a customer with an overdue, a coming and a held item of EUR 100.00 each."""
    with sqlite_site.writing() as session:
        customer_id = add_customer(session, sqlite_site.company_id, "C-1")
        add_item(session, customer_id, "late", DAY - timedelta(days=30))
        add_item(session, customer_id, "today", DAY)
        held = add_item(session, customer_id, "held", DAY - timedelta(days=5))
        session.add(
            Hold(
                company_id=sqlite_site.company_id,
                customer_id=customer_id,
                instalment_id=held,
                reason="x",
                set_on=DAY,
            )
        )
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, ["statement", *map(str, words), "--on", DAY.isoformat()])


def test_items_and_totals_are_json_lines_with_amounts_as_text(run):
    lines = [json.loads(line) for line in run("C-1", "--json").stdout.splitlines()]

    items = [(line["invoice"], line["open"], line["days_late"]) for line in lines if line["row"] == "item"]
    assert items == [("late", "100.00", 30), ("today", "100.00", 0)]
    assert lines[-1] == {
        "row": "total",
        "currency": "EUR",
        "overdue": "100.00",
        "not_due": "100.00",
        "unapplied": "0.00",
        "balance": "200.00",
        "held": "100.00",
    }


def test_people_read_lines(run):
    text = run("C-1").stdout

    assert "30 d late" in text
    assert "on hold, left out" in text


def test_the_pdf_is_the_statement(run, tmp_path):
    answer = run("C-1", "--pdf", tmp_path / "out.pdf")

    assert answer.exit_code == 0, answer.output
    text = PdfReader(BytesIO((tmp_path / "out.pdf").read_bytes())).pages[0].extract_text()
    assert "Kontoauszug" in text or "Statement of account" in text


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["C-9"], 2, "There is no customer 'C-9' in ACME GmbH."),
        (["C-1", "--json", "--pdf", "x.pdf"], 2, "Choose --json or --pdf."),
        (["C-1", "--pdf", "/nowhere/x.pdf"], 1, "/nowhere/x.pdf"),
    ],
)
def test_what_cannot_be_done_is_said(run, words, code, problem):
    answer = run(*words)

    assert answer.exit_code == code
    assert problem in answer.stderr
