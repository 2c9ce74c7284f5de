"""A manager says who looks after whom, and who stands in, in a real browser."""

import pytest

from arfollow import clock
from arfollow.access import Role
from tests.factories import books
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/Berlin")


@pytest.fixture
def site(sqlite_site):
    """A customer in Austria and one in Germany; Ana, Jan, and Maria, who manages."""
    for name, role in (("Ana", Role.CLERK), ("Jan", Role.CLERK), ("Maria", Role.MANAGER)):
        sqlite_site.person(role, name=name, email=f"{name.lower()}@example.com")
    with books(sqlite_site, TODAY) as book:
        for name, country in (("Alpenblick", "AT"), ("Nordlicht", "DE")):
            book.debtor(name, ("620.50", 20), country=country)
    return sqlite_site


def test_customers_are_shared_by_rules_and_a_colleague_stands_in(site, page, live_server):
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/settings/responsibility")
    for asked, person in (("AT", "Ana"), ("DE", "Jan")):
        page.get_by_role("button", name="Add a rule").click()
        rule = page.locator(".rule").last
        rule.get_by_label("that is, or begins with").fill(asked)
        rule.get_by_label("belong to").select_option(person)
    page.get_by_role("button", name="Save the rules").click()
    page.get_by_text("2 customers changed hands").wait_for()

    page.goto(f"{address}/settings/absences")
    page.get_by_label("Who is away").select_option("Jan")
    page.get_by_label("Who stands in").select_option("Ana")
    page.get_by_label("Last day").fill(TODAY.isoformat())
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("away today").wait_for()

    page.context.clear_cookies()
    sign_in(page, address, "ana@example.com", to="/follow-ups?responsible=me")

    page.get_by_text("You stand in for Jan").wait_for()
    assert page.get_by_role("row", name="Alpenblick").count() == 1
    assert page.get_by_role("row", name="Nordlicht").count() == 1
