"""Promises: what they cover, and what makes one."""

from datetime import date

import pytest

from arfollow.receivables.operations.promises import (
    NoPromisedItemsError,
    NoPromiseError,
    PromiseCurrenciesError,
    PromiseDateError,
    PromiseTooLongError,
    cancel_promise,
    make_promise,
)
from arfollow.receivables.queries.claims import promises
from tests.fixtures.ledgers import day
from tests.receivables.operations.ana import chased_amounts, promise


def test_a_promise_covers_its_items_until_it_is_cancelled(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    made = promise(ledger, customer, item, amount=7000)

    cancel_promise(
        ledger.session,
        company_id=1,
        customer_id=customer,
        promise_id=made,
        reason="Typing error",
        on=day("04-05"),
        who="Ana",
    )

    assert chased_amounts(ledger, customer, "04-04") == [3000]
    assert chased_amounts(ledger, customer, "04-05") == [10000]
    with pytest.raises(NoPromiseError):
        cancel_promise(
            ledger.session,
            company_id=1,
            customer_id=customer,
            promise_id=made,
            reason="Again",
            on=day("04-06"),
            who="Ana",
        )


@pytest.mark.parametrize(
    ("on", "state"), [("04-01", "open"), ("04-15", "open"), ("04-17", "open"), ("04-18", "broken")]
)
def test_promises_are_listed_with_their_states(ledger, on, state):
    customer = ledger.customer()
    item = ledger.item(customer)
    promise(ledger, customer, item, grace_days=2, note="By bank")

    (line,) = promises(ledger.session, company_id=1, customer_id=customer, day=day(on))

    assert (line.state, line.items, line.note) == (state, (("I-1", 1),), "By bank")


def test_promises_stand_each_alone(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)

    promise(ledger, customer, item, amount=3000)
    promise(ledger, customer, item, amount=2000)

    assert chased_amounts(ledger, customer, "04-02") == [5000]


def test_a_long_promise_needs_permission(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)

    with pytest.raises(PromiseTooLongError, match="after 1 May 2026 needs a manager"):
        promise(ledger, customer, item, on="04-01", due="05-02")
    assert promise(ledger, customer, item, on="04-01", due="05-01")
    assert promise(ledger, customer, item, on="04-01", due="05-02", long_allowed=True)


def test_a_promise_is_about_items_of_one_currency_and_a_day_ahead(ledger):
    customer = ledger.customer()
    euros, dollars = ledger.item(customer), ledger.item(customer, number="I-2", currency="USD")

    with pytest.raises(PromiseCurrenciesError, match="EUR, USD"):
        promise(ledger, customer, euros, dollars)
    with pytest.raises(NoPromisedItemsError):
        promise(ledger, customer)
    with pytest.raises(PromiseDateError):
        promise(ledger, customer, euros, on="04-01", due="03-31")


def test_a_promise_for_the_end_of_the_calendar_is_refused_whoever_makes_it(ledger):
    customer = ledger.customer()

    with pytest.raises(PromiseDateError, match="31 Dec 9999: that is more than 3650 days ahead"):
        make_promise(
            ledger.session,
            company_id=1,
            customer_id=customer,
            instalment_ids=[ledger.item(customer)],
            amount=100,
            due_on=date.max,
            long_allowed=True,
            on=day("04-01"),
            who="Ana",
        )
