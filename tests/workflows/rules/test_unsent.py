"""A wait for an answer to what was never sent is over at once."""

import pytest

from arfollow.workflows.rules.definition import TIMED_OUT, Kind
from arfollow.workflows.rules.engine import Act, Known, Position, Route
from tests.workflows.walking import BERLIN, START, branch, definition, step, wait


def waits(*late, outcome="replied", **settings):
    return step(
        "answer",
        Kind.WAIT_FOR,
        branch(outcome),
        branch(TIMED_OUT, *late),
        amount=7,
        **{"of": "mail", **settings},
    )


def decided(route, unsent, sent=()):
    position = Position(
        step="answer", entered_at=START, unsent=frozenset(unsent), ran=dict.fromkeys(sent, START)
    )
    return Route(definition(*route)).decide(position, Known(facts={}, events=(), place=BERLIN), now=START)


MAIL, TEXT, LATE = step("mail"), step("text", Kind.SMS), step("late", Kind.ACTIVITY)
CALL = step("call", Kind.ACTIVITY)
AGAIN = step("again", Kind.GO_TO, step="mail")


@pytest.mark.parametrize(
    ("route", "unsent", "sent", "at_once"),
    [
        ([MAIL, waits(LATE)], ["mail"], [], True),
        ([MAIL, waits(LATE)], [], ["mail"], False),
        ([MAIL, TEXT, waits(LATE, of=["mail", "text"])], ["mail"], ["text"], False),
        ([MAIL, TEXT, waits(LATE, of=["mail", "text"])], ["mail", "text"], [], True),
        ([MAIL, TEXT, waits(LATE)], ["text"], ["mail"], False),
        ([MAIL, waits(LATE, of="")], ["mail"], [], True),
        ([MAIL, TEXT, waits(LATE, of="")], ["mail"], ["text"], False),
        ([MAIL, CALL, waits(LATE, of="")], ["mail"], ["call"], False),
        ([MAIL, waits(LATE, of="", outcome="payment_received")], ["mail"], [], False),
        ([MAIL, waits(AGAIN), LATE], ["mail"], [], False),
        ([MAIL, waits(), LATE, step("anew", Kind.RESTART)], ["mail"], [], False),
        ([MAIL, waits(wait("w"), AGAIN), LATE], ["mail"], [], True),
    ],
    ids=[
        "its message was not sent",
        "it was",
        "one of two was",
        "none of two was",
        "another was not",
        "about any, and none was sent",
        "about any, and one was sent",
        "about any, and a colleague called",
        "for what comes without a message",
        "that would go in a circle",
        "that would begin anew in a circle",
        "a circle with a wait",
    ],
)
def test_it_is_over_if_nothing_can_come(route, unsent, sent, at_once):
    decision = decided(route, unsent, sent)

    took = decision.after.took if isinstance(decision, Act) else decision.at.took
    assert took == ({"answer": TIMED_OUT} if at_once else {})


def test_a_message_that_is_sent_in_a_later_round_is_answered_again():
    route = Route(definition(MAIL, waits(LATE)))
    position = Position(step="mail", entered_at=START, round=2, unsent=frozenset({"mail"}))

    act = route.decide(position, Known(facts={}, events=(), place=BERLIN), now=START)

    assert (act.after.unsent, list(act.after.ran)) == (frozenset(), ["mail"])
