"""What the scripts of every page do, in a real browser."""

from __future__ import annotations

import pytest
from flask import render_template_string

from arfollow.access import Permission, Role, needs
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser

PAGES = ("/sample", "/account", "/settings/company", "/settings/users")
SAMPLE = """
{% extends "base.html" %}
{% from "components/csrf.html" import csrf %}
{% from "components/dialog.html" import dialog, date_shortcuts %}
{% from "components/notice.html" import notice %}
{% block title %}Sample{% endblock %}
{% block content %}
  <h1>Sample</h1>
  <input data-search aria-label="Search">
  <button type="button" data-dialog="manual">Manual</button>
  {% call dialog("manual", "Manual reminder") %}
    {{ date_shortcuts("on", [("One week", scope.today)]) }}
    <label>Date <input type="date" id="on"></label>
  {% endcall %}
  <button type="button" hx-get="/refuse" hx-target="#here">Ask</button>
  <button type="button" hx-get="/gone" hx-target="#here">Lose</button>
  <button type="button" hx-post="/gone" hx-target="#here">Change</button>
  <div id="here"></div>
  <div class="table-frame"><table class="table data"><tbody>
    <tr data-href="/account"><td><a href="/account">Account</a></td><td>anywhere</td></tr>
  </tbody></table></div>
  <form method="post" action="/count" data-confirm="Really?">{{ csrf() }}<button type="submit">Count</button></form>
  <p id="count">{{ count }}</p>
{% endblock %}
"""


@pytest.fixture
def sample(new_sqlite_site, live_server, page):
    """A page with one of everything that scripts act on, open in the browser of somebody signed in."""
    site, counted = new_sqlite_site, []

    @site.app.get("/sample")
    @needs(Permission.VIEW)
    def show():
        return render_template_string(SAMPLE, count=len(counted))

    @site.app.get("/refuse")
    @needs(Permission.CONFIGURE)
    def refuse():
        return ""

    @site.app.post("/count")
    @needs(Permission.WORK)
    def count():
        counted.append(1)
        return show()

    site.person(Role.CLERK)
    return sign_in(page, live_server(site.app), to="/sample")


def test_a_pop_up_opens_takes_a_date_and_closes(sample):
    sample.get_by_role("button", name="Manual").click()
    dialog = sample.get_by_role("dialog", name="Manual reminder")

    dialog.get_by_role("button", name="One week").click()
    assert sample.input_value("#on") == sample.get_attribute("[data-date]", "data-date")
    sample.keyboard.press("Escape")

    assert not dialog.is_visible()
    assert sample.evaluate("document.activeElement.textContent") == "Manual"


def test_a_refusal_appears_in_words_where_notices_are(sample, complaints):
    sample.get_by_role("button", name="Ask").click()

    sample.get_by_role("alert").filter(has_text="Your role does not allow this").wait_for()
    sample.get_by_role("button", name="Close").click()

    assert sample.locator(".notice").count() == 0
    complaints.clear()


def test_a_server_that_is_gone_is_said_to_be(sample, complaints):
    sample.route("**/gone", lambda route: route.abort())

    sample.get_by_role("button", name="Lose").click()

    sample.get_by_role("alert").filter(has_text="The server can't be reached").wait_for()
    complaints.clear()


def test_a_change_without_an_answer_may_have_been_made(sample, complaints):
    sample.route("**/gone", lambda route: route.abort())

    sample.get_by_role("button", name="Change").click()

    sample.get_by_role("alert").filter(has_text="Whether it was done is not known").wait_for()
    complaints.clear()


def test_the_same_loss_is_told_once_and_forgotten_when_it_is_over(sample, complaints):
    sample.route("**/gone", lambda route: route.abort())
    lose, notices = sample.get_by_role("button", name="Lose", exact=True), sample.locator(".notice")

    for _try in range(3):
        with sample.expect_event("requestfailed"):
            lose.click()
    notices.wait_for()
    told = notices.count()
    sample.unroute("**/gone")
    sample.route("**/gone", lambda route: route.fulfill(body="back"))
    lose.click()

    sample.get_by_text("back", exact=True).wait_for()
    assert (told, notices.count()) == (1, 0)
    complaints.clear()


