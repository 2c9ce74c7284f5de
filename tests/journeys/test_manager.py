"""A manager changes a level in a real browser, and the next letter follows."""

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
    """Two customers at the first level; Maria manages."""
    with books(sqlite_site, TODAY) as book:
        for name, number in (("Bäckerei Ümit", "C-1"), ("Nordlicht Optik", "C-2")):
            book.debtor(
                name, ("620.50", 20), number=number, language="de", email=f"{number.lower()}@example.com"
            )
    set_company(sqlite_site, email="receivables@acme.example.com")
    sqlite_site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    return sqlite_site


def test_a_level_that_is_edited_words_the_next_letter(site, page, live_server):
    # The first letter loads WeasyPrint and its fonts.
    page.set_default_timeout(60_000)
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/customers/C-1")
    before = print_letter(page, address)
    assert "Kennen Sie unsere Rechnung?" not in before

    open_first_level(page, address)
    page.get_by_role("tab", name="German").click()
    words = page.locator(".wording:visible")
    words.get_by_label("Title of the letter").fill("Kennen Sie unsere Rechnung?")
    words.get_by_label("Text of the letter").fill("Hallo {{ nobody }}")
    save = page.get_by_role("button", name="Save", exact=True)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight - innerHeight - 30)")
    place = save.bounding_box()
    save.focus()
    assert save.bounding_box() == place, "It would slip away from under the pointer that presses it."
    save.click()
    page.get_by_text("Nothing was saved.").wait_for()
    assert "nobody" in words.inner_text()

    words.get_by_label("Text of the letter").fill("{{ salutation }}\n\nUns fehlen {{ overdue_total }}.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.goto(f"{address}/customers/C-2")
    after = print_letter(page, address)

    assert "Kennen Sie unsere Rechnung?" in after
    assert "Uns fehlen 620,50\xa0EUR." in after


def test_a_level_can_be_saved_after_it_was_previewed(site, page, live_server):
    page.set_default_timeout(60_000)
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com")
    open_first_level(page, address)
    with page.expect_popup() as preview:
        page.get_by_role("button", name="Preview the e-mail").first.click()
    preview.value.close()
    page.get_by_label("Name", exact=True).fill("A friendly word")

    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("Saved.", exact=True).wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "A friendly word"


def open_first_level(page, address):
    page.goto(f"{address}/levels")
    page.locator(".timeline-name").first.click()
