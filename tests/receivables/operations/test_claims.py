from datetime import date

import pytest

from arfollow.receivables.operations.disputes import (
    DisputedAmountError,
    NoDisputeError,
    open_dispute,
    resolve_dispute,
)
from arfollow.receivables.operations.holds import HoldDatesError, NoHoldError, release_hold, set_hold
from arfollow.receivables.operations.lookup import MissingTextError, UnknownCustomerError, UnknownItemError
from arfollow.receivables.operations.promises import (
    NoPromisedItemsError,
    NoPromiseError,
    PromiseCurrenciesError,
    PromiseDateError,
    PromiseTooLongError,
    cancel_promise,
    make_promise,
)
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.claims import disputes, holds, promises
from arfollow.receivables.rules.accounts import chased
from tests.fixtures.ledgers import day


def hold(ledger, customer, item=None, *, on="04-01", until=None, reason="New address") -> int:
    return set_hold(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_id=item,
        reason=reason,
        until=day(until) if until else None,
        on=day(on),
        who="Ana",
    )


def dispute(ledger, customer, item, *, amount=None, on="04-01", reason="Broken goods") -> int:
    return open_dispute(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_id=item,
        amount=amount,
        reason=reason,
        on=day(on),
        who="Ana",
    )


def promise(ledger, customer, *items, amount=10000, on="04-01", due="04-15", **more) -> int:
    return make_promise(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_ids=items,
        amount=amount,
        due_on=day(due),
        on=day(on),
        who="Ana",
        **more,
    )


def chased_amounts(ledger, customer, on) -> list[int]:
    account = accounts(ledger.session, customer_ids=[customer], day=day(on))[customer]
    return [each.amount for each in chased(account, day(on), tolerances={})]


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

    release_hold(ledger.session, company_id=1, hold_id=held, on=day("04-05"), who="Ana")

    assert chased_amounts(ledger, customer, "04-04") == []
    assert chased_amounts(ledger, customer, "04-05") == [10000]
    with pytest.raises(NoHoldError):
        release_hold(ledger.session, company_id=1, hold_id=held, on=day("04-06"), who="Ana")


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
        ledger.session, company_id=1, dispute_id=disputed, outcome="Agreed", on=day("04-20"), who="Ana"
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

    with pytest.raises(DisputedAmountError, match=r"at most 100\.00"):
        dispute(ledger, customer, item, amount=amount)


def test_a_dispute_is_resolved_once(ledger):
    customer = ledger.customer()
    disputed = dispute(ledger, customer, ledger.item(customer))
    resolve = {"company_id": 1, "dispute_id": disputed, "outcome": "Agreed", "who": "Ana"}
    resolve_dispute(ledger.session, on=day("04-05"), **resolve)

    with pytest.raises(NoDisputeError):
        resolve_dispute(ledger.session, on=day("04-06"), **resolve)


def test_a_promise_covers_its_items_until_it_is_cancelled(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    made = promise(ledger, customer, item, amount=7000)

    cancel_promise(
        ledger.session, company_id=1, promise_id=made, reason="Typing error", on=day("04-05"), who="Ana"
    )

    assert chased_amounts(ledger, customer, "04-04") == [3000]
    assert chased_amounts(ledger, customer, "04-05") == [10000]
    with pytest.raises(NoPromiseError):
        cancel_promise(
            ledger.session, company_id=1, promise_id=made, reason="Again", on=day("04-06"), who="Ana"
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


def test_each_change_is_in_the_chatter(ledger):
    customer = ledger.customer()
    item = ledger.item(customer)
    held, disputed = hold(ledger, customer), dispute(ledger, customer, item)
    made = promise(ledger, customer, item)
    release_hold(ledger.session, company_id=1, hold_id=held, on=day("04-05"), who="Ana")
    resolve_dispute(
        ledger.session, company_id=1, dispute_id=disputed, outcome="Agreed", on=day("04-05"), who="Ana"
    )
    cancel_promise(
        ledger.session, company_id=1, promise_id=made, reason="Typing error", on=day("04-05"), who="Ana"
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
