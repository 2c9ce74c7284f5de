"""The list in a real browser: searching while typing, rows as one target, the keyboard, a narrow window."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from arfollow.access import Role
from tests.factories import books
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 5, 6)
LONG = "Société Générale des Eaux Minérales et Boissons Rafraîchissantes du Haut-Rhin S.A.R.L."


@pytest.fixture
def site(sqlite_site):
    """Four customers to work, one of them Ana's; and one that rests."""
    with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC), tick=True):
        ana = sqlite_site.person(Role.CLERK, name="Ana Maier", email="ana@example.com")
        with books(sqlite_site, TODAY) as book:
            book.debtor("Bäckerei Ümit", ("620.50", 31), number="C-1", responsible_id=ana)
            book.debtor("Nordlicht Optik", ("80.00", 30), number="C/2")
            book.debtor(LONG, ("1234567.89", 29), ("9876543.21", -2), number="C-3")
            book.debtor("Zweirad Huber", ("90.00", 28), number="C-4")
            book.debtor("Ruhig GmbH", ("15.00", 3), number="C-5")
        yield sqlite_site


@pytest.fixture
def page(page, site, live_server):
    """Ana's browser, on the list."""
    return sign_in(page, live_server(site.app), "ana@example.com")


def rows(page):
    return page.locator(".list tr[data-href]")


def test_typing_searches_and_leaves_the_cursor_where_it_is(page):
    page.keyboard.press("/")
    page.keyboard.type("backerei")

    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Bäckerei Ümit")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("link", name="Action needed 1")).to_be_visible()
    expect(page.locator("#found")).to_have_text("1 customer")
    assert page.url.endswith("/follow-ups?q=backerei")


def test_a_filter_acts_at_once_and_comes_back_with_the_page(page):
    page.get_by_label("Responsible").select_option("My customers")

    expect(rows(page)).to_have_count(1)
    page.reload()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name="All").click()
    expect(page.get_by_label("Responsible")).to_have_value("me")


def test_a_click_anywhere_in_a_row_opens_the_customer_and_the_list_is_found_again(page):
    page.get_by_role("searchbox").fill("nordlicht")
    expect(rows(page)).to_have_count(1)

    rows(page).locator("td").nth(3).click()

    page.wait_for_url("**/customers/C~2F2?list=**")
    expect(page.get_by_role("heading", name="Nordlicht Optik")).to_be_visible()
    page.go_back()
    expect(rows(page)).to_have_count(1)


def test_the_keyboard_goes_down_and_up_and_opens(page):
    for key in ("j", "j", "ArrowDown", "k"):
        page.keyboard.press(key)

    expect(page.get_by_role("link", name="Nordlicht Optik")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/C~2F2?list=**")


def test_a_column_sorts_and_turns(page):
    page.get_by_role("link", name="Overdue", exact=True).click()
    expect(rows(page).first).to_contain_text("Société")
    expect(page.get_by_role("columnheader", name="Overdue")).to_have_attribute("aria-sort", "descending")

    page.get_by_role("link", name="Overdue", exact=True).click()
    expect(rows(page).first).to_contain_text("Nordlicht")

    page.get_by_role("link", name="Sort by urgency").click()
    expect(rows(page).first).to_contain_text("Bäckerei")


@pytest.mark.parametrize("width", [360, 600, 1024])
def test_a_narrow_window_hides_no_customer_and_scrolls_down_only(page, width):
    page.set_viewport_size({"width": width, "height": 780})

    assert page.evaluate("document.documentElement.scrollWidth") == width
    for name in ("Bäckerei Ümit", LONG):
        box = page.get_by_role("link", name=name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    expect(rows(page).first.get_by_text("620.50").first).to_be_visible()
