"""Done on a customer's page, what becomes of a to-do, and Undo."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from arfollow.access import Role
from arfollow.levels.tables import Level
from arfollow.tasks.tables import Task
from tests.factories import TODAY, books, standing_still
from tests.followup.desks import at_the_last_level, desk

LATE = ("100.00", 20)


def test_done_without_an_action_is_refused_in_words(site):
    with desk(site, LATE) as page:
        page.open()
        disabled = page.last.text
        status = page.click("done", **{"done-todo": "keep"})

    assert "Done needs a recorded action first" in page.words
    assert 'aria-describedby="done-reason" disabled' in " ".join(disabled.split())
    assert status == 422
    assert "nothing has been recorded yet" in page.words
    assert "follow-up:done" not in page.tags


def test_done_goes_on_to_the_next_customer_and_says_when_this_one_is_back(site):
    with desk(site, LATE) as page:
        with books(site) as book:
            book.debtor("Nachbar", ("100.00", 17), number="C-2")
        page.click("email")
        status = page.click("done", **{"done-todo": "keep"})
        location = page.last.headers["HX-Redirect"]
        page.last = page.visitor.get(location)

    assert status == 204
    assert location == "/customers/C-2?list=view%3Daction"
    assert "Done. Bäckerei Ümit : Next on 6 December, when invoice R-" in page.words
    assert " reaches “Second reminder”." in page.words
    assert page.row().status == "overdue"


def test_after_the_last_one_comes_the_list(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("email")
        page.click("done", htmx=False, **{"done-todo": "keep"})

    assert page.last.status_code == 303
    assert page.last.location == "/follow-ups"


def test_a_begun_follow_up_keeps_its_level_on_the_list_and_on_the_page(site):
    with desk(site, ("100.00", 15)) as page:
        page.click("email")
        begun_at = page.row().level_id
        with standing_still(TODAY + timedelta(days=20)):
            with books(site, TODAY + timedelta(days=20)):
                pass
            words, row = page.open(), page.row()

    assert (row.reason, row.level_id) == ("started", begun_at)
    assert "Here because this follow-up was begun and is not Done yet." in words
    assert "Level 1 Payment reminder" in words


def test_undo_puts_everything_back(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        done = page.row().status
        page.seen = 2
        page.click("undo")

    assert done == "overdue"
    assert "Done was taken back" in page.words
    assert page.state().number == 1
    assert page.row().status == "action"


def test_a_page_whose_done_was_taken_back_meanwhile_is_told_so(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        page.seen = 2
        page.click("undo")
        status = page.click("undo")

    assert status == 409
    assert "the Done that this page showed has been taken back meanwhile" in page.words
    assert page.tags.count("follow-up:undone") == 1


def test_undo_ends_with_the_next_action(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        page.seen = 2
        offered = page.open()
        page.click("calls", **{"call-outcome": "reached"})
        status = page.click("undo")

    assert "Marked Done by Ana on 21 Nov 2026. Undo" in offered
    assert status == 422
    assert "There is nothing to undo" in page.words


@pytest.mark.parametrize(
    ("choice", "entry", "tasks"),
    [
        ({"done-todo": "keep"}, "task:added", [("Call the customer", date(2026, 11, 23), "open")]),
        ({"done-todo": "skip", "done-reason": "insolvent"}, "task:skipped", []),
    ],
)
def test_a_todo_that_was_not_done_is_kept_or_skipped_at_done(site, choice, entry, tasks):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("letter")
        asked = page.words
        status = page.click("done", **choice)

    with site.reading() as session:
        kept = session.execute(select(Task.title, Task.due_on, Task.state)).all()
    assert "“Call the customer” is not done. At Done:" in asked
    assert status == 204
    assert entry in page.tags
    assert [tuple(task) for task in kept] == tasks


def test_a_todo_is_not_skipped_without_a_reason(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("letter")
        status = page.click("done", **{"done-todo": "skip", "done-reason": " "})

    assert status == 422
    assert "Please enter why the to-do is skipped." in page.words
    assert page.state().number == 3


def test_undo_ends_the_task_that_the_to_do_was_kept_as(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("letter")
        page.click("done", **{"done-todo": "keep"})
        page.seen = 4
        page.click("undo")
        page.seen = 3
        page.click("done", **{"done-todo": "keep"})

    with site.reading() as session:
        states = session.scalars(select(Task.state).order_by(Task.id)).all()
    assert states == ["skipped", "open"]


def test_a_to_do_that_is_kept_is_for_whom_its_level_says(site):
    maria = site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        with site.writing() as session:
            session.execute(update(Level).values(responsible="manager"))
        page.seen = 3
        page.click("letter")
        asked = page.words
        page.click("done", **{"done-todo": "keep"})

    with site.reading() as session:
        assert session.scalars(select(Task.assignee_id)).all() == [maria]
    assert "“Call the customer”, for Maria, is not done. At Done:" in asked
