import pytest
from sqlalchemy import select

from arfollow.receivables.operations.allocations import apply_credit, unapply
from arfollow.receivables.operations.credits import reverse_payment
from arfollow.receivables.tables import Allocation, Credit, Customer, Instalment
from tests.fixtures.ledgers import day


def payments(*rows: str) -> str:
    """A payments.csv of rows `P-1 C-1 04-10 60.00 I-1`."""
    lines = []
    for row in rows:
        number, customer, on, amount, *invoice = row.split()
        lines.append(f"{number},{customer},2026-{on},EUR,{amount},{''.join(invoice)},")
    return "\n".join(["payment,customer,date,currency,amount,invoice,instalment", *lines, ""])


def test_a_payment_settles_its_invoice_from_its_day_on(known, invoices):
    known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 100.00 I-1"))

    assert known.residuals(on="04-09") == {"I-1/1": 10000}
    assert known.residuals(on="04-10") == {}
    assert known.ledger.session.scalars(select(Instalment.settled_on)).all() == [day("04-10")]


def test_without_an_invoice_it_stays_unapplied(known):
    known(payments("P-1 C-1 04-10 100.00"))

    assert known.unapplied() == {"P-1": 10000}


def test_more_than_what_is_open_stays_unapplied_and_is_noted(known, invoices):
    report = known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 130.00 I-1"))

    assert known.unapplied() == {"P-1": 3000}
    assert "1 payments or credit notes are larger than what was open" in report.notes[-1]


def test_rows_of_one_number_are_one_payment_for_several_invoices(known, invoices):
    known(
        invoices("I-1 C-1 100.00", "I-2 C-1 50.00"),
        payments("P-1 C-1 04-10 100.00 I-1", "P-1 C-1 04-10 30.00 I-2", "P-1 C-1 04-10 5.00"),
    )

    assert known.residuals() == {"I-2/1": 2000}
    assert known.unapplied() == {"P-1": 500}
    assert known.ledger.session.scalars(select(Credit.amount)).all() == [13500]


def test_older_payments_are_applied_first(known, invoices):
    known(
        invoices("I-1 C-1 100.00"),
        payments("P-1 C-1 04-20 100.00 I-1", "P-2 C-1 04-10 70.00 I-1"),
    )

    assert known.residuals(on="04-15") == {"I-1/1": 3000}
    assert known.unapplied() == {"P-1": 7000}


def test_a_payment_before_the_invoice_counts_from_the_invoices_date(known, invoices):
    known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 02-10 100.00 I-1"))

    assert known.unapplied(on="02-15") == {"P-1": 10000}
    assert known.residuals(on="03-01") == {}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("P-1 C-1 04-10 5.00 I-9", "invoice: invoice 'I-9' instalment 1 is not known."),
        ("P-1 C-2 04-10 5.00 I-1", "invoice: invoice 'I-1' is customer C-1's, not C-2's."),
        ("P-1 C-9 04-10 5.00", "customer: 'C-9' is not known; import customers first."),
        ("P-1 C-1 04-31 5.00", "date: '2026-04-31' is no date."),
        ("P-1 C-1 04-10 0.00", "amount: has to be above zero. Found '0.00'."),
        ("P-1 C-1 04-10 -5.00", "amount: has to be above zero. Found '-5.00'."),
    ],
)
def test_what_cannot_be_right_is_told_by_row_and_field(known, invoices, row, problem):
    known(invoices("I-1 C-1 100.00"))

    assert known.problems(payments(row)) == [f"1.csv, row 2, {problem}"]


def test_a_payment_in_another_currency_is_told(known, invoices):
    known(invoices("I-1 C-1 100.00"))

    assert known.problems(payments("P-1 C-1 04-10 5.00 I-1").replace("EUR", "USD")) == [
        "1.csv, row 2, invoice: invoice 'I-1' is in EUR, not USD."
    ]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("P-1 C-1 04-10 5.00 I-1", "payment: payment 'P-1' is there twice, first in row 2."),
        ("P-1 C-1 04-11 5.00 I-2", "date: differs from row 2, which is the same: payment 'P-1'."),
    ],
)
def test_parts_of_a_payment_have_to_fit_together(known, invoices, second, problem):
    known(invoices("I-1 C-1 100.00", "I-2 C-1 50.00"))

    assert known.problems(payments("P-1 C-1 04-10 5.00 I-1", second)) == [f"1.csv, row 3, {problem}"]


