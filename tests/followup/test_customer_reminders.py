from datetime import date

import pytest

from tests.followup.desks import desk

LATE = ("100.00", 20)


def test_do_it_later_hides_the_customer_until_the_day_before(site):
    with desk(site, LATE) as page:
        status = page.click("later", **{"later-on": "2026-12-01"})

    assert status == 200
    assert page.state().snoozed_until == date(2026, 11, 30)
    assert page.row().status == "overdue"
    assert "Put off: back on Tuesday, 1 December 2026." in page.words
    assert "Put off up to and including 30 Nov 2026." in page.words


def test_do_it_later_offers_the_next_working_day_first(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.open()

    assert "Next working day Mon, 23 Nov" in page.words
    assert 'id="later-on" name="later-on" required type="date" value="2026-11-23"' in page.last.text


def test_what_was_put_off_can_be_taken_up_at_once(site):
    with desk(site, LATE) as page:
        page.click("later", **{"later-on": "2026-12-01"})
        page.click("later/end")

    assert page.state().snoozed_until is None
    assert page.row().status == "action"


def test_manual_offers_four_days_each_with_its_date(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        words = page.open()

    assert "One week 28 Nov 2026 Two weeks 5 Dec 2026 One month 21 Dec 2026 Two months 21 Jan 2027" in words


def test_manual_and_auto_are_set_by_one_click_each(site):
    with desk(site, LATE) as page:
        page.click("reminder/manual", **{"manual-on": "2026-12-05"})
        manual, words = page.state().manual_on, page.words
        page.click("reminder/auto")

    assert manual == date(2026, 12, 5)
    assert "Not on the list: the reminder is set to Manual, for 5 December." in words
    assert page.state().manual_on is None
    assert page.row().status == "action"


@pytest.mark.parametrize(
    ("action", "field"), [("later", "later-on"), ("reminder/manual", "manual-on")], ids=["later", "manual"]
)
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-21", "Choose a day after today: 21 November 2026 is not."),
        ("yesterday", "Not a valid date value."),
        ("", "This field is required."),
    ],
)
def test_a_day_that_does_not_lie_ahead_is_refused_in_the_form(sqlite_site, action, field, day, words):
    with desk(sqlite_site, LATE) as page:
        status = page.click(action, **{field: day})

    assert status == 422
    assert words in page.words
    assert "reminder:" not in " ".join(page.tags)


def test_the_pop_up_is_open_at_an_address_of_its_own(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.open("?dialog=manual")

    assert '<dialog id="manual" class="dialog" aria-labelledby="manual-title" open>' in page.last.text
