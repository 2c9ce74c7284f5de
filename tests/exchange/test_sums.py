"""Files with a row for each item of an invoice: the rows of one number are one invoice."""

import pytest

MAPPING = """
add_up = "items"
[customer]
number = "Client"
name = "Client"
[invoice]
number = "No"
customer = "Client"
date = "Date"
due_date = "Date"
amount = "Total"
[payment]
number = "paid {No}"
date = "Paid"
[constants]
currency = "USD"
"""
HEAD = "No,Client,Date,Total,Paid\n"


def file(*rows: str) -> str:
    return HEAD + "".join(f"{row}\n" for row in rows)


def test_rows_of_one_number_are_added_up(importer):
    text = file(
        "1,X-Men,2021-01-28,650.00,",
        "2,Cage,2021-01-28,5.00,",
        "1,X-Men,2021-01-28,-50.00,",
        "1,X-Men,2021-01-28,0.00,",
    )

    importer(text, mapping=MAPPING)

    assert importer.residuals("X-Men", "2026-01-01") == {"1/1": 60000}
    assert importer.residuals("Cage", "2026-01-01") == {"2/1": 500}
    assert not importer(text, mapping=MAPPING).is_new


def test_rows_that_were_paid_are_one_payment(importer):
    importer(file("1,X,2021-01-28,6.00,2021-02-01", "1,X,2021-01-28,4.00,2021-02-01"), mapping=MAPPING)

    assert importer.residuals("X", "2021-01-31") == {"1/1": 1000}
    assert importer.residuals("X", "2021-02-01") == {}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1,Y,2021-01-28,4.00,", "row 3, Client: is not that of row 2, which has the same number '1'."),
        ("1,X,2021-01-29,4.00,", "row 3, Date: is not that of row 2, which has the same number '1'."),
        (
            "1,X,2021-01-28,-6.00,",
            "row 2, Total: the rows of '1' add up to USD 0.00; it has to be above zero.",
        ),
        (
            "1,X,2021-01-28,-7.00,",
            "row 2, Total: the rows of '1' add up to USD -1.00; it has to be above zero.",
        ),
    ],
)
def test_rows_that_do_not_make_an_invoice_are_problems(importer, row, problem):
    assert importer.problems(file("1,X,2021-01-28,6.00,", row), mapping=MAPPING) == [f"1.csv, {problem}"]


def test_a_sum_below_zero_is_a_credit_note_where_the_mapping_says_so(importer):
    text = file("1,X,2021-01-28,6.00,", "1,X,2021-01-28,-7.00,")

    importer(text, mapping=f'negative = "credit_note"\n{MAPPING}')

    assert importer.unapplied("X") == {"1": 100}
