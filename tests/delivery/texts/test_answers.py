import json

import pytest

from arfollow.delivery.rules import Cause, Doubtful, Refused, Sent
from arfollow.delivery.texts.answers import Answer, outcome_of_answer


def outcome(status, told=None, *, retries=False):
    body = b"" if told is None else json.dumps(told).encode()
    return outcome_of_answer(Answer(status=status, body=body, retries=retries))


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_whatever_accepts_has_taken_it(status):
    assert outcome(status, {"id": "gw-1"}) == Sent(answer=f'{status} {{"id": "gw-1"}}', reference="gw-1")


@pytest.mark.parametrize(
    ("told", "reference"),
    [({"id": 17}, "17"), ({"id": True}, ""), ({"id": "x" * 300}, ""), ({}, ""), (["id"], ""), ("id", "")],
)
def test_the_gateways_id_is_a_short_text(told, reference):
    assert outcome(200, told).reference == reference


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
def test_a_clear_refusal_is_final(status):
    found = outcome(status, {"error": "no such number"})

    assert (type(found), found.permanent) == (Refused, True)
    assert "no such number" in found.answer


@pytest.mark.parametrize(
    ("status", "told", "retries"),
    [
        (429, None, False),
        (408, None, False),
        (425, None, False),
        (503, None, True),
        (503, {"accepted": False}, False),
        (307, None, False),
        (301, None, False),
    ],
)
def test_what_was_not_taken_for_now_waits(status, told, retries):
    found = outcome(status, told, retries=retries)

    assert (type(found), found.permanent) == (Refused, False)


@pytest.mark.parametrize("status", [401, 403, 407])
def test_a_refused_login_is_about_us_and_the_message_waits(status):
    found = outcome(status)

    assert (found.permanent, found.cause) == (False, Cause.LOGIN)


@pytest.mark.parametrize(
    ("status", "told"),
    [(500, None), (502, None), (504, None), (503, None), (503, {"accepted": True}), (303, None), (100, None)],
)
def test_what_is_not_clear_is_in_doubt(status, told):
    assert isinstance(outcome(status, told), Doubtful)
