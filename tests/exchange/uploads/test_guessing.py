"""What a heading tells without anybody's help."""

from datetime import date

import pytest

from arfollow.exchange.uploads.fields import missing
from arfollow.exchange.uploads.guessing import (
    guessed_day,
    guessed_heading,
    guessed_kinds,
    guessed_settings,
    with_columns,
)
from arfollow.exchange.uploads.rules import Kind, Settings


@pytest.mark.parametrize(
    ("heading", "kind", "columns"),
    [
        (
            "Num,Customer,Date,Due Date,Amount,Open Balance,P.O. #",
            Kind.OPEN_ITEMS,
            "number,customer,date,due_date,amount,open_amount,reference",
        ),
        (
            "Rechnungs-Nr.,Kunde,Rechnungsdatum,Fällig am,Währung,Betrag",
            Kind.INVOICES,
            "number,customer,date,due_date,currency,amount",
        ),
        (
            "N° facture,Client,Date facture,Échéance,Devise,Montant TTC",
            Kind.INVOICES,
            "number,customer,date,due_date,currency,amount",
        ),
        ("Client Name,Email,Phone,Country", Kind.CUSTOMERS, "number,email,phone,country"),
        ("Kundennummer,Firma,Straße,PLZ,Ort", Kind.CUSTOMERS, "number,name,street,postal_code,city"),
        ("Kundennummer,Name,Land", Kind.CUSTOMERS, "number,name,country"),
        ("Name,No.,City", Kind.CUSTOMERS, "name,number,city"),
        ("Customer,Customer No.,City", Kind.CUSTOMERS, "name,number,city"),
        (
            "Beleg,Name,Kundennr.,Datum,Fällig,Währung,Betrag",
            Kind.INVOICES,
            "number,name,customer,date,due_date,currency,amount",
        ),
        (
            "Konto,Name 1,Belegnr.,Belegdatum,Fälligkeit,Hauswährung,Betrag",
            Kind.INVOICES,
            "customer,name,number,date,due_date,currency,amount",
        ),
        (
            "Invoice #,Customer,Customer #,Date,Due,Currency,Amount",
            Kind.INVOICES,
            "number,name,customer,date,due_date,currency,amount",
        ),
        (
            "Code client,Nom du client,N° facture,Date,Échéance,Devise,Montant TTC,Reste dû",
            Kind.OPEN_ITEMS,
            "customer,name,number,date,due_date,currency,amount,open_amount",
        ),
        (
            "Payment No,Customer,Date,Currency,Amount,Invoice",
            Kind.PAYMENTS,
            "number,customer,date,currency,amount,invoice",
        ),
    ],
)
def test_the_usual_headings_are_understood(heading, kind, columns):
    names = heading.split(",")

    found = guessed_settings(names, names)

    assert found.kind == kind
    assert [found.columns.get(name) for name in names] == columns.split(",")


def test_a_customer_known_by_name_only_has_it_as_number_too():
    found = guessed_settings(["Client Name", "Email"], ["Client Name", "Email"])

    assert found.same == {"name": "Client Name"}
    assert missing(found) == []


def test_a_needed_field_is_no_column_that_hardly_any_row_fills():
    heading = ["Customer", "Company Name", "Email"]

    found = with_columns(Settings(kind=Kind.CUSTOMERS), heading, ["Customer", "Email"])

    assert found.columns == {"Customer": "number", "Email": "email"}
    assert found.same == {"name": "Customer"}


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["Name,City", "Ann,Köln"], 1),
        (["Report", "As of,today", "No,Customer,Amount,Due", "1,Ann,10.00,2026-01-01"], 3),
        (["1,Ann,10.00", "2,Bob,20.00"], 1),
        (["alone"], 1),
        ([], None),
    ],
)
def test_the_heading_is_the_first_row_as_wide_as_the_table_that_holds_words_only(rows, line):
    numbered = [(number, row.split(",")) for number, row in enumerate(rows, 1)]

    assert guessed_heading(numbered) == line


@pytest.mark.parametrize(
    ("titles", "day"),
    [
        (["A/R Aging", "As of 31 December 2025"], date(2025, 12, 31)),
        (["Stand: 2025-12-31"], date(2025, 12, 31)),
        (["As of 31 December 2030"], None),
        (["As of 01/02/2025"], None),
        (["Customers"], None),
    ],
)
def test_the_day_of_a_list_is_the_one_that_its_title_names_beyond_doubt(titles, day):
    assert guessed_day(titles, date(2026, 1, 1)) == day


def test_kinds_are_known_by_their_words():
    meant = guessed_kinds(["Invoice", "Gutschrift", "Credit Memo", "Payment", "RV"])

    assert list(meant.values()) == ["invoice", "credit_note", "credit_note", "payment", "invoice"]