def test_an_invoice_that_has_problems_of_its_own_is_not_called_unknown(known, invoices):
    problems = known.problems(invoices("I-1 C-1 zero"), payments("P-1 C-1 04-10 5.00 I-1"))

    assert problems == ["1.csv, row 2, amount: 'zero' is no amount."]


def test_the_same_file_again_changes_nothing_whatever_a_clerk_did_with_the_rest(known, invoices):
    files = (invoices("I-1 C-1 100.00", "I-2 C-1 50.00"), payments("P-1 C-1 04-10 130.00 I-1"))
    known(*files)
    session = known.ledger.session
    payment, second = (
        session.scalars(select(Credit.id)).one(),
        session.scalars(select(Instalment.id).where(Instalment.amount == 5000)).one(),
    )
    apply_credit(
        session, company_id=1, credit_id=payment, instalment_ids=[second], on=day("04-12"), who="Ana"
    )

    report = known(*files)

    assert not report.is_new
    assert known.residuals() == {"I-2/1": 2000}


def test_what_a_clerk_took_back_is_not_applied_again(known, invoices):
    files = (invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 130.00 I-1"))
    known(*files)
    session = known.ledger.session
    allocation = session.scalars(select(Allocation.id)).one()
    customer = session.scalars(select(Customer.id).where(Customer.number == "C-1")).one()
    unapply(session, company_id=1, customer_id=customer, allocation_id=allocation, on=day("04-12"), who="Ana")

    report = known(*files)

    assert not report.is_new
    assert known.residuals() == {"I-1/1": 10000}
    assert known.unapplied() == {"P-1": 13000}


def test_a_reversed_payment_stays_reversed(known, invoices):
    files = (invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 60.00 I-1"))
    known(*files)
    session = known.ledger.session
    payment = session.scalars(select(Credit.id)).one()
    reverse_payment(
        session, company_id=1, credit_id=payment, on=day("04-20"), reason="Returned debit", who="Ana"
    )

    report = known(*files)

    assert not report.is_new
    assert known.residuals() == {"I-1/1": 10000}


def test_a_changed_target_moves_the_money(known, invoices):
    known(invoices("I-1 C-1 100.00", "I-2 C-1 100.00"), payments("P-1 C-1 04-10 100.00 I-1"))

    known(payments("P-1 C-1 04-10 100.00 I-2"))
    moved = known.residuals()
    known(payments("P-1 C-1 04-10 100.00 I-1"))

    assert moved == {"I-1/1": 10000}
    assert known.residuals() == {"I-2/1": 10000}
    assert known.unapplied() == {}


def test_a_changed_amount_or_date_updates(known, invoices):
    known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 100.00 I-1"))

    known(payments("P-1 C-1 04-15 70.00 I-1"))

    assert known.residuals(on="04-14") == {"I-1/1": 10000}
    assert known.residuals(on="04-15") == {"I-1/1": 3000}


def test_a_raised_amount_is_applied_as_far_as_the_item_is_open(known, invoices):
    known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 60.00 I-1"))

    known(payments("P-1 C-1 04-10 120.00 I-1"))

    assert known.residuals() == {}
    assert known.unapplied() == {"P-1": 2000}


def test_an_amount_below_what_a_clerk_applied_is_told(known, invoices):
    known(invoices("I-1 C-1 100.00"), payments("P-1 C-1 04-10 60.00"))
    session = known.ledger.session
    payment, item = session.scalars(select(Credit.id)).one(), session.scalars(select(Instalment.id)).one()
    apply_credit(session, company_id=1, credit_id=payment, instalment_ids=[item], on=day("04-12"), who="Ana")

    assert known.problems(payments("P-1 C-1 04-10 50.00")) == [
        "1.csv, row 2, amount: EUR 50.00 is less than the EUR 60.00 of it that is already applied."
    ]


def test_currencies_do_not_mix_in_the_totals(known, invoices):
    report = known(
        invoices("I-1 C-1 100.00"),
        invoices("I-2 C-1 7").replace("EUR", "JPY"),
        payments("P-1 C-1 04-10 40.00 I-1"),
    )

    assert list(report.lines)[-2:] == [
        "EUR open on 2026-12-31: 0.00 in 0 items before, 60.00 in 1 items after",
        "JPY open on 2026-12-31: 0 in 0 items before, 7 in 1 items after",
    ]
