"""A customer writes to the company's number from a telephone that nobody knows."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from arfollow.access import Role
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.fixtures.gateway import NUMBER, SECRET, signed_post

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
NOON = datetime(2031, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def site(sqlite_site):
    """A clerk, two customers, and a text message from an unknown number."""
    settings = sqlite_site.app.config["SETTINGS"]
    sqlite_site.app.config["SETTINGS"] = replace(settings, texts=replace(settings.texts, secret=SECRET))
    with time_machine.travel(NOON, tick=True):
        with books(sqlite_site, NOON.date()) as book:
            book.customer("Bäckerei Ümit", number="C-1043")
            book.customer("Ljubljana Trade d.o.o.", number="C-1044")
        sqlite_site.person(Role.CLERK)
        text = {"from": "0049 171 3920012", "to": NUMBER, "text": "Paid today!", "at": NOON.isoformat()}
        answer = signed_post(
            sqlite_site.app.test_client(), "/gateway/texts", {"id": "in-1", **text}, kind="text"
        )
        assert answer.status_code == 200
        yield sqlite_site
    sqlite_site.app.config["SETTINGS"] = settings


def test_a_clerk_finds_out_who_wrote(site, live_server, page):
    sign_in(page, live_server(site.app))
    page.get_by_role("link", name="Deliveries").first.click()
    page.get_by_role("link", name=re.compile("Text messages received")).click()
    expect(page.get_by_text("+49 171 3920012")).to_be_visible()

    field = page.get_by_label("Customer of this text message")
    field.press_sequentially("bäckerei")
    expect(page.locator("#text-customers option")).to_have_attribute("value", "C-1043")
    page.get_by_role("button", name="Assign").click()

    expect(page.get_by_text("Assigned: it stands in the customer's chatter.")).to_be_visible()
    page.get_by_role("link", name="All").click()
    page.get_by_role("link", name="Bäckerei Ümit").click()
    expect(page.get_by_text("Text message received: Paid today!")).to_be_visible()
