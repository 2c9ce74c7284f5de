"""Credits applied to items."""

from threading import Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.receivables.operations.allocations import (
    CurrencyDiffersError,
    NothingToApplyError,
    apply_credit,
    unapply,
)
from arfollow.receivables.operations.lookup import UnknownCreditError, UnknownItemError
from arfollow.receivables.tables import Allocation, Credit, Instalment
from tests.fixtures.ledgers import day
from tests.receivables.operations.ana import apply, left, residuals, reverse


def test_items_take_what_is_open_in_the_given_order(ledger):
    customer = ledger.customer()
    first, second = ledger.item(customer, 6000), ledger.item(customer, 7000, number="I-2")
    payment = ledger.payment(customer, 10000)

    applied = apply(ledger, payment, second, first)

    assert applied == 10000
    assert residuals(ledger, customer) == {"I-1": 3000}
    assert left(ledger, customer) == {}


def test_what_no_item_takes_stays_unapplied(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer, 6000), ledger.payment(customer, 10000)

    applied = apply(ledger, payment, item)

    assert applied == 6000
    assert left(ledger, customer) == {"P-1": 4000}


def test_an_item_takes_no_more_than_was_asked_for(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)

    apply(ledger, payment, item, amounts={item: 2500})

    assert residuals(ledger, customer) == {"I-1": 7500}
    assert left(ledger, customer) == {"P-1": 7500}


def test_thirty_items_take_as_many_reads_as_one(ledger):
    customer = ledger.customer()
    items = [ledger.item(customer, 100, number=f"I-{n}") for n in range(31)]
    reads = []
    bind = ledger.session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *call: reads.append(call[2]))

    apply(ledger, ledger.payment(customer, 100, number="P-1"), *items[:1])
    of_one = sum(statement.startswith("SELECT") for statement in reads)
    reads.clear()
    apply(ledger, ledger.payment(customer, 3000, number="P-2"), *items[1:])

    assert sum(statement.startswith("SELECT") for statement in reads) == of_one
    assert residuals(ledger, customer) == {}


def test_an_application_counts_from_its_day(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer, on="04-10")

    apply(ledger, payment, item, on="04-12")

    assert residuals(ledger, customer, "04-11") == {"I-1": 10000}
    assert residuals(ledger, customer, "04-12") == {}
    assert left(ledger, customer, "04-11") == {"P-1": 10000}


def test_a_payment_before_the_invoice_is_applied_on_the_invoices_date(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer, on="05-01"), ledger.payment(customer, on="04-10")

    apply(ledger, payment, item, on="04-12")

    assert ledger.session.scalars(select(Allocation.date)).all() == [day("05-01")]


def test_settled_and_used_up_are_kept(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)

    apply(ledger, payment, item, on="04-12")

    assert ledger.session.get_one(Instalment, item).settled_on == day("04-12")
    assert ledger.session.get_one(Credit, payment).used_up_on == day("04-12")


def test_nothing_is_applied_twice(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    apply(ledger, payment, item)

    with pytest.raises(NothingToApplyError, match="nothing is left of P-1"):
        apply(ledger, payment, item)


def test_a_credit_that_an_application_to_come_needs_is_not_free_before_it(ledger):
    customer = ledger.customer()
    early, late = ledger.item(customer), ledger.item(customer, number="I-2", on="05-01")
    payment = ledger.payment(customer)
    apply(ledger, payment, late)

    with pytest.raises(NothingToApplyError):
        apply(ledger, payment, early, on="04-12")


def test_currencies_are_not_mixed(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer, currency="USD"), ledger.payment(customer)

    with pytest.raises(CurrencyDiffersError, match="P-1 cannot be applied to I-1, which is in USD"):
        apply(ledger, payment, item)


def test_a_credit_settles_no_other_customers_items(ledger):
    item, payment = ledger.item(ledger.customer("C-1")), ledger.payment(ledger.customer("C-2"))

    with pytest.raises(UnknownItemError):
        apply(ledger, payment, item)


def test_another_companys_credit_is_unknown(ledger):
    payment = ledger.payment(ledger.customer())

    with pytest.raises(UnknownCreditError):
        apply_credit(
            ledger.session, company_id=2, credit_id=payment, instalment_ids=[], on=day("04-12"), who="Eve"
        )


def test_each_change_is_in_the_chatter(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    apply(ledger, payment, item)
    unapply(
        ledger.session,
        company_id=1,
        customer_id=customer,
        allocation_id=ledger.session.scalars(select(Allocation.id)).one(),
        on=day("04-20"),
        who="Ana",
    )
    reverse(ledger, payment, on="04-21")

    tags = ledger.tags()

    assert tags == [
        "customer:added",
        "invoice:added",
        "payment:received",
        "credit:applied",
        "credit:unapplied",
        "payment:reversed",
    ]


def test_whoever_is_touched_is_refreshed(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    ledger.commit()

    apply(ledger, payment, item)

    assert ledger.session.info["touched"] == {customer}


def test_two_clerks_cannot_spend_one_credit_twice(ledger, engine_url):
    customer = ledger.customer()
    items = [ledger.item(customer), ledger.item(customer, number="I-2")]
    payment = ledger.payment(customer)
    ledger.commit()
    ledger.session.rollback()
    outcomes = []

    def clerk(item: int) -> None:
        engine = database.open_engine(engine_url)
        with Session(engine) as session:
            database.begin_write(session)
            session.scalars(select(Credit)).all()
            try:
                outcomes.append(
                    apply_credit(
                        session,
                        company_id=1,
                        credit_id=payment,
                        instalment_ids=[item],
                        on=day("04-12"),
                        who="Ana",
                    )
                )
            except NothingToApplyError:
                outcomes.append(0)
            database.commit(session)
        engine.dispose()

    clerks = [Thread(target=clerk, args=[item]) for item in items]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()

    assert sorted(outcomes) == [0, 10000]
