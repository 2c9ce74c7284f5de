"""Every page that links lead to, in each language, theme and width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale
from flask_babel import get_babel
from playwright.sync_api import Browser, BrowserContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from arfollow.access import Role
from tests.fixtures.servers import served
from tests.pages import STATES, Place, page_rules, places_at
from tests.pictures.ledger import Demo
from tests.pictures.sheet import Picture
from tests.pictures.workflows import LANDING, link_places, workflow_places

WIDTHS = {"wide": 1440, "narrow": 400}
THEMES = ("light", "dark")
# Beside those that links lead to: refusals, and customers that are not like the others.
MORE = (
    Place("refusal not-found", "/nowhere", Role.CLERK),
    Place("refusal not-allowed", "/levels/plans/new", Role.CLERK),
    Place("refusal signed-out", "/health/nowhere", None),
)
_LINK = re.compile(r'href="(/[^"#]*)')


def found_places(demo: Demo) -> tuple[list[Place], list[str]]:
    """Each page at the first address that a link leads to, with its states; and the rules that no link leads to."""
    rules = {rule.endpoint: rule for rule in page_rules(demo.app)}
    known = _crawled(demo)
    places = [
        place
        for endpoint, rule in rules.items()
        if endpoint in known
        for place in places_at(demo.app, rule, known[endpoint])
    ]
    preflight = Place("followup.run preflight", demo.preflight, Role.CLERK)
    more = (*workflow_places(demo), *link_places(demo), *MORE)
    return [*places, preflight, *_customers(demo), *more], [
        rule.rule for name, rule in rules.items() if name not in known
    ]


def shoot(
    demo: Demo, browser: Browser, places: Sequence[Place], language: str, folder: Path
) -> Iterator[Picture]:
    """Take the pictures of these places in one language."""
    territory = {"en": "150"}.get(language, language.upper())
    get_babel(demo.app).locale_selector = lambda: Locale.parse(f"{language}_{territory}")
    with served(demo.app) as address:
        contexts = {
            role: _signed_in(demo, browser, role, address) for role in {place.role for place in places}
        }
        for place in places:
            page = contexts[place.role].new_page()
            page.goto(place.path)
            if place.path.startswith(LANDING):
                page.locator(".portal-button").click()
            # Previews are made once the page is there.
            page.wait_for_load_state("networkidle", timeout=120_000)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                for width, pixels in WIDTHS.items():
                    page.set_viewport_size({"width": pixels, "height": 900})
                    page.evaluate("window.scrollTo(0, 0)")
                    file = folder / f"{slug(place.name)}-{width}-{theme}-{language}.png"
                    page.screenshot(path=file, full_page=True)
                    yield Picture(file.name, place.name, f"{width}, {theme}, {language}")
            page.close()
        for context in contexts.values():
            context.close()


def printed_letter(demo: Demo) -> bytes:
    """The first letter that waits to be posted, as it was printed."""
    client = demo.client(Role.CLERK)
    links = re.findall(r'href="(/documents/[0-9a-f]{64})"', client.get("/letters").text)
    return client.get(links[0]).data


def _crawled(demo: Demo) -> dict[str, str]:
    """The first path of each endpoint, as somebody finds it who follows all links."""
    adapter = demo.app.url_map.bind("localhost")
    known = {rule.endpoint: rule.rule for rule in page_rules(demo.app) if not rule.arguments}
    # First whose work was begun, so that a customer is one with something to see.
    start = ["/follow-ups?band=started", "/follow-ups"]
    waiting, client = [*start, *known.values()], demo.client(Role.ADMINISTRATOR)
    while waiting:
        answer = client.get(waiting.pop(0))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for link in _LINK.findall(answer.text):
            path = urlsplit(unescape(link)).path
            try:
                endpoint, _ = adapter.match(path)
            except (HTTPException, RequestRedirect):
                continue
            if endpoint not in known:
                known[endpoint] = path
                waiting += [path, *(path + query for _, query, _ in STATES.get(endpoint, ()))]
    return known


def _customers(demo: Demo) -> list[Place]:
    """The customer with the longest name, and one whose credit is not applied."""
    client = demo.client(Role.CLERK)
    pages = client.get("/customers").text + client.get("/customers?page=2").text
    everybody = re.findall(r'<a id="customer-\d+" href="([^"?]+)[^"]*">([^<]+)</a>', pages)
    credit = re.findall(r'<a id="customer-\d+" href="([^"?]+)', client.get("/follow-ups?band=cash").text)
    longest = max(everybody, key=lambda found: len(found[1]))[0]
    return [
        Place("followup.customer long-name", longest, Role.CLERK),
        *(Place("followup.customer credit", path, Role.CLERK) for path in credit[:1]),
    ]


def _signed_in(demo: Demo, browser: Browser, role: Role | None, address: str) -> BrowserContext:
    context = browser.new_context(base_url=address, locale="en-GB", reduced_motion="reduce")
    if role:
        account = demo.accounts[role]
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("#email").fill(account.email)
        page.locator("#password").fill(account.password)
        page.locator("#password").press("Enter")
        page.wait_for_url("**/follow-ups**")
        page.close()
    return context


def slug(name: str) -> str:
    """The name as files have it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
