"""Residuals, settlement, promises and what may be chased."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules.accounts import DisputeTerms, HoldTerms, account, chased, chased_residuals
from arfollow.receivables.rules.ledger import CreditLine, Item, Settlement, residual, settled_on
from arfollow.receivables.rules.promises import PromiseTerms, promise_state

DAY = date(2026, 3, 1)
days = st.integers(0, 20).map(lambda n: DAY + timedelta(days=n))


def on(day):
    return date(2026, 3, day)


def item(item_id=1, *, amount=100, due=1, settlements=(), currency="EUR"):
    return Item(
        id=item_id,
        invoice=f"I{item_id}",
        instalment=1,
        invoice_date=date(2026, 2, 1),
        due_date=on(due),
        currency=currency,
        amount=amount,
        settlements=tuple(settlements),
    )


def test_an_allocation_counts_from_its_day_until_the_day_it_ended():
    bounced = Settlement(on(5), on(9), 60)

    assert [residual(100, [bounced], on(day)) for day in (4, 5, 8, 9)] == [100, 40, 40, 100]


def test_an_invoice_owes_nothing_before_its_date():
    assert item().residual(date(2026, 1, 31)) == 0
    assert item().residual(date(2026, 2, 1)) == 100


@given(
    st.lists(st.tuples(days, st.none() | days, st.integers(1, 60)).map(lambda t: Settlement(*t)), max_size=4)
)
def test_settled_on_is_the_day_from_which_nothing_is_left_for_good(settlements):
    horizon = [DAY + timedelta(days=n) for n in range(25)]
    open_days = [day for day in horizon if residual(100, settlements, day)]

    answer = settled_on(100, settlements)

    if open_days and open_days[-1] == horizon[-1]:
        assert answer is None
    else:
        assert answer is not None
        assert not any(day >= answer for day in open_days)


@pytest.mark.parametrize(
    ("received", "kept_on"),
    [
        ([(8, None, 100)], on(8)),
        ([(8, None, 99)], None),
        ([(8, None, 60), (12, None, 40)], on(12)),
        ([(8, None, 60), (13, None, 40)], None),
        ([(8, 10, 60), (12, None, 40)], None),
        ([(8, 13, 100)], on(8)),
        ([(2, None, 100)], None),
    ],
)
def test_a_promise_is_kept_on_the_day_received_reaches_it_within_grace(received, kept_on):
    settlements = [Settlement(on(a), on(b) if b else None, c) for a, b, c in received]
    terms = PromiseTerms(
        id=1, currency="EUR", amount=100, made_on=on(3), due_on=on(10), grace_days=2, item_ids=frozenset({1})
    )

    state = promise_state(
        terms, items={1: item(amount=200, settlements=settlements)}, credits_=[], day=on(20)
    )

    assert state.kept_on == kept_on
    assert state.is_broken(on(13)) == (kept_on is None)
    assert not state.is_open(on(13))


def test_a_promise_is_kept_when_its_items_are_settled_for_less():
    terms = PromiseTerms(
        id=1, currency="EUR", amount=100, made_on=on(3), due_on=on(10), grace_days=0, item_ids=frozenset({1})
    )
    settled = item(amount=80, settlements=[Settlement(on(5), None, 80)])

    assert promise_state(terms, items={1: settled}, credits_=[], day=on(20)).kept_on == on(5)


def test_only_unapplied_money_received_since_counts_for_a_promise():
    terms = PromiseTerms(
        id=1, currency="EUR", amount=50, made_on=on(3), due_on=on(10), grace_days=0, item_ids=frozenset({1})
    )
    before = CreditLine(id=1, on=on(2), currency="EUR", amount=50)
    other = CreditLine(id=2, on=on(4), currency="USD", amount=50)
    since = CreditLine(id=3, on=on(4), currency="EUR", amount=50)

    assert promise_state(terms, items={1: item()}, credits_=[before, other], day=on(20)).kept_on is None
    assert promise_state(terms, items={1: item()}, credits_=[since], day=on(20)).kept_on == on(4)


def test_a_reversed_payment_leaves_no_credit():
    payment = CreditLine(id=1, on=on(2), currency="EUR", amount=50, reversed_on=on(6))

    assert [payment.unapplied(on(day)) for day in (1, 2, 5, 6)] == [0, 50, 50, 0]


def test_a_hold_includes_its_last_day_and_ends_when_released():
    until = HoldTerms(item_id=1, set_on=on(1), until=on(10))
    released = HoldTerms(item_id=1, set_on=on(1), until=None, released_on=on(5))

    assert [len(_chased(until, day)) for day in (10, 11)] == [0, 1]
    assert [len(_chased(released, day)) for day in (4, 5)] == [0, 1]


def _chased(hold, day):
    known = account(day=on(day), items=[item()], credits_=[], holds=[hold])
    return chased(known, on(day), tolerances={})


def test_one_disputed_invoice_does_not_stop_the_account():
    disputes = [
        DisputeTerms(item_id=1, opened_on=on(1), amount=None),
        DisputeTerms(item_id=2, opened_on=on(1), amount=30),
    ]

    known = account(day=on(2), items=[item(1), item(2)], credits_=[], disputes=disputes)

    assert [(c.item.id, c.amount) for c in chased(known, on(2), tolerances={})] == [(2, 70)]


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(1, 28)), min_size=1, max_size=5),
    st.lists(st.integers(1, 300), max_size=3),
)
def test_promises_never_cover_more_than_they_promise_or_than_is_owed(owed, promised):
    items = [item(index, amount=amount, due=due) for index, (amount, due) in enumerate(owed)]
    everything = frozenset(i.id for i in items)
    promises = [
        PromiseTerms(
            id=n,
            currency="EUR",
            amount=amount,
            made_on=on(1),
            due_on=on(20),
            grace_days=0,
            item_ids=everything,
        )
        for n, amount in enumerate(promised)
    ]

    left = list(chased_residuals(account(day=on(2), items=items, credits_=[], promises=promises), on(2)))

    total = sum(amount for amount, _ in owed)
    assert all(0 <= amount <= open_item.residual for open_item, amount in left)
    assert sum(amount for _, amount in left) == max(0, total - sum(promised))
    uncovered = [open_item.due_date for open_item, amount in left if amount]
    covered = [open_item.due_date for open_item, amount in left if amount < open_item.residual]
    assert not covered or not uncovered or max(covered) <= max(uncovered)
