"""What the engine may look at of a customer."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from arfollow.companies.tables import Company
from arfollow.profiles.operations import consent
from arfollow.profiles.operations.lists import ListFields, add_list
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.rules.facts import FACTS
from arfollow.workflows.rules.waits import Hours
from tests.factories import TODAY, books
from tests.workflows.test_working import call, enter, know, running  # noqa: F401 - a fixture
from tests.workflows.triggered import apply, put_on
from tests.workflows.walking import definition, wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer("Bäckerei Ümit", number="C-1", email="umit@example.com")


def known(site, customer_id, *, key="", asked=None, today=TODAY):
    with site.reading() as session:
        seen = snapshot(
            session,
            company_id=site.company_id,
            customer_ids=[customer_id],
            since=NOON,
            today=today,
            keys=[key],
            asked=asked,
        )
        return seen.known(customer_id, key=key, since=NOON)


def test_an_invoice_is_known_by_its_number(site, customer_id):
    with books(site) as book:
        item_id = book.invoice(customer_id, "80.00", late=-3, number="R-1")
        book.invoice(customer_id, "20.00", late=1, number="R-2")
    open_ = known(site, customer_id, key="R-1").facts
    with books(site) as book:
        apply(book, book.payment(customer_id, "80.00"), item_id)

    paid = known(site, customer_id, key="R-1").facts

    about = ("invoice.open", "invoice.paid", "invoice.due_date")
    assert [open_[name] for name in about] == [8000, False, TODAY + timedelta(days=3)]
    assert [paid[name] for name in about] == [0, True, TODAY + timedelta(days=3)]
    assert (paid["money.open"], paid["money.owes"]) == (2000, True)


def test_a_key_that_is_no_invoice_tells_nothing_of_one(site, customer_id):
    with books(site) as book:
        book.invoice(book.customer(), number="R-1")

    assert "invoice.paid" not in known(site, customer_id, key="A-1").facts
    assert "invoice.paid" not in known(site, customer_id, key="R-1").facts


def test_purchases_are_invoices(site, customer_id):
    none = known(site, customer_id).facts
    with books(site) as book:
        for late in (20, -30):
            book.invoice(customer_id, late=late)

    some = known(site, customer_id).facts

    assert (none["purchases.first"], none["purchases.last"]) == (None, None)
    assert (some["purchases.first"], some["purchases.last"]) == (date(2026, 10, 2), TODAY)


@pytest.mark.parametrize(
    ("value", "closed"),
    [("", False), ("2026-11-21", True), ("2026-11-22", False), ("yes", True), ("No", False)],
)
def test_an_account_is_closed_by_a_field(site, customer_id, value, closed):
    know(site, customer_id, "closed", value)

    assert known(site, customer_id).facts["customer.closed"] is closed


def test_what_else_there_is_to_know(site, running, customer_id):  # noqa: F811 - a fixture
    put_on(site, customer_id, "Spring")
    enter(site, running(definition(wait("w", 9), call("one"))), customer_id)

    facts = known(site, customer_id, key="Spring").facts

    assert facts["customer.email"] == "umit@example.com"
    assert facts["workflows"] == ("Test",)
    assert (facts["campaign.name"], facts["campaign.day"]) == ("Spring", None)


def test_a_campaign_tells_when_and_where_it_is(site, customer_id):
    day = TODAY + timedelta(days=20)
    with site.writing() as session:
        fields = ListFields(name="Spring", day=day, time="18:00", place="Works")
        add_list(session, company_id=site.company_id, fields=fields, who="Ana")

    facts = known(site, customer_id, key="Spring", asked={"campaign.day"}).facts

    assert [facts[f"campaign.{name}"] for name in ("day", "time", "place")] == [day, "18:00", "Works"]


@pytest.mark.parametrize(
    ("phone", "number"), [("0171 2345678", "+491712345678"), ("030 5550123", ""), ("", "")]
)
def test_a_mobile_is_a_number_that_takes_text_messages(site, phone, number):
    with books(site) as book:
        customer_id = book.customer("Nord", number="C-2", phone=phone, country="DE")

    assert known(site, customer_id).facts["customer.mobile"] == number


def test_all_that_conditions_can_name_is_told(site):
    with books(site) as book:
        customer_id = book.customer(phone="+49 171 3920012")
        book.invoice(customer_id, number="R-1")
        whose = {"company_id": book.company_id, "customer_id": customer_id, "who": "Ana"}
        for channel in ("email", "sms", "letter"):
            consent(book.session, **whose, channel=channel, given=True, source="form")
    put_on(site, customer_id, "Spring")

    told = {**known(site, customer_id, key="R-1").facts, **known(site, customer_id, key="Spring").facts}

    assert told["customer.mobile"] == "+491713920012"
    assert FACTS.keys() - told.keys() == set()


def test_what_nobody_asks_for_is_not_read(site, customer_id):
    facts = known(site, customer_id, asked={"customer.country"}).facts

    assert {name for name in facts if name.startswith(("money.", "campaign."))} == set()


def test_text_messages_are_quiet_when_the_company_says_so(site, customer_id):
    with site.writing() as session:
        session.execute(update(Company).values(texts_from=time(9), texts_on_days_of_rest=True))

    assert known(site, customer_id).quiet == Hours(first=time(20), last=time(9), days_of_rest=False)
