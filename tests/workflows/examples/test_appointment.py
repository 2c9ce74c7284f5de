import pytest

from tests.workflows.examples.cases import Case, by, day, on, outcome

NAME = "appointment"
MOBILE = {"customer.mobile": "+4915112345678"}


def told(days):
    return {"appointment": "A-1", "day": day(days), "time": "14:00", "place": "Main Street 1"}


def booked(days, *events):
    return [by("appointment_booked", **told(days)), *events]


def answered(days, score):
    return on(days, "survey_answered", "feedback", survey="visit", score=score)


BY_TEXT = [("confirm-text", 0), ("remind-text", 9), ("feedback", 11)]
CASES = {
    "by text message, no answer": Case(facts=MOBILE, events=booked(10), done=BY_TEXT),
    "by e-mail": Case(events=booked(10), done=[("confirm-mail", 0), ("remind-mail", 9), ("feedback", 11)]),
    "a good answer": Case(facts=MOBILE, events=booked(10, answered(12, 4)), done=BY_TEXT),
    "a poor answer": Case(facts=MOBILE, events=booked(10, answered(12, 3)), done=[*BY_TEXT, ("call", 12)]),
    "for tomorrow": Case(facts=MOBILE, events=booked(1), done=[("confirm-text", 0), ("feedback", 2)]),
    "moved": Case(
        facts=MOBILE,
        events=booked(10, on(5, "appointment_booked", **told(20))),
        done=[("confirm-text", 0), ("remind-text", 19), ("feedback", 21)],
    ),
    "cancelled": Case(
        facts=MOBILE,
        events=booked(10, on(5, "appointment_cancelled", appointment="A-1")),
        done=[("confirm-text", 0)],
        ended="goal",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_appointment_is_accompanied(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_another_appointment_is_another_matter():
    other = {**told(3), "appointment": "A-2"}
    events = booked(
        10, on(1, "appointment_booked", **other), on(2, "appointment_cancelled", appointment="A-2")
    )

    assert outcome(NAME, Case(facts=MOBILE, events=events, done=BY_TEXT), key="A-1") == (BY_TEXT, "end")
