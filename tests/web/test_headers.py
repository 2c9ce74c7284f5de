import json
import re
from datetime import UTC, datetime
from html import unescape

import time_machine

from arfollow.access import Role


def test_a_static_address_changes_with_its_content_and_is_kept_for_ever(sqlite_site):
    visitor = sqlite_site.visitor()
    page = visitor.get("/sign-in").text
    address = next(line for line in page.split('"') if line.startswith("/static/css/arfollow.css"))

    answer = visitor.get(address)

    assert "?v=" in address
    assert answer.cache_control.max_age == 31_536_000
    answer.close()


def test_pages_are_kept_nowhere(sqlite_site):
    answer = sqlite_site.sign_in(Role.CLERK).get("/account")

    assert answer.headers["Cache-Control"] == "no-store"


def test_our_own_pages_are_the_only_ones_that_learn_where_a_click_came_from(sqlite_site):
    answer = sqlite_site.visitor().get("/sign-in")

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_was_open_all_morning_can_still_be_used(sqlite_site):
    with time_machine.travel(datetime(2026, 11, 21, 7, tzinfo=UTC), tick=False):
        clerk = sqlite_site.sign_in(Role.CLERK)
        token = re.search(r'"X-CSRFToken": "([^"]+)"', clerk.get("/account").text)[1]

    with time_machine.travel(datetime(2026, 11, 21, 13, tzinfo=UTC), tick=False):
        answer = clerk.client.post(
            "/account", data={"csrf_token": token, "name": "Ana", "phone": "", "language": ""}
        )

    assert answer.status_code == 303


def test_htmx_obeys_the_policy_and_shows_refusals(sqlite_site):
    page = sqlite_site.visitor().get("/sign-in").text
    config = json.loads(unescape(re.search(r"name=\"htmx-config\"\s+content='([^']+)'", page)[1]))

    assert (config["includeIndicatorStyles"], config["allowEval"], config["historyCacheSize"]) == (
        False,
        False,
        0,
    )
    assert {"code": "[45]..", "swap": True, "error": True} in config["responseHandling"]
