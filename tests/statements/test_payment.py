import pytest

from arfollow.statements.payment import paid_to, payment_code, reference
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

    assert paid_to(facts) == ()
    assert [bank.currency for bank in paid_to(letter())] == ["EUR"]


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
    code = payment_code(letter(statement=statement))

    assert (code is not None) == has_code
    assert code is None or code.startswith(b"\x89PNG")
