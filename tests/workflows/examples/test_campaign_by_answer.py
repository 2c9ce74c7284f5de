import pytest

from tests.workflows.examples.cases import Case, on, outcome

NAME = "campaign-by-answer"
CASES = {
    "answered: follow-up A": Case(
        events=[on(2, "replied", "offer", text="Yes")], done=[("offer", 0), ("interested", 2), ("call", 2)]
    ),
    "not answered: follow-up B": Case(done=[("offer", 0), ("second", 7)]),
    "follow-up B is answered": Case(
        events=[on(9, "replied", "second", text="Price")],
        done=[("offer", 0), ("second", 7), ("read-answer", 9)],
    ),
    "the offer is answered late": Case(
        events=[on(8, "replied", "offer", text="Yes")],
        done=[("offer", 0), ("second", 7), ("read-answer", 8)],
    ),
    "an answer to something else is none": Case(
        events=[on(2, "replied", "other", text="Yes")], done=[("offer", 0), ("second", 7)]
    ),
    "unsubscribing ends it": Case(events=[on(3, "opted_out")], done=[("offer", 0)], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_campaign_follows_the_answer(case):
    assert outcome(NAME, case) == (case.done, case.ended)
