"""An administrator changes the letterhead in a real browser, sees it at once, and the next letter wears it."""

import pytest

from arfollow import clock
from arfollow.access import Role
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.followup.desks import set_company
from tests.journeys.steps import print_letter

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/Berlin")


@pytest.fixture
def site(sqlite_site):
    """A customer at the first level; Paula administers."""
    with books(sqlite_site, TODAY) as book:
        book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1", email="c-1@example.com")
    set_company(sqlite_site, email="receivables@acme.example.com")
    sqlite_site.person(Role.ADMINISTRATOR, name="Paula", email="paula@example.com")
    return sqlite_site


def picture_after(page, change):
    """The address of the picture that follows a change."""
    before = page.locator(".preview-sheet img").get_attribute("src")
    change()
    page.wait_for_function(
        "before => (document.querySelector('.preview-sheet img')?.src ?? before) !== before", arg=before
    )
    return page.locator(".preview-sheet img").get_attribute("src")


def test_what_is_seen_beside_the_editor_is_what_is_printed(site, page, live_server):
    # The first letter loads WeasyPrint and its fonts.
    page.set_default_timeout(60_000)
    address = live_server(site.app)
    sign_in(page, address, "paula@example.com", to="/settings/letterhead")
    page.locator(".preview-sheet img").wait_for()

    accent = picture_after(page, lambda: page.get_by_label("Colour").fill("#b3261e"))
    foot = picture_after(page, lambda: page.get_by_label("Right column").fill("HRB 4711 Köln"))
    page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 52")
    page.get_by_text("The check digits of the IBAN").wait_for()
    account = picture_after(page, lambda: page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 51"))
    assert len({accent, foot, account}) == 3

    page.get_by_role("button", name="Save the letterhead").click()
    page.get_by_text("Saved. Letters printed from now on look like this.").wait_for()
    page.goto(f"{address}/customers/C-1")
    letter = print_letter(page, address)

    assert "HRB 4711 Köln" in letter
    assert "DE02\xa01203\xa00000\xa00000\xa02020\xa051" in letter


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 400)])
def test_the_editor_is_accessible(site, page, live_server, root, scheme, width):
    page.set_default_timeout(60_000)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    address = live_server(site.app)
    sign_in(page, address, "paula@example.com", to="/settings/letterhead")
    page.locator(".preview-sheet img").wait_for()
    page.get_by_label("Pay link").fill("http://pay.example.com")
    page.get_by_text("Pay link: A pay link begins with").wait_for()

    page.evaluate((root / "tests/vendor/axe.min.js").read_text())
    violations = page.evaluate("axe.run().then(report => report.violations)")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
