from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules.accounts import Account, OpenItem, holds_on
from arfollow.receivables.rules.promises import PromiseState, PromiseTerms
from arfollow.statements.rules import NothingToClaimError, UnappliedRow, claiming, statement
from tests.levels.strategies import accounts

TODAY = date(2026, 11, 21)
LATE = TODAY - timedelta(days=30)
ITEM = OpenItem(
    id=1,
    invoice="2026-0815",
    instalment=1,
    invoice_date=TODAY - timedelta(days=60),
    due_date=LATE,
    currency="EUR",
    amount=10000,
    residual=6000,
)


def promise(amount: int, *, due_on: date = TODAY + timedelta(days=5)) -> PromiseState:
    terms = PromiseTerms(
        id=1,
        currency="EUR",
        amount=amount,
        made_on=TODAY,
        due_on=due_on,
        grace_days=0,
        item_ids=frozenset({1}),
    )
    return PromiseState(terms=terms, outstanding=amount, kept_on=None)


def made_of(*items: OpenItem, unapplied=None, promises=(), hold_until=None, **kwargs):
    account = Account(
        as_of=TODAY, items=items, unapplied=unapplied or {}, promises=promises, hold_until=hold_until
    )
    return statement(account, references={1: "PO 17"}, **kwargs)


@pytest.mark.parametrize(
    ("items", "unapplied", "promises", "claimed"),
    [
        pytest.param([ITEM], {}, [], {"EUR": 6000}, id="the residual, not the amount"),
        pytest.param([replace(ITEM, due_date=TODAY)], {}, [], {}, id="due today is not overdue"),
        pytest.param([replace(ITEM, disputed=1000)], {}, [], {"EUR": 5000}, id="less what is disputed"),
        pytest.param([ITEM], {}, [promise(2500)], {"EUR": 3500}, id="less what is promised"),
        pytest.param(
            [replace(ITEM, disputed=1000)],
            {},
            [promise(9000)],
            {},
            id="a promise covers no more than is left",
        ),
        pytest.param(
            [ITEM], {}, [promise(2500, due_on=TODAY - timedelta(days=1))], {"EUR": 6000}, id="broken: all"
        ),
        pytest.param([ITEM], {"EUR": 1500}, [], {"EUR": 4500}, id="less unapplied credit"),
        pytest.param([ITEM], {"EUR": 6000}, [], {}, id="covered by credit"),
        pytest.param([ITEM], {"EUR": 9000}, [], {}, id="never below nothing"),
        pytest.param([ITEM], {"USD": 9000}, [], {"EUR": 6000}, id="credit of another currency is no help"),
        pytest.param([replace(ITEM, hold_until=TODAY)], {}, [], {}, id="held to the end of today"),
        pytest.param(
            [replace(ITEM, hold_until=TODAY - timedelta(days=1))], {}, [], {"EUR": 6000}, id="hold has ended"
        ),
        pytest.param(
            [ITEM, replace(ITEM, id=2, currency="JPY", residual=70)],
            {"EUR": 6000},
            [],
            {"JPY": 70},
            id="currencies stand apart",
        ),
    ],
)
def test_a_letter_claims(items, unapplied, promises, claimed):
    found = made_of(*items, unapplied=unapplied, promises=tuple(promises))

    assert found.claimed == claimed


def test_a_letter_that_would_claim_nothing_is_refused_and_the_statement_is_not():
    found = made_of(ITEM, unapplied={"EUR": 6000})

    with pytest.raises(NothingToClaimError):
        claiming(found)
    assert found.blocks[0].balance == 0


def test_a_row_tells_amount_paid_open_and_how_late():
    row = made_of(replace(ITEM, disputed=1000), promises=(promise(500),)).blocks[0].overdue[0]

    assert (row.amount, row.paid, row.open, row.disputed, row.promised, row.chased) == (
        10000,
        4000,
        6000,
        1000,
        500,
        4500,
    )
    assert (row.label, row.reference, row.days_late) == ("2026-0815", "PO 17", 30)


def test_a_later_instalment_is_named():
    assert made_of(replace(ITEM, instalment=2)).blocks[0].overdue[0].label == "2026-0815/2"


def test_what_is_not_due_stands_apart():
    block = made_of(ITEM, replace(ITEM, id=2, due_date=TODAY)).blocks[0]

    assert ([row.days_late for row in block.overdue], [row.days_late for row in block.not_due]) == ([30], [0])
    assert (block.claimed, block.not_due_open, block.balance) == (6000, 6000, 12000)


def test_a_held_item_is_left_out_and_its_amount_known():
    block = made_of(ITEM, replace(ITEM, id=2, residual=500, hold_until=TODAY)).blocks[0]

    assert (len(block.overdue), block.claimed, block.held) == (1, 6000, 500)


def test_a_held_customer_is_left_out_of_letters_and_not_of_a_statement_asked_for():
    letter = made_of(ITEM, hold_until=date.max)
    asked_for = made_of(ITEM, hold_until=date.max, customer_hold_counts=False)

    assert (letter.claimed, letter.blocks[0].held) == ({}, 6000)
    assert (asked_for.blocks[0].overdue_open, asked_for.blocks[0].held) == (6000, 0)


def test_credits_are_listed_in_their_currency():
    credit = UnappliedRow(kind="payment", number="P-1", date=TODAY, left=1500)

    block = made_of(ITEM, unapplied={"EUR": 1500}, credits_=[("EUR", credit), ("USD", credit)]).blocks[0]

    assert block.credits == (credit,)


@given(accounts(), st.booleans())
def test_blocks_reconcile_with_the_account(account, customer_hold_counts):
    found = statement(account, references={}, customer_hold_counts=customer_hold_counts)

    for block in found.blocks:
        rows = block.overdue + block.not_due
        items = [item for item in account.items if item.currency == block.currency]
        credit = account.unapplied.get(block.currency, 0)
        assert sum(row.open for row in rows) + block.held == sum(item.residual for item in items)
        assert all(row.open == row.disputed + row.promised + row.chased for row in rows)
        assert all(min(row.disputed, row.promised, row.chased) >= 0 for row in rows)
        assert block.overdue_open == block.disputed + block.promised + sum(r.chased for r in block.overdue)
        assert block.claimed == max(0, sum(row.chased for row in block.overdue) - credit)
        assert block.balance == sum(row.open for row in rows) - credit
        assert all(row.days_late > 0 for row in block.overdue)
    assert [block.currency for block in found.blocks] == sorted({block.currency for block in found.blocks})


@given(accounts())
def test_what_is_held_is_never_claimed(account):
    found = statement(account, references={})

    shown = {row.invoice for block in found.blocks for row in block.overdue + block.not_due}
    held = {item.invoice for item in account.items if holds_on(item.hold_until, account.as_of)}
    assert not shown & held
    assert not (holds_on(account.hold_until, account.as_of) and found.claimed)
