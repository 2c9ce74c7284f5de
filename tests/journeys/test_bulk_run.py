"""A clerk's morning: tick, look, go, watch, and every page of it for everybody."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from arfollow import clock
from arfollow.access import Role
from arfollow.database import current_session
from arfollow.followup.runs.working import work_some
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.followup.desks import set_company

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 5, 6)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
HOME = {"street": "Gasse 3", "city": "Köln", "postal_code": "50667", "country": "DE"}


@pytest.fixture
def site(sqlite_site):
    """Three customers who get an e-mail, and one without an address."""
    with time_machine.travel(NOON, tick=True):
        sqlite_site.person(Role.CLERK, name="Ana Maier")
        set_company(sqlite_site, email="accounts@acme.example.com")
        with books(sqlite_site, TODAY) as book:
            for number, name in enumerate(("Bäckerei Ümit", "Nordlicht Optik", "Zweirad Huber")):
                mail = f"c{number}@example.com"
                book.debtor(name, ("620.50", 31), number=f"C-{number}", email=mail, **HOME)
            book.debtor("Ohne Adresse", ("80.00", 20), number="C-9")
        yield sqlite_site


@pytest.fixture
def page(page, site, live_server):
    """Ana's browser, on the list."""
    sign_in(page, live_server(site.app))
    return page


def work(site):
    """What the worker does meanwhile."""
    with clock.moved_to(NOON), site.app.app_context():
        while work_some(current_session()):
            pass


def box(page, name):
    return page.get_by_role("checkbox", name=f"Choose {name}")


def test_from_ticks_to_results(site, page):
    selected = page.get_by_role("button", name="Work the selected…")
    expect(selected).to_be_disabled()

    box(page, "Bäckerei Ümit").check()
    box(page, "Ohne Adresse").check()
    expect(selected).to_have_text("Work the selected… 2", use_inner_text=True)
    selected.click()

    page.wait_for_url("**/runs/*")
    expect(page.get_by_text("1 e-mail, 1 without address")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Mark 1 customer Done")).to_be_checked()
    page.get_by_role("button", name="Go: 1 e-mail").click()

    expect(page.get_by_text("under way")).to_be_visible()
    expect(page.get_by_role("progressbar", name="under way")).to_have_attribute("value", "1")
    work(site)
    expect(page.get_by_role("progressbar", name="finished")).to_have_attribute("value", "2")
    expect(page.get_by_role("row", name="Bäckerei Ümit")).to_contain_text("queued")
    expect(page.get_by_role("row", name="Ohne Adresse")).to_contain_text("without address")

    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("link", name="Bäckerei Ümit")).to_have_count(0)
    expect(box(page, "Ohne Adresse")).to_be_visible()


def test_all_on_the_page_by_keyboard_and_stop(site, page):
    page.get_by_role("checkbox", name="All on this page").focus()
    page.keyboard.press("Space")
    for name in ("Bäckerei Ümit", "Ohne Adresse"):
        expect(box(page, name)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/runs/*")
    page.get_by_role("button", name="Go: 3 e-mails").focus()
    page.keyboard.press("Enter")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("Stopped by Ana Maier")).to_be_visible()
    expect(page.get_by_role("row", name="Nordlicht")).to_contain_text("stopped before their turn")


def test_ticks_stay_while_the_rows_are_fetched_anew(site, page):
    box(page, "Nordlicht Optik").check()

    page.get_by_role("searchbox").fill("nord")
    expect(page.locator(".list tr[data-href]")).to_have_count(1)

    expect(box(page, "Nordlicht Optik")).to_be_checked()
    expect(page.get_by_role("button", name="Work the selected… 1")).to_be_enabled()
    expect(page.get_by_role("button", name="Work the one that matches…")).to_be_visible()


def test_a_tick_does_not_open_the_customer(site, page):
    page.locator(".pick").first.click(position={"x": 4, "y": 4})

    expect(page.get_by_role("heading", name="Follow-ups")).to_be_visible()
    expect(page.locator(".list input:checked")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_can_use_it(site, page, root, scheme, width):
    axe = (root / "tests/vendor/axe.min.js").read_text()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    found = []

    def look(place):
        page.evaluate(axe)
        violations = page.evaluate("axe.run().then(report => report.violations)")
        found.extend((place, each["id"], each["nodes"][0]["html"]) for each in violations)
        assert page.evaluate("document.documentElement.scrollWidth") == width, place

    box(page, "Nordlicht Optik").check()
    look("list")
    page.get_by_role("button", name="Work all 4").click()
    page.wait_for_url("**/runs/*")
    look("preflight")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("under way")).to_be_visible()
    look("under way")
    work(site)
    expect(page.locator(".run-note", has_text="Finished")).to_be_visible()
    look("finished")
    page.get_by_role("link", name="Bulk runs").click()
    look("past")

    assert found == []
