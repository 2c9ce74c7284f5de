import pytest

from arfollow.statements.payment import CodeKind, payments, reference, unpayable
from tests.statements.builders import letter, row, statement_of

DISPUTED = {"disputed": 10000}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row("R-1"), row("R-2")], "C-1043 / R-1 / R-2"),
        ([row("R-1", **DISPUTED), row("R-2")], "C-1043 / R-2"),
        ([row("R-1", promised=10000)], "C-1043"),
        ([row(f"R-{n}") for n in range(4)], "C-1043"),
        ([row("R" * 200)], ("C-1043 / " + "R" * 200)[:140]),
    ],
)
def test_a_payment_is_to_name_the_customer_and_the_few_invoices_that_are_claimed(rows, text):
    assert reference(letter(statement=statement_of(*rows)), "EUR") == text


def test_only_accounts_of_currencies_that_are_claimed_are_shown():
    facts = letter(statement=statement_of(row(), currency="USD"))

    assert payments(facts) == ()
    assert unpayable(facts) == ("USD",)
    assert [each.currency for each in payments(letter())] == ["EUR"]
    assert unpayable(letter()) == ()


@pytest.mark.parametrize(
    ("statement", "has_code"),
    [
        (statement_of(row()), True),
        (statement_of(row(**DISPUTED)), False),
        (statement_of(row(), currency="USD"), False),
        (statement_of(row(amount=100_000_000_000)), False),
    ],
)
def test_there_is_a_code_to_scan_where_euros_are_claimed(statement, has_code):
    codes = [code for each in payments(letter(statement=statement)) for code in each.codes]

    assert [code.kind for code in codes] == [CodeKind.BANK] * has_code
    assert all(code.png().startswith(b"\x89PNG") for code in codes)
