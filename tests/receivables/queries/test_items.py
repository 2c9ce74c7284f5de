from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.queries.credits import credit_page
from arfollow.receivables.queries.items import item_page, open_items
from tests.fixtures.ledgers import day


def test_open_items_come_oldest_due_first_with_what_is_paid(ledger):
    customer = ledger.customer()
    later = ledger.item(customer, 10000, due="04-15", number="I-1")
    ledger.item(customer, 5000, due="03-31", number="I-2")
    payment = ledger.payment(customer, 4000, on="04-01")
    apply_credit(
        ledger.session, company_id=1, credit_id=payment, instalment_ids=[later], on=day("04-01"), who="Ana"
    )

    lines = open_items(ledger.session, company_id=1, customer_id=customer, day=day("04-10"))

    assert [(line.invoice, line.amount, line.paid, line.residual, line.days_late) for line in lines] == [
        ("I-2", 5000, 0, 5000, 10),
        ("I-1", 10000, 4000, 6000, 0),
    ]


def test_pages_hold_all_items_newest_first(ledger):
    customer = ledger.customer()
    for number in range(1, 6):
        ledger.item(customer, number=f"I-{number}", on=f"03-0{number}")

    page = item_page(ledger.session, company_id=1, customer_id=customer, day=day("04-10"), page=2, size=2)

    assert [line.invoice for line in page.rows] == ["I-3", "I-2"]
    assert (page.total, page.pages) == (5, 3)


def test_credits_show_what_they_settled(ledger):
    customer = ledger.customer()
    item, payment = ledger.item(customer, 6000), ledger.payment(customer, 10000)
    apply_credit(
        ledger.session, company_id=1, credit_id=payment, instalment_ids=[item], on=day("04-12"), who="Ana"
    )

    page = credit_page(ledger.session, company_id=1, customer_id=customer, day=day("04-12"))

    (entry,) = page.rows
    assert (entry.number, entry.amount, entry.unapplied) == ("P-1", 10000, 4000)
    assert [(each.invoice, each.amount, each.date) for each in entry.applications] == [
        ("I-1", 6000, day("04-12"))
    ]


def test_nothing_is_shown_to_another_company(ledger):
    customer = ledger.customer()
    ledger.item(customer)
    ledger.payment(customer)

    assert open_items(ledger.session, company_id=2, customer_id=customer, day=day("04-10")) == []
    assert item_page(ledger.session, company_id=2, customer_id=customer, day=day("04-10")).total == 0
    assert credit_page(ledger.session, company_id=2, customer_id=customer, day=day("04-10")).total == 0