def test_a_failure_in_between_is_not_shown_as_part_of_the_page(sample, complaints):
    sample.route("**/gone", lambda route: route.fulfill(status=502, body="<h1>nginx</h1>"))

    sample.get_by_role("button", name="Lose").click()

    sample.get_by_role("alert").filter(has_text="The server can't be reached").wait_for()
    assert sample.inner_text("#here") == ""
    complaints.clear()


def test_a_row_is_a_link_as_a_whole(sample):
    sample.get_by_text("anywhere").click()

    sample.get_by_role("heading", name="Your account").wait_for()


def test_the_slash_key_goes_to_the_search_field(sample):
    sample.keyboard.press("/")

    assert sample.evaluate("document.activeElement.hasAttribute('data-search')")
    sample.keyboard.type("a/b")
    assert sample.input_value("[data-search]") == "a/b"


def test_who_hits_keys_by_accident_switches_shortcuts_off(sample):
    here = sample.url
    sample.goto(here.replace("/sample", "/account#shortcuts"))
    sample.get_by_label("Single letters and signs act as shortcuts").uncheck()

    sample.goto(here)
    sample.keyboard.press("/")

    assert sample.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize(("answer", "count"), [("accept", "1"), ("dismiss", "0")])
def test_what_destroys_asks_first(sample, answer, count):
    sample.on("dialog", lambda dialog: getattr(dialog, answer)())

    sample.get_by_role("button", name="Count").click()

    sample.wait_for_load_state()
    assert sample.inner_text("#count") == count


def test_a_form_that_is_sent_twice_reaches_the_server_once(sample):
    sample.on("dialog", lambda dialog: dialog.accept())
    twice = "form => { form.requestSubmit(); form.requestSubmit(); }"

    with sample.expect_navigation():
        sample.evaluate(f"({twice})(document.querySelector('form[data-confirm]'))")

    assert sample.inner_text("#count") == "1"


def test_the_first_wrong_field_is_in_view_and_says_that_nothing_was_saved(sqlite_site, live_server, page):
    sqlite_site.person(Role.ADMINISTRATOR, email="admin@example.com")
    sign_in(page, live_server(sqlite_site.app), "admin@example.com", to="/settings/letterhead")
    page.get_by_label("IBAN").first.fill("DE00 1234")

    page.get_by_role("button", name="Save the letterhead").click()

    told = page.get_by_role("alert").filter(has_text="Nothing was saved.")
    told.wait_for()
    field = page.locator("#bank-accounts .is-invalid:focus").bounding_box()
    assert 0 < field["y"] < 900
    assert 0 < told.bounding_box()["y"] < 900


def test_light_and_dark_are_the_readers_choice(sample):
    def becomes(theme):
        sample.wait_for_selector(f"html[data-bs-theme={theme}]", state="attached")

    sample.emulate_media(color_scheme="dark")
    becomes("dark")
    sample.get_by_role("button", name="Clerk").click()
    sample.get_by_role("button", name="Light or dark").click()
    becomes("light")

    sample.reload()

    assert sample.evaluate("document.documentElement.dataset.bsTheme") == "light"


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_pages_fit_the_screen(sample, width):
    start = sample.url
    sample.set_viewport_size({"width": width, "height": 800})
    widths = {}

    for path in PAGES:
        sample.goto(start.replace("/sample", path))
        widths[path] = sample.evaluate("document.documentElement.scrollWidth")

    assert {path: found for path, found in widths.items() if found > width} == {}


def test_the_menu_of_a_narrow_screen_opens(sample):
    sample.set_viewport_size({"width": 360, "height": 800})
    assert not sample.get_by_role("link", name="Customers").is_visible()

    sample.get_by_role("button", name="Menu").click()

    sample.get_by_role("link", name="Customers").wait_for()
