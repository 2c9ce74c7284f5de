"""Payments that come back: reversed, and taken back."""

import pytest
from sqlalchemy import select

from arfollow.receivables.operations.allocations import (
    NothingToApplyError,
    UnknownAllocationError,
    unapply,
)
from arfollow.receivables.operations.credits import (
    AlreadyReversedError,
    NotReversibleError,
)
from arfollow.receivables.tables import Allocation, Credit, Instalment
from tests.fixtures.ledgers import day
from tests.receivables.operations.ana import apply, left, residuals, reverse


def test_taking_back_reopens_the_item_from_that_day_and_frees_the_credit(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    apply(ledger, payment, item, on="04-12")
    allocation = ledger.session.scalars(select(Allocation.id)).one()

    unapply(
        ledger.session,
        company_id=1,
        customer_id=customer,
        allocation_id=allocation,
        on=day("04-20"),
        who="Ana",
    )

    assert residuals(ledger, customer, "04-19") == {}
    assert residuals(ledger, customer, "04-20") == {"I-1": 10000}
    assert left(ledger, customer, "04-20") == {"P-1": 10000}
    assert ledger.session.get_one(Instalment, item).settled_on is None
    assert ledger.session.get_one(Credit, payment).used_up_on is None


def test_taking_back_twice_is_refused(ledger):
    customer = ledger.customer()
    apply(ledger, ledger.payment(customer), ledger.item(customer))
    allocation = ledger.session.scalars(select(Allocation.id)).one()
    unapply(
        ledger.session,
        company_id=1,
        customer_id=customer,
        allocation_id=allocation,
        on=day("04-20"),
        who="Ana",
    )

    with pytest.raises(UnknownAllocationError):
        unapply(
            ledger.session,
            company_id=1,
            customer_id=customer,
            allocation_id=allocation,
            on=day("04-21"),
            who="Ana",
        )


def test_what_was_applied_for_another_customer_cannot_be_taken_back(ledger):
    customer = ledger.customer("C-1")
    apply(ledger, ledger.payment(customer), ledger.item(customer))
    allocation = ledger.session.scalars(select(Allocation.id)).one()
    other = ledger.customer("C-2")

    with pytest.raises(UnknownAllocationError):
        unapply(
            ledger.session,
            company_id=1,
            customer_id=other,
            allocation_id=allocation,
            on=day("04-20"),
            who="Ana",
        )


def test_a_reversed_payment_is_worth_nothing_from_its_day_on(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer, 8000), ledger.payment(customer, 10000)
    apply(ledger, payment, item, on="04-12")

    reverse(ledger, payment, on="04-20")

    assert residuals(ledger, customer, "04-19") == {}
    assert left(ledger, customer, "04-19") == {"P-1": 2000}
    assert residuals(ledger, customer, "04-20") == {"I-1": 8000}
    assert left(ledger, customer, "04-20") == {}
    assert ledger.session.get_one(Credit, payment).used_up_on == day("04-20")


def test_a_reversed_payment_cannot_be_applied(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    reverse(ledger, payment)

    with pytest.raises(NothingToApplyError):
        apply(ledger, payment, item, on="04-25")


def test_reversing_twice_is_refused_with_its_day(ledger):
    payment = ledger.payment(ledger.customer())
    reverse(ledger, payment)

    with pytest.raises(AlreadyReversedError, match="already reversed on 20 Apr 2026"):
        reverse(ledger, payment, on="04-21")


@pytest.mark.parametrize("on", ["04-09", "01-01"])
def test_a_payment_is_not_reversed_before_it_was_received(ledger, on):
    payment = ledger.payment(ledger.customer(), on="04-10")

    with pytest.raises(NotReversibleError):
        reverse(ledger, payment, on=on)


def test_a_credit_note_is_not_reversed(ledger):
    note = ledger.credit_note(ledger.customer())

    with pytest.raises(NotReversibleError):
        reverse(ledger, note)
