"""Holds and disputes: what they take out of the chase, and until when."""

import pytest

from arfollow.receivables.operations.disputes import (
    DisputedAmountError,
    NoDisputeError,
    resolve_dispute,
)
from arfollow.receivables.operations.holds import HoldDatesError, NoHoldError, release_hold, set_hold
from arfollow.receivables.operations.lookup import MissingTextError, UnknownCustomerError, UnknownItemError
from arfollow.receivables.operations.promises import (
    NoPromiseError,
    cancel_promise,
)
from arfollow.receivables.queries.claims import disputes, holds
from tests.fixtures.ledgers import day
from tests.receivables.operations.ana import chased_amounts, dispute, hold, promise


def reasons(ledger, customer, on) -> list[str]:
    return [line.reason for line in holds(ledger.session, company_id=1, customer_id=customer, day=day(on))]


def test_a_hold_stops_the_chase_up_to_and_including_its_last_day(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)

    hold(ledger, customer, item, on="04-01", until="04-10")

    assert chased_amounts(ledger, customer, "04-10") == []
    assert chased_amounts(ledger, customer, "04-11") == [10000]


def test_a_new_hold_takes_the_place_of_the_one_on_the_same(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    hold(ledger, customer, reason="Customer")
    hold(ledger, customer, item, reason="First")

    hold(ledger, customer, item, on="04-05", until="04-08", reason="Second")

    assert reasons(ledger, customer, "04-04") == ["Customer", "First"]
    assert reasons(ledger, customer, "04-05") == ["Customer", "Second"]
    assert reasons(ledger, customer, "04-09") == ["Customer"]


def test_a_released_hold_ends_that_day_and_cannot_be_released_again(ledger):
    customer = ledger.customer()
    ledger.item(customer)
    held = hold(ledger, customer)

    release_hold(ledger.session, company_id=1, customer_id=customer, hold_id=held, on=day("04-05"), who="Ana")

    assert chased_amounts(ledger, customer, "04-04") == []
    assert chased_amounts(ledger, customer, "04-05") == [10000]
    with pytest.raises(NoHoldError):
        release_hold(
            ledger.session, company_id=1, customer_id=customer, hold_id=held, on=day("04-06"), who="Ana"
        )


def test_a_hold_needs_a_reason_and_an_end_after_its_beginning(ledger):
    customer = ledger.customer()

    with pytest.raises(MissingTextError, match="enter a reason for the hold"):
        hold(ledger, customer, reason=" ")
    with pytest.raises(HoldDatesError, match="31 Mar 2026: that is before 1 Apr 2026"):
        hold(ledger, customer, until="03-31")


def test_a_dispute_takes_its_part_out_of_the_chase_until_it_is_resolved(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)

    disputed = dispute(ledger, customer, item, amount=4000, on="04-02")
    resolve_dispute(
        ledger.session,
        company_id=1,
        customer_id=customer,
        dispute_id=disputed,
        outcome="Agreed",
        on=day("04-20"),
        who="Ana",
    )

    assert chased_amounts(ledger, customer, "04-01") == [10000]
    assert chased_amounts(ledger, customer, "04-02") == [6000]
    assert chased_amounts(ledger, customer, "04-20") == [10000]


def test_a_new_dispute_takes_the_place_of_the_open_one(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    dispute(ledger, customer, item, amount=4000)

    dispute(ledger, customer, item, on="04-05")

    lines = disputes(ledger.session, company_id=1, customer_id=customer, day=day("04-05"))
    assert [(line.invoice, line.amount) for line in lines] == [("I-1", None)]
    assert chased_amounts(ledger, customer, "04-05") == []


@pytest.mark.parametrize("amount", [0, -1, 10001])
def test_no_more_than_the_item_can_be_disputed(ledger, amount):
    customer = ledger.customer()
    item = ledger.item(customer, 10000)

    with pytest.raises(DisputedAmountError, match=r"at most EUR 100\.00"):
        dispute(ledger, customer, item, amount=amount)


def test_a_dispute_is_resolved_once(ledger):
    customer = ledger.customer()
    disputed = dispute(ledger, customer, ledger.item(customer))
    resolve = {
        "company_id": 1,
        "customer_id": customer,
        "dispute_id": disputed,
        "outcome": "Agreed",
        "who": "Ana",
    }
    resolve_dispute(ledger.session, on=day("04-05"), **resolve)

    with pytest.raises(NoDisputeError):
        resolve_dispute(ledger.session, on=day("04-06"), **resolve)


def test_other_customers_items_and_other_companies_are_out_of_reach(ledger):
    mine, other = ledger.customer("C-1"), ledger.customer("C-2")
    item = ledger.item(other)

    with pytest.raises(UnknownItemError):
        hold(ledger, mine, item)
    with pytest.raises(UnknownItemError):
        dispute(ledger, mine, item)
    with pytest.raises(UnknownItemError):
        promise(ledger, mine, item)
    with pytest.raises(UnknownCustomerError):
        set_hold(ledger.session, company_id=2, customer_id=mine, reason="Mine", on=day("04-01"), who="Eve")


def test_another_customers_holds_disputes_and_promises_cannot_be_ended(ledger):
    mine, other = ledger.customer("C-1"), ledger.customer("C-2")
    item = ledger.item(other)
    held, disputed, made = hold(ledger, other), dispute(ledger, other, item), promise(ledger, other, item)
    end = {"company_id": 1, "customer_id": mine, "on": day("04-05"), "who": "Ana"}

    with pytest.raises(NoHoldError):
        release_hold(ledger.session, hold_id=held, **end)
    with pytest.raises(NoDisputeError):
        resolve_dispute(ledger.session, dispute_id=disputed, outcome="Agreed", **end)
    with pytest.raises(NoPromiseError):
        cancel_promise(ledger.session, promise_id=made, reason="Typing error", **end)


def test_each_change_is_in_the_chatter(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    held, disputed = hold(ledger, customer), dispute(ledger, customer, item)
    made = promise(ledger, customer, item)
    release_hold(ledger.session, company_id=1, customer_id=customer, hold_id=held, on=day("04-05"), who="Ana")
    resolve_dispute(
        ledger.session,
        company_id=1,
        customer_id=customer,
        dispute_id=disputed,
        outcome="Agreed",
        on=day("04-05"),
        who="Ana",
    )
    cancel_promise(
        ledger.session,
        company_id=1,
        customer_id=customer,
        promise_id=made,
        reason="Typing error",
        on=day("04-05"),
        who="Ana",
    )

    tags = ledger.tags()

    assert tags[2:] == [
        "hold:set",
        "dispute:opened",
        "promise:made",
        "hold:released",
        "dispute:resolved",
        "promise:cancelled",
    ]
