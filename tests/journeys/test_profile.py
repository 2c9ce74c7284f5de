"""A campaign from its list to a customer's profile, in a real browser: a manager makes it, a clerk notes what happened."""

import pytest

from arfollow.access import Role
from tests.factories import books
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def site(sqlite_site):
    """Two customers; Ana, a clerk, and Maria, who manages."""
    for name, role in (("Ana", Role.CLERK), ("Maria", Role.MANAGER)):
        sqlite_site.person(role, name=name, email=f"{name.lower()}@example.com")
    with books(sqlite_site) as book:
        for number, name in (("C-1", "Bäckerei Ümit"), ("C-2", "Nordlicht")):
            book.customer(name, number=number)
    return sqlite_site


def test_customers_are_invited_and_what_happened_is_noted(site, page, live_server):
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/lists")
    page.get_by_label("Name", exact=True).fill("Open day")
    page.get_by_label("Day").fill("2026-12-10")
    page.get_by_label("Time").fill("18:30")
    page.get_by_role("button", name="Make the list").click()
    page.get_by_label("Customer numbers").fill("C-1\nC-2\nC-9")
    page.get_by_role("button", name="Put on the list").click()
    page.get_by_text("2 customers are on the list now.").wait_for()
    page.get_by_text("No customer has the number: C-9").wait_for()
    page.get_by_role("button", name="Take Nordlicht off the list").click()
    page.get_by_text("Nordlicht is off the list.").wait_for()

    page.context.clear_cookies()
    sign_in(page, address, "ana@example.com", to="/customers/C-1")
    page.get_by_role("link", name="profile").click()
    page.get_by_text("campaign on 10 Dec 2026").wait_for()
    page.get_by_text("Add a field").click()
    page.get_by_label("Field", exact=True).fill("lease_start")
    page.get_by_label("or a day").fill("2026-03-31")
    page.get_by_role("button", name="Add the field").click()
    assert page.get_by_label("lease_start").first.input_value() == "2026-03-31"
    page.get_by_text("Note what the customer said").click()
    page.get_by_label("agreed").check()
    page.get_by_label("How we know").fill("said on the telephone")
    page.get_by_role("button", name="Note it").click()
    page.get_by_text("· said on the telephone").wait_for()
    page.get_by_text("Note an event").click()
    page.get_by_label("What happened").fill("registered")
    page.get_by_label("Name 1").fill("campaign")
    page.get_by_label("Value 1").fill("Open day")
    page.get_by_role("button", name="Note the event").click()

    event = page.get_by_role("listitem").filter(has_text="registered")
    event.wait_for()
    assert "Open day" in event.inner_text()
    assert [text for tag, text in site.entries("event")] == ["Event: registered"]
