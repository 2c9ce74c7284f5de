import pytest

from arfollow.workflows.examples import example
from tests.workflows.examples.cases import Case, on, outcome

NAME = "retention"


def answered(score):
    return [on(3, "survey_answered", "question", survey="retention", score=score)]


CASES = {
    "satisfied": Case(events=answered(8), done=[("question", 0), ("good-letter", 3)]),
    "fairly satisfied": Case(events=answered(5), done=[("question", 0), ("fair-letter", 3)]),
    "not satisfied": Case(events=answered(4), done=[("question", 0), ("sorry-letter", 3), ("call", 3)]),
    "no answer": Case(done=[("question", 0), ("coupon", 14)]),
    "bought again": Case(events=[on(5, "purchased")], done=[("question", 0)], ended="goal"),
    "unsubscribed": Case(events=[on(5, "opted_out")], done=[("question", 0)], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_customer_is_won_back_by_the_answer(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_nothing_bought_for_six_months_enrols():
    assert example(NAME).definition.trigger.settings == {"amount": 6, "unit": "months", "of": "purchases"}
