import json

import pytest

from arfollow.exchange import recording, staging


@pytest.fixture
def in_small_steps(monkeypatch):
    """Every account on its own, and two changes a document."""
    monkeypatch.setattr(staging, "BATCH", 1)
    monkeypatch.setattr(recording, "CHANGES", 2)


@pytest.fixture
def known(in_small_steps, known):
    return known


def test_a_number_that_two_customers_have_is_told_of_the_later_row(known, invoices):
    problems = known.problems(invoices("I-1 C-1 5.00", "I-2 C-2 5.00", "I-1 C-2 5.00"))

    assert problems == [
        "1.csv, row 4, invoice: invoice 'I-1' instalment 1 is there twice, first in row 2.",
    ]


def test_an_invoice_of_two_customers_is_told(known):
    heading = "invoice,instalment,customer,date,due_date,currency,amount\n"
    rows = ["I-1,1,C-1,2026-03-01,2026-03-31,EUR,5.00", "I-1,2,C-2,2026-03-01,2026-03-31,EUR,5.00"]

    problems = known.problems(heading + "\n".join(rows) + "\n")

    assert problems == [
        "1.csv, row 3, customer: differs from the instalment in row 2; an invoice has one: Customer."
    ]


def test_a_payment_of_somebody_elses_invoice_is_told(known, invoices):
    payments = "payment,customer,date,currency,amount,invoice\nP-1,C-1,2026-04-01,EUR,5.00,I-2\n"

    problems = known.problems(invoices("I-2 C-2 5.00"), payments)

    assert problems == ["2.csv, row 2, invoice: invoice 'I-2' is customer C-2's, not C-1's."]


def test_parents_are_there_before_their_children_and_counted_once(importer, in_small_steps):
    rows = ["C-3,C,C-2", "C-4,D,C-2", "C-1,A,", "C-2,B,C-1"]

    report = importer("customer,name,parent\n" + "\n".join(rows) + "\n")

    assert str(report.counts[0]) == "customers: 4 new, 0 changed, 0 unchanged"
    assert [importer.card(f"C-{number}").parent_number for number in (2, 3, 4)] == ["C-1", "C-2", "C-2"]


def test_a_circle_is_told_of_everybody_in_it_once(importer, in_small_steps):
    problems = importer.problems("customer,name,parent\nC-1,A,C-2\nC-2,B,C-3\nC-3,C,C-1\nC-4,D,C-1\n")

    assert problems == [
        f"1.csv, row {row}, parent: customer 'C-{row - 1}' would be above itself." for row in (2, 3, 4)
    ]


def test_a_problem_of_the_last_account_leaves_nothing_of_the_first(known, invoices):
    problems = known.problems(invoices("I-1 C-1 5.00", "I-9 C-9 5.00"))

    assert problems == ["1.csv, row 3, customer: 'C-9' is not known; import customers first."]
    assert known.residuals() == {}


def test_the_list_closes_what_customers_that_it_does_not_name_had_open(known, invoices):
    known(invoices("I-1 C-1 5.00", "I-2 C-2 6.00"))

    known(
        "invoice,customer,date,due_date,currency,amount\nI-1,C-1,2026-03-01,2026-03-31,EUR,5.00\n",
        as_of="11-30",
    )

    assert known.residuals("C-1") == {"I-1/1": 500}
    assert known.residuals("C-2") == {}


def test_many_changes_fill_several_documents_of_one_entry(known, invoices):
    known(invoices("I-1 C-1 5.00", "I-2 C-2 6.00", "I-3 C-2 7.00"))

    documents = sorted(map(json.loads, known.documents()[1:]), key=lambda document: document["part"])

    assert known.tags() == ["ledger:imported"] * 2
    assert [document["part"] for document in documents] == [1, 2, 3]
    assert [len(document["changes"]) for document in documents] == [2, 2, 2]
    assert [document.get("open_after") for document in documents[:2]] == [None, None]
    assert documents[2]["open_after"][0]["amount"] == "18.00"


def test_the_same_files_can_be_applied_again(known, invoices):
    text = invoices("I-1 C-1 5.00", "I-2 C-2 6.00")
    known(text)

    again = known(text)

    assert not again.is_new
    assert str(again.counts[0]) == "invoices: 0 new, 0 changed, 2 unchanged"
