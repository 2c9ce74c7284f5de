"""A customer opens links on a phone, without any script; the company's people see what came of it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from arfollow import clock
from arfollow.access import Role
from arfollow.companies.tables import BankAccount
from arfollow.receivables.operations.links import issue
from arfollow.receivables.queries.links import address_of
from arfollow.receivables.rules.links import Page
from arfollow.workflows.surveys.operations import install_survey
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.journeys.test_everybody import CUT, READ, TAGS

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 11, 21)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
PHONE = {"locale": "en-GB", "viewport": {"width": 360, "height": 740}}


@pytest.fixture
def site(sqlite_site):
    """Bäckerei Ümit owes two invoices; Maria manages."""
    with time_machine.travel(NOON, tick=True):
        with books(sqlite_site, TODAY) as book:
            customer_id = book.customer("Bäckerei Ümit", number="C-1", language="en")
            book.invoice(customer_id, "620.50", late=20, number="R-1")
            book.invoice(customer_id, "80.00", late=-5, number="R-2")
        sqlite_site.person(Role.MANAGER, name="Maria")
        with sqlite_site.writing() as session:
            account = {"currency": "EUR", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
            session.add(
                BankAccount(company_id=sqlite_site.company_id, holder="ACME", bank="Musterbank", **account)
            )
            install_survey(session, company_id=sqlite_site.company_id, key="satisfaction", who="Maria")
        sqlite_site.customer_id = customer_id
        yield sqlite_site


@pytest.fixture
def address(site, live_server):
    return live_server(site.app)


def link(site, address, page, **about):
    """A link to the page, as a message has it."""
    with site.writing() as session:
        link_id = issue(
            session,
            company_id=site.company_id,
            customer_id=site.customer_id,
            page=page,
            about=about,
            now=clock.now(),
        )
        path = address_of(session, link_id).partition("/l/")[2]
    return f"{address}/l/{path}"


@pytest.fixture
def phone(browser):
    """A phone on which no script runs."""
    context = browser.new_context(**PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def opened(page, address):
    page.goto(address)
    page.get_by_role("button", name="Open your page").click()


def test_a_promise_by_phone_is_seen_by_the_staff(site, address, phone, page):
    opened(phone, link(site, address, "statement"))
    expect(phone.get_by_text("R-1", exact=True)).to_be_visible()

    phone.get_by_role("link", name="Pay later").click()
    expect(phone.get_by_label("R-1")).to_be_checked()
    phone.get_by_label("I will pay on").fill("2031-12-01")
    phone.get_by_role("button", name="I will pay on this day").click()

    expect(phone.get_by_text("We have noted the day.")).to_be_visible()
    sign_in(page, address, "manager@example.com", to="/customers/C-1")
    expect(page.locator(".chatter-line").get_by_text("promised for").first).to_be_visible()
    expect(page.locator(".chatter-meta").get_by_text("customer (by link)").first).to_be_visible()


def test_what_a_survey_was_answered_stands_in_its_results(site, address, phone, page):
    opened(phone, link(site, address, "survey", survey="satisfaction"))
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("Please answer this question.")).to_be_visible()

    phone.get_by_label("9", exact=True).check(force=True)
    phone.get_by_label("Price").check()
    phone.get_by_label("What should we do better?").fill("Send the invoice with the goods")
    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.get_by_text("Your answers have reached us.")).to_be_visible()
    sign_in(page, address, "manager@example.com", to="/surveys")
    page.get_by_role("link", name="How satisfied are you with us?").click()
    expect(page.get_by_text("1 answer").first).to_be_visible()
    expect(page.get_by_text("Send the invoice with the goods")).to_be_visible()


def test_every_page_behind_a_link_is_for_everybody(site, address, browser, root):
    axe = (root / "tests/vendor/axe.min.js").read_text()
    context = browser.new_context(**PHONE, bypass_csp=True)
    page, found = context.new_page(), []

    for each in Page:
        target = link(site, address, each, survey="satisfaction")
        for enter in (page.goto, lambda _: page.get_by_role("button", name="Open your page").click()):
            enter(target)
            page.evaluate(axe)
            found += [(each.value, problem["id"]) for problem in page.evaluate(READ, ["html", TAGS])]
            found += [(each.value, part) for part in page.evaluate(CUT)]

    context.close()
    assert found == []
