"""Every page, for everybody: read by machines, narrow, magnified, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.chatter.tables import ChatterHead
from arfollow.config import Settings
from tests.factories import books
from tests.fixtures.apps import Site, make_settings, make_site
from tests.fixtures.browsers import EXPECTED, sign_in
from tests.fixtures.filled import fill
from tests.fixtures.servers import served
from tests.pages import NO_PAGES, STATES, Place, page_rules, places

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 5, 6)
LONG = "Société Générale des Eaux Minérales et Boissons Rafraîchissantes du Haut-Rhin S.A.R.L."
RULES = page_rules(
    create_app(Settings(database_url="sqlite://", data_dir=None, mail_url="file:///", secret_key="t"))
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
READ = """([part, tags]) => axe.run(part, { runOnly: tags, resultTypes: ["violations"] })
    .then(report => report.violations)"""
# What is cut off at its edge, and the page itself when it is wider than the window.
CUT = """() => [document.documentElement, ...document.querySelectorAll(".table-frame, .run-shares, .card")]
    .filter(element => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "clip")
    .map(element => `${element.tagName} ${element.className}`)"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory, migrated_sqlite) -> Iterator[tuple[Site, dict, str]]:
    """A site with one of everything, what its addresses name, and where it is served."""
    folder = tmp_path_factory.mktemp("everybody")
    (folder / "ledger.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    settings = make_settings(f"sqlite:///{folder / 'ledger.sqlite3'}", folder)
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    with (
        time_machine.travel(noon, tick=True),
        make_site(create_app(replace(settings, development=True))) as site,
        served(site.app) as address,
    ):
        user_id = next(site.person(role, name=f"{role.value.title()} {LONG}") for role in reversed(Role))
        for role in list(Role)[:-1]:
            site.person(role)
        with site.writing() as session:
            values = fill(session, company_id=site.company_id, today=TODAY, prefix="OWN")
        with books(site, TODAY) as book:
            book.debtor("Bäckerei Ümit", ("620.50", 31), ("80.00", -3), number="C-1")
            book.debtor(LONG, ("1234567.89", 95), ("9876543.21", 16), number="C-3")
        with site.reading() as session:
            head = session.get_one(ChatterHead, (site.company_id, "main")).sequence
        yield site, {**values, "user_id": user_id, "sequence": head}, address


@pytest.fixture(scope="module")
def visit(ledger, browser) -> Iterator[object]:
    """Opens a page in the browser of somebody of that role, who signs in once; gives it and what its console says."""
    _, _, address = ledger
    tabs: dict = {}

    def open_(place: Place, **options) -> tuple[Page, list[str]]:
        key = (place.role, *options.items())
        if key not in tabs:
            context = browser.new_context(
                locale="en-GB", base_url=address, reduced_motion="reduce", **options
            )
            tabs[key] = (context.new_page(), [])
            listen(*tabs[key])
            if place.role:
                sign_in(tabs[key][0], address, f"{place.role.value}@example.com", to="/account")
        page, said = tabs[key]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})
        said.clear()
        page.goto(place.path)
        return page, said

    yield open_
    for page, _ in tabs.values():
        page.context.close()


def listen(page: Page, said: list[str]) -> None:
    def note(text: str) -> None:
        if not EXPECTED.search(text):
            said.append(text)

    page.on("console", lambda message: note(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: note(str(error)))


def violations(page: Page, tags: list[str], part: str = "html") -> list[str]:
    found = page.evaluate(READ, [part, tags])
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_a_page_is_for_everybody(rule, ledger, visit, root):
    site, values, _ = ledger
    axe = (root / "tests/vendor/axe.min.js").read_text()
    found = []

    for place in places(site.app, rule, values):
        page, said = visit(place)
        assert page.locator("h1").count(), f"{place.path} is no page: it belongs to tests/pages.py, NO_PAGES"
        page.evaluate(axe)
        seen = [f"light, {each}" for each in violations(page, TAGS, "main" if place.is_state else "html")]
        page.emulate_media(color_scheme="dark")
        seen += [f"dark, {each}" for each in violations(page, ["color-contrast"], "main")]
        for width in (360, 640):
            page.set_viewport_size({"width": width, "height": 800})
            seen += [f"cut off at {width}: {each}" for each in page.evaluate(CUT)]
        found += [f"{place.name}: {each}" for each in (*seen, *said)]

    assert "\n".join(found) == ""


def test_what_is_no_page_and_what_has_states_are_addresses_all_the_same(ledger):
    site, _, _ = ledger

    assert NO_PAGES | set(STATES) <= set(site.app.view_functions)


@pytest.mark.parametrize("path", ["/nowhere", "/levels/plans/new"])
def test_a_refusal_is_for_everybody(path, visit, root):
    page, _ = visit(Place("", path, Role.CLERK))
    page.evaluate((root / "tests/vendor/axe.min.js").read_text())

    assert violations(page, TAGS) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("path", ["/follow-ups", "/customers/OWN-1", "/chatter"])
def test_a_page_is_read_without_scripts(path, visit):
    page, _ = visit(Place("", path, Role.CLERK), java_script_enabled=False)

    for name in ("Customers", "Settings", "Your account"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.locator("main").get_by_text("OWN customer").first).to_be_visible()


HIDDEN = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const style = getComputedStyle(focused);
    if (focused === document.body) return "end";
    const name = `${focused.outerHTML.slice(0, 120)} ${focused.textContent.trim().slice(0, 40)}`;
    if (style.outlineStyle === "none" && style.boxShadow === "none") return `${name}: no focus to see`;
    const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const label = focused.labels?.[0];
    const seen = top && (focused.contains(top) || top.contains(focused) || label?.contains(top));
    return seen ? "" : `${name}: behind ${top?.className}`;
}"""


@pytest.mark.parametrize(
    ("path", "width"),
    [("/follow-ups", 1280), ("/customers/OWN-1", 1280), ("/customers/OWN-1", 640), ("/follow-ups", 640)],
)
def test_the_keyboard_reaches_everything_and_the_focus_is_seen(path, width, visit):
    page, _ = visit(Place("", path, Role.CLERK))
    page.set_viewport_size({"width": width, "height": 500})
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    found, said = [], ""

    for _step in range(200):
        page.keyboard.press("Tab")
        said = page.evaluate(HIDDEN)
        if said == "end":
            break
        found += [said] if said else []

    assert said == "end"
    assert "\n".join(found) == ""
