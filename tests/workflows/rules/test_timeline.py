from dataclasses import replace

import pytest

from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Trigger
from arfollow.workflows.rules.timeline import timeline
from tests.workflows.walking import branch, definition, step, wait


def rows(*route):
    return [(row.day, row.between, row.step.key, *row.path) for row in timeline(definition(*route))]


def test_a_track_is_drawn_with_days_from_the_start_and_days_between():
    drawn = rows(
        step("survey 1"),
        wait("a", 45),
        step("marketing"),
        wait("b", 45),
        step("review"),
        wait("c", 90),
        step("survey 2"),
    )

    assert drawn == [
        (0, None, "survey 1"),
        (45, 45, "marketing"),
        (90, 45, "review"),
        (180, 90, "survey 2"),
    ]


def test_paths_say_how_one_gets_there():
    drawn = rows(
        step("mail"),
        step(
            "answer",
            Kind.WAIT_FOR,
            branch("replied", step("thanks")),
            branch(TIMED_OUT, step("reminder")),
            amount=14,
        ),
        wait("w", 7),
        step("call"),
    )

    assert drawn == [
        (0, None, "mail"),
        (0, 0, "thanks", "replied"),
        (14, 14, "reminder", "timeout"),
        (21, 7, "call"),
    ]


def test_a_day_of_the_customers_own_has_no_number():
    drawn = rows(step("mail"), step("day", Kind.WAIT_UNTIL, field="field.lease"), step("check"))

    assert drawn == [(0, None, "mail"), (None, None, "check")]


def test_waits_of_no_fixed_length_are_about_right():
    drawn = timeline(
        definition(wait("w", 2, unit="months"), step("mail"), wait("x", 36, unit="hours"), step("y"))
    )

    assert [(row.day, row.is_about) for row in drawn] == [(61, True), (62, True)]


def test_where_paths_meet_it_goes_on_from_those_that_lead_there():
    asked = step(
        "answer",
        Kind.WAIT_FOR,
        branch("replied"),
        branch(
            TIMED_OUT,
            step("remind"),
            step("late", Kind.WAIT_FOR, branch("replied"), branch(TIMED_OUT, step("x", Kind.END)), amount=7),
        ),
        amount=14,
    )

    assert rows(step("ask"), asked, step("thanks"))[-1] == (14, None, "thanks")


def test_an_event_that_is_awaited_up_to_a_day_has_no_number():
    asked = step(
        "answer", Kind.WAIT_FOR, branch("came"), branch(TIMED_OUT, step("sorry")), field="campaign.day"
    )

    assert rows(step("ask"), asked, step("thanks"))[1:] == [
        (None, None, "sorry", "timeout"),
        (None, None, "thanks"),
    ]


@pytest.mark.parametrize(
    ("trigger", "days", "day"),
    [
        (Trigger(kind="date", settings={"field": "field.lease_start", "days": 70}), 80, 10),
        (Trigger(kind="date", settings={"field": "field.lease_start"}), -5, 0),
        (Trigger(kind="date", settings={"field": "field.contract_end"}), 80, None),
        (Trigger(kind="by_hand"), 80, None),
    ],
)
def test_a_day_is_known_from_the_day_by_which_customers_enter(trigger, days, day):
    until = step("until", Kind.WAIT_UNTIL, field="field.lease_start", days=days)

    drawn = timeline(replace(definition(until, step("mail")), trigger=trigger))

    assert [row.day for row in drawn] == [day]


def test_the_due_date_of_an_invoice_is_such_a_day():
    until = step("until", Kind.WAIT_UNTIL, field="invoice.due_date", days=-1)
    due = Trigger(kind="due", settings={"days": -5})

    drawn = timeline(replace(definition(step("mail"), until, step("text")), trigger=due))

    assert [(row.day, row.between) for row in drawn] == [(0, None), (4, 4)]
