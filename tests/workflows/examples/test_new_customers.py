import pytest

from arfollow.workflows.examples import example
from tests.workflows.examples.cases import Case, day, enters, on, outcome

NAME = "new-customers"
TRACK = [
    ("welcome", 0),
    ("good-to-know", 14),
    ("first-impression", 30),
    ("call", 60),
    ("invite-to-talk", 120),
]


def answered(score):
    return [on(31, "survey_answered", "first-impression", survey="first_impression", score=score)]


CASES = {
    "nobody answers": Case(done=TRACK),
    "a good start": Case(events=answered(9), done=[*TRACK[:3], ("glad", 31), *TRACK[3:]]),
    "a poor start": Case(events=answered(6), done=[*TRACK[:3], ("sorry", 31), ("put-right", 31), *TRACK[3:]]),
    "another survey": Case(events=[on(31, "survey_answered", survey="visit", score=1)], done=TRACK),
    "a closed account": Case(later={20: {"customer.closed": True}}, done=TRACK[:2], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_track_takes_its_course(case):
    assert outcome(NAME, case) == (case.done, case.ended)


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"purchases.first": day(-10)}, True),
        ({"purchases.first": day(-32)}, False),
        ({}, False),
        ({"purchases.first": day(0), "workflows": ("Existing-customer track",)}, False),
    ],
)
def test_only_new_customers_enter_who_are_in_no_other_track(facts, may):
    assert enters(NAME, facts) is may


def test_its_name_is_the_one_that_the_other_track_excludes():
    assert example("existing-customers").definition.name == "Existing-customer track"
