"""A German clerk takes the list along as a workbook, and a colleague switches to French, in a real browser."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import expect

from arfollow.access import Role
from arfollow.users.operations import choose_language
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.fixtures.sheets import rows_of_xlsx

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 5, 6)


@pytest.fixture
def site(sqlite_site):
    """Two customers to work; Ana reads German, Luc what the company speaks, which is English."""
    with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC), tick=True):
        ana = sqlite_site.person(Role.CLERK, name="Ana Maier", email="ana@example.com")
        sqlite_site.person(Role.CLERK, name="Luc Petit", email="luc@example.com")
        with sqlite_site.writing() as session:
            choose_language(session, user_id=ana, language="de", who="Ana Maier")
        with books(sqlite_site, TODAY) as book:
            book.debtor("Bäckerei Ümit", ("1620.50", 31), number="C-1", responsible_id=ana)
            book.debtor("=Formel GmbH", ("80.00", 30), number="C-2")
        yield sqlite_site


def test_a_german_clerk_takes_the_list_along_as_a_workbook(page, site, live_server):
    sign_in(page, live_server(site.app), "ana@example.com")
    expect(page.get_by_role("heading", name="Wiedervorlagen")).to_be_visible()

    page.get_by_role("button", name="Exportieren").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Excel (XLSX)").first.click()

    header, *rows = rows_of_xlsx(Path(started.value.path()).read_bytes())
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert started.value.suggested_filename == "Wiedervorlagen-2031-05-06.xlsx"
    assert [(row["Kunde"], row["Überfällig, in EUR"], row["Wiedervorlage"]) for row in found] == [
        ("Bäckerei Ümit", 1620.5, TODAY),
        ("=Formel GmbH", 80.0, TODAY),
    ]
    assert found[0]["Zuständig"] == "Ana Maier"


def test_a_user_switches_to_french(page, site, live_server):
    sign_in(page, live_server(site.app), "luc@example.com", to="/account")

    page.get_by_label("Language").select_option(label="Français")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Vos informations ont été enregistrées.")).to_be_visible()
    page.get_by_role("link", name="Relances").click()
    expect(page.get_by_role("heading", name="Relances")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".list")).to_contain_text("1\N{NARROW NO-BREAK SPACE}620,50")
