import pytest

from arfollow.companies.tables import Company
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import reverse_payment
from arfollow.receivables.queries.aging import aging, open_totals
from tests.fixtures.ledgers import day


def aged(ledger, on: str, **more) -> dict[tuple[str, str], tuple[int, int]]:
    cells = aging(ledger.session, company_id=1, day=day(on), **more)
    return {(cell.currency, cell.bucket): (cell.items, cell.amount) for cell in cells if cell.items}


def pay(ledger, customer, item, amount, on, number="P-1") -> int:
    payment = ledger.payment(customer, amount, on=on, number=number)
    apply_credit(
        ledger.session, company_id=1, credit_id=payment, instalment_ids=[item], on=day(on), who="Ana"
    )
    return payment


@pytest.mark.parametrize(
    ("on", "bucket"),
    [("03-31", "not due"), ("04-01", "1-30"), ("04-30", "1-30"), ("05-01", "31-60"), ("07-30", "> 120")],
)
def test_an_item_is_in_the_bucket_of_its_days_past_due(ledger, on, bucket):
    ledger.item(ledger.customer(), 10000, due="03-31")

    assert aged(ledger, on) == {("EUR", bucket): (1, 10000)}


def test_nothing_is_open_before_the_invoices_date(ledger):
    ledger.item(ledger.customer(), on="03-01")

    assert aged(ledger, "02-28") == {}


def test_the_past_is_as_it_was(ledger):
    customer = ledger.customer()
    item = ledger.item(customer, 10000)
    pay(ledger, customer, item, 4000, "04-10")
    rest = pay(ledger, customer, item, 6000, "04-20", "P-2")
    reverse_payment(
        ledger.session, company_id=1, credit_id=rest, on=day("04-25"), reason="Bounced", who="Ana"
    )

    amounts = {on: aged(ledger, on).get(("EUR", "1-30")) for on in ("04-09", "04-10", "04-20", "04-25")}

    assert amounts == {"04-09": (1, 10000), "04-10": (1, 6000), "04-20": None, "04-25": (1, 6000)}


def test_currencies_stand_apart_and_every_bucket_is_there(ledger):
    customer = ledger.customer()
    ledger.item(customer, 10000)
    ledger.item(customer, 700, number="I-2", currency="JPY")

    cells = aging(ledger.session, company_id=1, day=day("04-01"))

    assert [(cell.currency, cell.bucket) for cell in cells] == [
        (currency, bucket)
        for currency in ("EUR", "JPY")
        for bucket in ("not due", "1-30", "31-60", "61-90", "91-120", "> 120")
    ]


def test_one_customer_is_aged_alone(ledger):
    mine, other = ledger.customer("C-1"), ledger.customer("C-2")
    ledger.item(mine, 100)
    ledger.item(other, 200, number="I-2")

    assert aged(ledger, "04-01", customer_id=mine) == {("EUR", "1-30"): (1, 100)}


def test_borders_are_the_companys_own(ledger):
    ledger.session.get_one(Company, 1).bucket_days = [7, 14]
    ledger.item(ledger.customer(), 100)

    assert aged(ledger, "04-07") == {("EUR", "1-7"): (1, 100)}
    assert aged(ledger, "04-08") == {("EUR", "8-14"): (1, 100)}
    assert aged(ledger, "04-15") == {("EUR", "> 14"): (1, 100)}


def test_another_company_sees_nothing_of_it(ledger):
    ledger.item(ledger.customer())

    assert aging(ledger.session, company_id=2, day=day("04-01")) == []


def test_totals_hold_what_is_open_and_what_is_unapplied(ledger):
    customer = ledger.customer()
    item = ledger.item(customer, 10000)
    pay(ledger, customer, item, 4000, "04-10")
    ledger.credit_note(customer, 1500, on="04-10")
    ledger.payment(customer, 700, number="P-9", currency="USD")

    totals = open_totals(ledger.session, company_id=1, day=day("04-10"))

    assert [(each.currency, each.items, each.amount, each.unapplied) for each in totals] == [
        ("EUR", 1, 6000, 1500),
        ("USD", 0, 0, 700),
    ]
