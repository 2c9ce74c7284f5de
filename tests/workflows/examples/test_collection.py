import pytest

from arfollow.workflows.examples import example
from arfollow.workflows.rules.timeline import timeline
from tests.workflows.examples.cases import Case, enters, on, outcome

NAME = "collection"
MOBILE = {"customer.mobile": "+4915112345678", "invoice.paid": False}
PAID = {"invoice.paid": True}
CASES = {
    "nothing is opened": Case(facts=MOBILE, done=[("mail", 0), ("text", 3), ("call", 6)]),
    "no mobile number": Case(facts={"invoice.paid": False}, done=[("mail", 0), ("call", 3)]),
    "the e-mail's page is opened, not paid": Case(
        facts=MOBILE, events=[on(1, "confirmed", "mail")], done=[("mail", 0), ("call", 4)]
    ),
    "the text's page is opened, not paid": Case(
        facts=MOBILE, events=[on(4, "confirmed", "text")], done=[("mail", 0), ("text", 3), ("call", 7)]
    ),
    "the e-mail's page is opened after the text": Case(
        facts=MOBILE, events=[on(5, "confirmed", "mail")], done=[("mail", 0), ("text", 3), ("call", 8)]
    ),
    "a picture that was loaded is no page opened": Case(
        facts=MOBILE, events=[on(1, "opened", "mail")], done=[("mail", 0), ("text", 3), ("call", 6)]
    ),
    "paid after the e-mail": Case(facts=MOBILE, later={1: PAID}, done=[("mail", 0)], ended="goal"),
    "paid after opening": Case(
        facts=MOBILE,
        events=[on(1, "confirmed", "mail")],
        later={2: PAID},
        done=[("mail", 0)],
        ended="goal",
    ),
    "paid after the text": Case(facts=MOBILE, later={4: PAID}, done=[("mail", 0), ("text", 3)], ended="goal"),
    "paid before anything": Case(facts={**MOBILE, **PAID}, done=[], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_money_is_asked_for_until_it_is_paid(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_only_subscribers_enter():
    assert enters(NAME, {"lists": ("Subscriptions",)})
    assert not enters(NAME, {"lists": ()})


def test_the_table_shows_when_the_team_calls_at_the_latest():
    rows = timeline(example(NAME).definition)

    assert [(row.day, row.step.key) for row in rows] == [(0, "mail"), (3, "text"), (6, "call")]
