import pytest

from tests.workflows.examples.cases import Case, by, on, outcome

NAME = "after-sale-feedback"
SOLD = by("sale_concluded", sale="S-1", product="City bike")


def answered(score, days=15):
    return [SOLD, on(days, "survey_answered", "ask", survey="feedback", score=score)]


CASES = {
    "delighted": Case(events=answered(9), done=[("ask", 14), ("review", 15)]),
    "content": Case(events=answered(7), done=[("ask", 14), ("thanks", 15)]),
    "disappointed": Case(
        events=answered(6), done=[("ask", 14), ("sorry", 15), ("call", 15), ("tell-manager", 15)]
    ),
    "no answer": Case(events=[SOLD], done=[("ask", 14), ("remind", 21)]),
    "answered after the reminder": Case(
        events=answered(10, 22), done=[("ask", 14), ("remind", 21), ("review", 22)]
    ),
    "unsubscribed": Case(events=[SOLD, on(2, "opted_out")], done=[], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_next_step_follows_the_answers(case):
    assert outcome(NAME, case) == (case.done, case.ended)
