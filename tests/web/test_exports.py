from datetime import date

import pytest

from arfollow.access import Role
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.invoices import NewInstalment, add_invoice
from tests.fixtures.sheets import rows_of_csv, rows_of_xlsx

MANY = 60


@pytest.fixture
def customers(sqlite_site):
    """More customers than a page of the list shows; the first owes EUR 1,234.50 and JPY 900."""
    with sqlite_site.writing() as session:
        company = {"company_id": sqlite_site.company_id, "who": "Ana"}
        ids = [
            save_customer(
                session,
                number=f"C-{which:02}",
                customer=CustomerFields(name=f"=Customer {which:02}"),
                **company,
            )
            for which in range(MANY)
        ]
        for currency, amount in (("EUR", 123450), ("JPY", 900)):
            add_invoice(
                session,
                customer_id=ids[0],
                number=f"I-{currency}",
                date=date(2026, 1, 2),
                currency=currency,
                instalments=[NewInstalment(due_date=date(2026, 2, 3), amount=amount)],
                **company,
            )
    return sqlite_site


@pytest.fixture
def clerk(customers):
    return customers.sign_in(Role.CLERK, name="Ana")


def speak(clerk, language: str) -> None:
    clerk.post("/account", {"name": "Ana", "phone": "", "language": language})


def test_an_export_holds_all_rows_and_not_only_the_page(clerk):
    rows = rows_of_xlsx(clerk.get("/customers?page=2&export=xlsx").data)

    assert [row[0] for row in rows[1:]] == [f"C-{which:02}" for which in range(MANY)]


def test_the_filters_of_the_page_are_in_force(clerk):
    rows = rows_of_xlsx(clerk.get("/customers?q=customer+07&export=xlsx").data)

    assert [row[:2] for row in rows[1:]] == [["C-07", "=Customer 07"]]


def test_amounts_stand_in_a_column_for_each_currency_with_its_decimals(clerk):
    header, first, *_rest = rows_of_xlsx(clerk.get("/customers?export=plain-xlsx").data)

    owed = dict(zip(header, first, strict=True))
    assert owed["Total due, in EUR"] == 1234.5
    assert owed["Total due, in JPY"] == 900.0


def test_a_german_reads_german_headings_and_decimal_commas(clerk):
    speak(clerk, "de")

    answer = clerk.get("/customers/C-00?export=csv")
    header, first, _second = rows_of_csv(answer.data, ";")

    assert header[:4] == ["Rechnung", "Referenz", "Datum", "Fällig"]
    assert first[:4] == ["I-EUR", "", "02.01.2026", "03.02.2026"]
    assert first[6] == "1234,50"
    assert "Offene-Posten-C-00-" in answer.headers["Content-Disposition"]


def test_what_programs_read_is_the_same_for_every_reader(clerk):
    english = clerk.get("/customers/C-00?export=plain-csv").data
    speak(clerk, "fr")

    assert clerk.get("/customers/C-00?export=plain-csv").data == english


def test_a_name_that_looks_like_a_formula_is_neutralised(clerk):
    rows = rows_of_csv(clerk.get("/customers?export=csv").data)

    assert rows[1][1] == "'=Customer 00"


def test_an_export_that_there_is_not_is_the_page(clerk):
    answer = clerk.get("/customers?export=pdf")

    assert answer.mimetype == "text/html"


def test_the_menu_keeps_the_filters_and_leaves_the_page_number(clerk):
    page = clerk.get("/customers?status=none&page=2").text

    assert 'href="/customers?status=none&amp;export=plain-csv"' in page
