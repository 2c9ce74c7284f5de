import pytest

HEADING = "invoice,instalment,customer,kind,date,due_date,currency,amount,reference,applies_to,applies_to_instalment"


def rows(*lines: str) -> str:
    return "\n".join([HEADING, *lines, ""])


ROW = "I-1,1,C-1,invoice,2026-03-01,2026-03-31,EUR,100.00,PO 7,,"


def test_an_invoice_is_added_with_its_instalments(known):
    report = known(rows(ROW, ROW.replace("I-1,1", "I-1,2").replace("03-31", "04-30")))

    assert known.residuals() == {"I-1/1": 10000, "I-1/2": 10000}
    assert str(report.counts[0]) == "invoices: 2 new, 0 changed, 0 unchanged"
    assert [(each.currency, each.amount) for each in report.after] == [("EUR", 20000)]


def test_the_same_file_again_changes_nothing(known):
    known(rows(ROW))

    report = known(rows(ROW))

    assert not report.is_new
    assert known.tags() == ["ledger:imported"] * 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("100.00", "120.00"), ("2026-03-31", "2026-04-15"), ("2026-03-01", "2026-03-02"), ("PO 7", "PO 8")],
)
def test_a_changed_row_updates(known, old, new):
    known(rows(ROW))

    report = known(rows(ROW.replace(old, new)))

    assert str(report.counts[0]) == "invoices: 0 new, 1 changed, 0 unchanged"
    assert new.replace(".00", "00") in known.documents()[-1].replace(".00", "00")
    assert not known(rows(ROW.replace(old, new))).is_new


def test_dates_of_mixed_notations_are_problems_of_the_first_rows_that_differ(known):
    other = ROW.replace("I-1", "I-2").replace("2026-03-01,2026-03-31", "03/04/2026,05/06/2026")

    problems = known.problems(rows(ROW, other))

    assert [problem.partition(":")[0] for problem in problems] == ["1.csv, row 2, date", "1.csv, row 3, date"]
    assert all("the dates of this file are written in different ways" in problem for problem in problems)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("C-1", "C-2"), "customer: invoice 'I-1' is known with C-1, not C-2; that cannot change."),
        (("EUR", "USD"), "currency: invoice 'I-1' is known with EUR, not USD; that cannot change."),
    ],
)
def test_an_invoice_keeps_its_customer_and_currency(known, change, problem):
    known(rows(ROW))

    assert known.problems(rows(ROW.replace(*change))) == [f"1.csv, row 2, {problem}"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("100.00", "0"),
            "amount: has to be above zero (a credit note has the kind credit_note). Found '0'.",
        ),
        (("100.00", "-5.00"), "amount: has to be above zero (a credit note has the kind credit_note)."),
        (("100.00", "5.001"), "amount: '5.001' has more than the 2 decimals of EUR."),
        (("100.00", "many"), "amount: 'many' is no amount."),
        (("100.00", ""), "amount: is missing."),
        (("EUR,100.00", "JPY,100.50"), "amount: '100.50' has more than the 0 decimals of JPY."),
        (("EUR", "EURO"), "currency: 'EURO' is not an ISO 4217 currency code."),
        (("EUR", ""), "currency: is missing."),
        (("2026-03-01", "2026-02-30"), "date: '2026-02-30' is no date."),
        (("2026-03-01", "9999-12-31"), "date: '9999-12-31' is no date from 1950 to 2199."),
        (("2026-03-31", ""), "due_date: is missing."),
        (("I-1,1", ",1"), "invoice: is missing."),
        (("I-1,1", "I-1,0"), "instalment: '0' is no number of an instalment, such as 1."),
        (("I-1,1", "I-1," + "9" * 5000), "instalment: '9999"),
        (("100.00", "10000000000000.00"), "amount: '10000000000000.00' is not an amount that can be booked."),
        (("C-1", "C-9"), "customer: 'C-9' is not known; import customers first."),
        (("C-1", ""), "customer: is missing."),
        (("invoice", "quote"), "kind: 'quote' is not known; known are credit_note, invoice."),
        (("invoice,2026", "payment,2026"), "kind: payments are read from a file of their own."),
        (("PO 7", "PO\x00 7"), ""),
    ],
)
def test_what_cannot_be_right_is_told_by_row_and_field(known, change, problem):
    problems = known.problems(rows(ROW.replace(*change)))

    assert len(problems) == 1
    assert problems[0].startswith(f"1.csv, row 2, {problem}" if problem else "1.csv: this is no text file")


