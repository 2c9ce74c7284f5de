"""Several messages over one connection, and what happens when the server would have none of it."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from arfollow.delivery import smtp
from arfollow.delivery.rules import Sent
from arfollow.delivery.smtp import SmtpChannel
from tests.delivery.scripted import CLOSE, ENVELOPE, POLITE, Last, Script, playing, state_after

KEEPING = POLITE | {"RSET": b"250 ok\r\n"}
OK = b"250 ok\r\n"


@contextmanager
def channel_to(*scripts, **options):
    """A channel to a server that answers its first connection by the first script, and so on."""
    with playing(*scripts) as port:
        given = {"timeout": 5, "patience": 5, "budget": 5, "most": 3} | options
        yield SmtpChannel(host="127.0.0.1", port=port, **given)
        for script in scripts:
            script.hang_up()


def counts(*scripts) -> list[int]:
    """How many messages each connection has taken."""
    return [len(script.taken) for script in scripts]


def verbs(script) -> list[str]:
    return [line[:4].decode().strip().upper() for line in script.seen]


def test_messages_follow_each_other_over_one_connection_until_it_has_had_its_share():
    first, second = Script(KEEPING), Script(KEEPING)

    with channel_to(first, second) as channel:
        outcomes = [channel.send(ENVELOPE) for _ in range(6)]

    assert outcomes == [Sent(answer="250 queued as 1")] * 6
    assert counts(first, second) == [3, 3]
    assert verbs(first).count("EHLO") == 1
    assert verbs(first)[-1] == "QUIT"


def test_an_idle_connection_is_not_used_again(monkeypatch):
    monkeypatch.setattr(smtp, "_KEPT_SECONDS", 0)
    first, second = Script(KEEPING), Script(KEEPING)

    with channel_to(first, second) as channel:
        outcomes = [channel.send(ENVELOPE) for _ in range(2)]

    assert list(map(state_after, outcomes)) == ["sent", "sent"]
    assert counts(first, second) == [1, 1]


@pytest.mark.parametrize(
    "changes",
    [
        {"RSET": CLOSE},
        {"RSET": b"421 too many\r\n"},
        {"RSET": b"garbage\r\n"},
        {"MAIL": [OK, CLOSE]},
        {"MAIL": [OK, Last(b"421 4.7.0 too many messages\r\n")]},
        {"MAIL": [OK, b"452 later\r\n"]},
        {"dot": Last(b"250 queued as 1\r\n")},
    ],
    ids=[
        "hangs up",
        "has had enough",
        "garbled",
        "hangs up at MAIL",
        "421 at MAIL",
        "452 at MAIL",
        "hangs up after it",
    ],
)
def test_a_message_that_the_kept_connection_would_not_begin_goes_over_a_new_one(changes):
    first, second = Script(KEEPING | changes), Script(KEEPING)

    with channel_to(first, second) as channel:
        outcomes = [channel.send(ENVELOPE) for _ in range(2)]

    assert list(map(state_after, outcomes)) == ["sent", "sent"]
    assert counts(first, second) == [1, 1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"RCPT": [OK, b"550 unknown\r\n"]}, "failed"),
        ({"RCPT": [OK, CLOSE]}, "queued"),
        ({"dot": [POLITE["dot"], b"554 never\r\n"]}, "failed"),
        ({"dot": [POLITE["dot"], CLOSE]}, "uncertain"),
        ({"dot": [POLITE["dot"], b"250-\r\n451 what\r\n"]}, "uncertain"),
    ],
    ids=["RCPT 5xx", "RCPT hangs up", "dot 5xx", "dot hangs up", "dot garbled"],
)
def test_once_it_has_begun_a_kept_connection_is_like_any_other(changes, expected):
    first = Script(KEEPING | changes)

    with channel_to(first) as channel:
        outcomes = [channel.send(ENVELOPE) for _ in range(2)]

    assert list(map(state_after, outcomes)) == ["sent", expected]


def test_after_a_message_in_doubt_the_next_has_a_connection_of_its_own():
    first, second = Script(KEEPING | {"dot": [POLITE["dot"], CLOSE]}), Script(KEEPING)

    with channel_to(first, second) as channel:
        outcomes = [channel.send(replace(ENVELOPE, delivery_id=number)) for number in range(3)]

    assert list(map(state_after, outcomes)) == ["sent", "uncertain", "sent"]
    assert counts(second) == [1]


def test_answers_that_were_slipped_in_put_no_message_at_risk():
    first = Script(KEEPING | {"dot": b"250 queued as 1\r\n250 ok\r\n250 ok\r\n"})

    with channel_to(first) as channel:
        outcomes = [channel.send(ENVELOPE) for _ in range(2)]

    assert list(map(state_after, outcomes)) == ["sent", "queued"]
    assert counts(first) == [1]
