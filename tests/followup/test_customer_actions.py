"""Calls, notes and to-dos from a customer's page; clicks that come too late, or without scripts."""

import pytest

from arfollow.access import Role
from tests.followup.desks import at_the_last_level, desk

LATE = ("100.00", 20)


def test_a_call_is_logged_with_its_outcome(site):
    with desk(site, LATE) as page:
        page.click("calls", **{"call-outcome": "message", "call-text": "with Ms Kaya"})

    assert site.entries("call") == [("call:logged", "Left a message: with Ms Kaya")]
    assert "Done needs a recorded action" not in page.words


def test_an_outcome_that_is_not_offered_is_refused_beside_its_field(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        status = page.click("calls", **{"call-outcome": "nonsense", "call-text": "kept"})

    assert status == 422
    assert '<details class="flyout " open id="call">' in page.last.text
    assert ">kept</textarea>" in page.last.text.replace("\r\n", "")


def test_a_note_is_no_action(site):
    with desk(site, LATE) as page:
        page.click("notes", **{"note-text": "Back from holiday on Monday"})

    assert site.entries("note") == [("note:written", "Back from holiday on Monday")]
    assert "Done needs a recorded action" in page.words


def test_the_levels_todo_is_done_with_its_outcome(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        before = page.open()
        page.click("todo", **{"todo-outcome": "refused", "todo-text": "insolvent"})

    assert "Call the customer" in before
    assert site.entries("todo") == [("todo:done", "Call the customer: Reached, refuses to pay – insolvent")]
    assert "Call the customer: done" in page.words


def test_the_levels_todo_is_done_once_and_the_second_click_is_told_by_whom(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("todo", **{"todo-outcome": "reached"})
        page.visitor = site.sign_in(Role.MANAGER, name="Jan")
        status = page.click("todo", **{"todo-outcome": "refused"})

    assert status == 422
    assert "Nothing was logged: Ana has done this to-do already." in page.words
    assert site.entries("todo") == [("todo:done", "Call the customer: Reached, will pay")]


OUTDATED = {
    "email": {},
    "letter": {},
    "calls": {"call-outcome": "reached"},
    "done": {"done-todo": "keep"},
    "later": {"later-on": "2026-12-01"},
    "reminder/manual": {"manual-on": "2026-12-01"},
    "reminder/auto": {},
    "holds/customer": {"hold-reason": "late"},
    "tasks": {"task-title": "Call", "task-due_on": "2026-12-01", "task-assignee": "0"},
}


@pytest.mark.parametrize("action", OUTDATED)
def test_an_outdated_click_changes_nothing_and_says_who_was_first(site, action):
    with desk(site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        page.click("done", **{"done-todo": "keep"})
        page.visitor = site.sign_in(Role.MANAGER, name="Jan")
        before = page.tags
        status = page.click(action, **OUTDATED[action])

    assert status == 409
    assert "Nothing was changed: Ana has already marked this follow-up Done" in page.words
    assert 'name="number" value="2"' in page.last.text
    assert page.tags == before


def test_without_scripts_a_click_is_a_plain_form(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", htmx=False, **{"call-outcome": "reached"})
        redirected = page.last
        page.open()
        told = page.words
        page.click("done", htmx=False, **{"done-todo": "skip"})

    assert redirected.status_code == 303
    assert redirected.location == "/customers/C-1"
    assert "The call is logged." in told


def test_a_refused_plain_form_shows_the_whole_page_again(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("done", htmx=False, **{"done-todo": "keep"})

    assert page.last.status_code == 422
    assert page.last.text.startswith("<!doctype html>")
    assert "nothing has been recorded yet" in page.words