def test_repeated_rows_are_told_even_if_they_are_the_same(known):
    problems = known.problems(rows(ROW, ROW), rows(ROW))

    assert problems == [
        "1.csv, row 3, invoice: invoice 'I-1' instalment 1 is there twice, first in row 2.",
        "2.csv, row 2, invoice: invoice 'I-1' instalment 1 is there twice, first in 1.csv, row 2.",
    ]


def test_instalments_of_an_invoice_agree_about_it(known):
    other = ROW.replace("I-1,1", "I-1,2").replace("2026-03-01", "2026-03-02")

    assert known.problems(rows(ROW, other)) == [
        "1.csv, row 3, date: differs from the instalment in row 2; an invoice has one: Date."
    ]


def test_due_before_the_invoices_date_is_common(known):
    known(rows(ROW.replace("2026-03-31", "2026-02-01")))

    assert known.residuals() == {"I-1/1": 10000}


def test_an_amount_below_what_is_applied_is_told(known):
    payment = "payment,customer,date,currency,amount,invoice\nP-1,C-1,2026-03-10,EUR,60.00,I-1\n"
    known(rows(ROW), payment)

    (problem,) = known.problems(rows(ROW.replace("100.00", "50.00")))
    known(rows(ROW.replace("100.00", "60.00")))

    assert (
        problem == "1.csv, row 2, amount: EUR 50.00 is less than the EUR 60.00 that is already applied to it."
    )
    assert known.residuals() == {}


def test_a_credit_note_settles_what_it_names_and_the_rest_is_unapplied(known):
    known(
        rows(
            ROW,
            "N-1,,C-1,credit_note,2026-03-10,,EUR,130.00,,I-1,",
            "N-2,,C-1,credit_note,2026-03-11,,EUR,20.00,,,",
        )
    )

    assert known.residuals() == {}
    assert known.unapplied() == {"N-1": 3000, "N-2": 2000}


def test_a_spreadsheet_of_germany_is_read_as_it_is_meant(known):
    text = (
        "invoice;customer;date;due_date;currency;amount\r\n"
        "I-1;C-1;01.03.2026;31.03.2026;EUR;1.284,50\r\n"
        "I-2;C-1;01.03.2026;31.03.2026;KWD;1,200\r\n"
    )

    known(text.encode("cp1252"))

    assert known.residuals() == {"I-1/1": 128450, "I-2/1": 1200}


def test_a_canonical_file_of_three_decimals_only_is_not_ambiguous(known):
    known("invoice,customer,date,due_date,currency,amount\nI-1,C-1,2026-03-01,2026-03-31,KWD,1.200\n")

    assert known.residuals() == {"I-1/1": 1200}


def test_what_the_file_does_not_tell_has_to_be_said(known):
    text = "invoice;customer;date;due_date;currency;amount\nI-1;C-1;01/03/2026;02/03/2026;KWD;1,200\n"

    problems = known.problems(text)
    known(text, date_order="dmy", decimal_mark=",")

    assert [problem.split("?")[0] for problem in problems] == [
        "1.csv: day or month first",
        "1.csv: point or comma for decimals",
    ]
    assert known.residuals() == {"I-1/1": 1200}


def test_one_date_of_another_order_is_told_and_not_read_its_own_way(known):
    text = (
        "invoice,customer,date,due_date,currency,amount\n"
        "I-1,C-1,13/01/2026,14/02/2026,EUR,1\nI-2,C-1,15/01/2026,02/16/2026,EUR,1\n"
    )

    assert known.problems(text) == [
        "1.csv, row 3, due_date: '02/16/2026' is no date in the order of this file (day, month, year)."
    ]


def test_a_column_that_is_there_twice_is_told(known):
    text = "invoice,customer,date,due_date,currency,amount,amount\nI-1,C-1,2026-03-01,2026-03-31,EUR,1,2\n"

    assert known.problems(text) == ["1.csv: there is more than one column 'amount'."]


def test_a_missing_column_is_named(known):
    text = "invoice,customer,date,due_date,amount\nI-1,C-1,2026-03-01,2026-03-31,1\n"

    assert known.problems(text) == ["1.csv: it looks like invoices, but these columns are missing: currency."]


def test_an_unknown_file_says_what_is_known(known):
    (problem,) = known.problems("a,b\n1,2\n")

    assert "no row with the names of its columns was recognised" in problem
    assert "--mapping" in problem
