"""Which of a customer's enrolments a reply is about."""

from datetime import timedelta

import pytest

from arfollow.workflows.rules.answering import Sent, about
from tests.workflows.walking import START


def sent(hours, enrolment_id, key, name="invoice"):
    return Sent(at=START + timedelta(hours=hours), enrolment_id=enrolment_id, name=name, key=key)


ONE, TWO, LATE = sent(1, 1, "R-1"), sent(2, 2, "R-2"), sent(9, 1, "R-1")
VISIT = sent(3, 3, "A-7", "appointment")


@pytest.mark.parametrize(
    ("messages", "enrolment", "answered"),
    [
        ([], "", {}),
        ([ONE], "", {"invoice": "R-1"}),
        ([ONE, TWO], "", {"invoice": "R-2"}),
        ([ONE, TWO, LATE], "", {"invoice": "R-2"}),
        ([ONE, TWO], "1", {"invoice": "R-1"}),
        ([ONE, TWO], "8", {"invoice": "R-2"}),
        ([ONE, TWO, VISIT], "", {"invoice": "R-2", "appointment": "A-7"}),
    ],
    ids=[
        "nothing was sent",
        "one",
        "the last one",
        "what is sent later is not answered",
        "the one that is named",
        "one without a key is named",
        "of each name one",
    ],
)
def test_a_reply_is_about_what_wrote_last(messages, enrolment, answered):
    assert about(messages, at=START + timedelta(hours=5), enrolment=enrolment) == answered
