import pytest

from arfollow.workflows.examples import example
from arfollow.workflows.rules.timeline import timeline
from tests.workflows.examples.cases import Case, on, outcome

NAME = "existing-customers"
TRACK = [
    ("survey-1", 0),
    ("topics", 45),
    ("review-1", 90),
    ("survey-2", 180),
    ("review-2", 270),
    ("survey-3", 360),
    ("review-3", 450),
    ("survey-4", 540),
    ("review-4", 630),
]
ANSWERED = ("thanks", "tell-sales", "review-results")
CASES = {
    "nobody answers, and it begins again": Case(
        done=[*TRACK, ("survey-1", 630), ("topics", 675)], ended="waiting", until=700
    ),
    "whenever a survey is answered, at once": Case(
        events=[
            on(3, "survey_answered", "survey-1", survey="satisfaction", score=9),
            on(50, "survey_answered", "topics", survey="interests"),
            on(60, "survey_answered", survey="visit", score=5),
        ],
        done=[
            ("survey-1", 0),
            *((key, 3) for key in ANSWERED),
            ("topics", 45),
            *((key, 50) for key in ANSWERED),
            ("review-1", 90),
        ],
        ended="waiting",
        until=100,
    ),
    "unsubscribing ends it": Case(events=[on(20, "opted_out")], done=[("survey-1", 0)], ended="goal"),
    "a closed account ends it": Case(later={100: {"customer.closed": True}}, done=TRACK[:3], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_track_takes_its_course(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_the_table_shows_days_from_the_start_and_days_between():
    rows = timeline(example(NAME).definition)

    assert [(row.day, row.between) for row in rows] == [
        (0, None),
        (45, 45),
        (90, 45),
        (180, 90),
        (270, 90),
        (360, 90),
        (450, 90),
        (540, 90),
        (630, 90),
        (630, 0),
    ]
    assert [row.step.key for row in rows] == [*(key for key, _ in TRACK), "again"]


def test_the_new_customer_track_feeds_it_with_those_who_bought_twice_in_six_months():
    trigger = example(NAME).definition.trigger

    assert trigger.settings == {
        "workflow": example("new-customers").definition.name,
        "at_least": 2,
        "within_months": 6,
    }
