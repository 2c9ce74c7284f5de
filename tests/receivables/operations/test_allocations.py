from threading import Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.receivables.operations.allocations import (
    CurrencyDiffersError,
    NothingToApplyError,
    UnknownAllocationError,
    apply_credit,
    unapply,
)
from arfollow.receivables.operations.credits import (
    AlreadyReversedError,
    NotReversibleError,
    reverse_payment,
)
from arfollow.receivables.operations.lookup import UnknownCreditError, UnknownItemError
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.items import open_items
from arfollow.receivables.tables import Allocation, Credit, Instalment
from tests.fixtures.ledgers import day


def apply(ledger, credit, *items, on="04-12", **more) -> int:
    return apply_credit(
        ledger.session,
        company_id=1,
        credit_id=credit,
        instalment_ids=items,
        on=day(on),
        who="Ana",
        **more,
    )


def residuals(ledger, customer, on="12-31") -> dict[str, int]:
    lines = open_items(ledger.session, company_id=1, customer_id=customer, day=day(on))
    return {line.invoice: line.residual for line in lines}


def left(ledger, customer, on="12-31") -> dict[str, int]:
    lines = unapplied_credits(ledger.session, company_id=1, customer_id=customer, day=day(on))
    return {line.number: line.unapplied for line in lines}


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


def test_taking_back_reopens_the_item_from_that_day_and_frees_the_credit(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    apply(ledger, payment, item, on="04-12")
    allocation = ledger.session.scalars(select(Allocation.id)).one()

    unapply(ledger.session, company_id=1, allocation_id=allocation, on=day("04-20"), who="Ana")

    assert residuals(ledger, customer, "04-19") == {}
    assert residuals(ledger, customer, "04-20") == {"I-1": 10000}
    assert left(ledger, customer, "04-20") == {"P-1": 10000}
    assert ledger.session.get_one(Instalment, item).settled_on is None
    assert ledger.session.get_one(Credit, payment).used_up_on is None


def test_taking_back_twice_is_refused(ledger):
    customer = ledger.customer()
    apply(ledger, ledger.payment(customer), ledger.item(customer))
    allocation = ledger.session.scalars(select(Allocation.id)).one()
    unapply(ledger.session, company_id=1, allocation_id=allocation, on=day("04-20"), who="Ana")

    with pytest.raises(UnknownAllocationError):
        unapply(ledger.session, company_id=1, allocation_id=allocation, on=day("04-21"), who="Ana")


def reverse(ledger, payment, on="04-20", reason="Cheque bounced", company_id=1) -> None:
    reverse_payment(
        ledger.session, company_id=company_id, credit_id=payment, on=day(on), reason=reason, who="Ana"
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


def test_each_change_is_in_the_chatter(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer), ledger.payment(customer)
    apply(ledger, payment, item)
    unapply(
        ledger.session,
        company_id=1,
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
