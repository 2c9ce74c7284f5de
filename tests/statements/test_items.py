"""The list of open invoices that goes with an e-mail."""

import re
from io import BytesIO
from zipfile import ZipFile

from arfollow.statements.facts import Creditor, OurContact, Paper
from arfollow.statements.items import items_workbook, workbook_name
from arfollow.statements.sample import sample_facts
from tests.factories import TODAY


def facts(locale="de_DE"):
    return sample_facts(
        creditor=Creditor(name="ACME", address=()),
        our_contact=OurContact(name="Ana"),
        locale=locale,
        paper=Paper.A4,
        currency="EUR",
        deadline_days=10,
        level="Mahnung",
        today=TODAY,
    )


def parts(content):
    with ZipFile(BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_it_holds_every_invoice_with_amounts_as_numbers():
    book = parts(items_workbook(facts()))

    sheet, texts = book["xl/worksheets/sheet1.xml"], book["xl/sharedStrings.xml"]
    assert re.findall(r"<t[^>]*>(2026-\d+)</t>", texts) == ["2026-0815", "2026-0838", "2026-0902"]
    assert re.search(r"<v>620\.50?</v>", sheet)
    assert "<f>" not in sheet
    assert "Rechnung" in texts


def test_the_same_facts_give_the_same_bytes():
    assert items_workbook(facts()) == items_workbook(facts())


def test_it_is_called_as_the_customer_would():
    assert workbook_name(facts("en_GB")) == "Open invoices C-1043 2026-11-21.xlsx"
