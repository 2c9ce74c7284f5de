from datetime import UTC, date, datetime, timedelta

import pytest

from arfollow.workflows.examples import example, examples
from arfollow.workflows.rules.rehearsing import (
    Action,
    asked_facts,
    enrolling_event,
    made_up,
    rehearse,
)
from arfollow.workflows.rules.waits import Place

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
BERLIN = Place(timezone="Europe/Berlin", country="DE")
NEXT, DAY, PAY = Action(do="next"), Action(do="day"), Action(do="pay")


def run(name, *actions, **facts):
    definition = example(name).definition
    known = {**made_up(definition, start=START.date()), **facts}
    return rehearse(
        definition,
        start=START,
        actions=actions,
        facts=known,
        entered_by=enrolling_event(definition, at=START, facts=known),
        place=BERLIN,
        key="2026-0815",
    )


def done(rehearsal):
    return [each.step.key for each in rehearsal.play.steps]


def happens(rehearsal, kind, **facts):
    option = next(each for each in rehearsal.options if each.kind == kind)
    return Action(do="event", kind=kind, of=option.of, facts=facts)


def test_collection_ends_in_a_call_when_nothing_is_opened():
    begun = run("collection")
    end = run("collection", NEXT, NEXT)

    assert done(begun) == ["mail"]
    assert (begun.step.key, begun.can_pay) == ("opened", True)
    assert done(end) == ["mail", "text", "call"]
    assert end.play.ended == "end"
    assert end.clock == START + timedelta(days=6)


def test_collection_skips_the_text_message_where_there_is_no_number():
    assert done(run("collection", NEXT, **{"customer.mobile": None})) == ["mail", "call"]


def test_what_is_opened_is_about_the_message_that_was_sent_last():
    opened = happens(run("collection"), "confirmed")

    assert opened.of == "mail"
    assert run("collection", opened).step.key == "time-to-pay"
    assert happens(run("collection", NEXT), "confirmed").of == "text"


def test_paying_reaches_the_goal_at_any_time():
    paid = run("collection", DAY, PAY)

    assert (paid.play.ended, paid.is_paid, paid.can_pay, paid.options) == ("goal", True, False, ())


def test_one_goes_back_by_saying_less():
    actions = [NEXT, DAY, PAY]

    assert run("collection", *actions[:-2]) == run("collection", NEXT)


def test_what_an_event_begins_beside_the_route_is_offered_and_done():
    begun = run("existing-customers")
    answered = happens(begun, "survey_answered", survey="satisfaction", score=9)

    after = run("existing-customers", answered)

    assert any(option.begins for option in begun.options)
    assert {each.path for each in after.play.steps} == {0, 1}


def test_days_that_are_waited_for_are_made_up():
    assert run("lease-check").play.steps
    assert [step.at.date() - START.date() for step in run("lease-check", NEXT).play.steps] == [
        timedelta(),
        timedelta(days=10),
    ]
    assert made_up(example("appointment").definition, start=date(2026, 12, 1))["event.appointment_booked.day"]


@pytest.mark.parametrize("each", examples(), ids=lambda each: each.name)
def test_every_example_can_be_rehearsed(each):
    begun = run(each.name)
    actions = [happens(begun, option.kind) for option in begun.options] + [DAY, NEXT, NEXT, NEXT]

    whole = run(each.name, *actions)

    assert whole.clock >= begun.clock
    assert list(asked_facts(each.definition)) == sorted(set(asked_facts(each.definition)))
