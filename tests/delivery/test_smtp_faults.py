"""What a mail server or a network may do, and where it leaves the delivery.

`queued`: certainly not taken, tried again later; `failed`: certainly not taken, and for good; `uncertain`: nobody can tell.
"""

import base64
from dataclasses import replace
from datetime import timedelta
from itertools import product
from time import monotonic

import pytest

from arfollow import clock
from arfollow.delivery.operations.sending import LEASES
from arfollow.delivery.smtp import SmtpChannel
from tests.delivery.scripted import (
    CLOSE,
    ENVELOPE,
    SILENCE,
    Drip,
    Last,
    send,
    server_context,
    state_after,
    trusting,
)

BEFORE_THE_DOT = ["banner", "EHLO", "MAIL", "RCPT", "DATA"]
FAULTS = {
    "4xx": (b"451 later\r\n", "queued"),
    "4xx in many lines": (b"451-later\r\n451 perhaps\r\n", "queued"),
    "421 and gone": (Last(b"421 going down\r\n"), "queued"),
    "5xx": (b"550 never\r\n", "failed"),
    "5xx in many lines": (b"550-never\r\n550 ever\r\n", "failed"),
    "cut": (CLOSE, "queued"),
    "silence": (SILENCE, "queued"),
    "half an answer": (b"25", "queued"),
    "half a refusal, then cut": (Last(b"550 nev"), "queued"),
    "many lines, cut in between": (Last(b"550-never\r\n"), "queued"),
    "lines that contradict each other": (b"250-ok\r\n550 no\r\n", "queued"),
    "lines without end": (b"250-ok\r\n" * 200, "queued"),
    "garbage": (b"\xff\xfe\x00 hi\r\n", "queued"),
    "nothing but a line's end": (b"\r\n", "queued"),
    "an endless line": (b"250 " + b"x" * 9000 + b"\r\n", "queued"),
    "another answer": (b"334 what?\r\n", "queued"),
    "a code that there is not": (b"999 what?\r\n", "queued"),
    "slow drip without end": (Drip(b"250 " + b"x" * 1000), "queued"),
}


@pytest.mark.parametrize(("verb", "fault"), [*product(BEFORE_THE_DOT, FAULTS)])
def test_before_the_dot_nothing_was_taken(verb, fault):
    answer, expected = FAULTS[fault]
    # smtplib falls back to HELO, which has the last word.
    changes = {"EHLO": answer, "HELO": answer} if verb == "EHLO" else {verb: answer}

    outcome, script = send(changes)

    assert state_after(outcome) == expected
    assert script.taken == []
    assert outcome.answer


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"250 ok\r\n", "sent"),
        (b"250-ok\r\n250 queued\r\n", "sent"),
        (b"250\r\n", "sent"),
        (Drip(b"250 ok\r\n", 0.01), "sent"),
        (b"451 later\r\n", "queued"),
        (b"421 going down\r\n", "queued"),
        (b"552 too large\r\n", "failed"),
        (b"554-no\r\n554 spam\r\n", "failed"),
        (b"251 forwarded\r\n", "uncertain"),
        (b"354 again?\r\n", "uncertain"),
        (b"220 hello\r\n", "uncertain"),
        (b"hello\r\n", "uncertain"),
        (b"\xff\xfe\r\n", "uncertain"),
        (b"25", "uncertain"),
        (b"250", "uncertain"),
        (Last(b"250"), "uncertain"),
        (Last(b"250 o"), "uncertain"),
        (Last(b"250-ok\r\n"), "uncertain"),
        (Last(b"550 n"), "uncertain"),
        (b"250-ok\r\n550 no\r\n", "uncertain"),
        (b"250-ok\r\n" * 200, "uncertain"),
        (b"250 " + b"x" * 9000 + b"\r\n", "uncertain"),
        (Drip(b"250 " + b"x" * 1000), "uncertain"),
        (CLOSE, "uncertain"),
        (SILENCE, "uncertain"),
    ],
)
def test_after_the_dot_only_a_clear_answer_counts(answer, expected):
    outcome, script = send({"dot": answer})

    assert state_after(outcome) == expected
    assert len(script.taken) == 1


@pytest.mark.parametrize("answer", [b"500 no\r\n", b"\xff\r\n", CLOSE, SILENCE])
def test_after_the_acceptance_nothing_counts(answer):
    outcome, _ = send({"QUIT": answer})

    assert state_after(outcome) == "sent"


def test_a_goodbye_that_drips_is_not_waited_for():
    began = monotonic()

    outcome, _ = send({"QUIT": Drip(b"221 " + b"x" * 1000)})

    assert state_after(outcome) == "sent"
    assert monotonic() - began < 5


# More than the network's buffers take in before the other side is missed.
LARGE = replace(ENVELOPE, content=b"x" * 70 + b"\r\n" * 10_000_000)


@pytest.mark.parametrize("fault", [CLOSE, SILENCE], ids=["cut", "nobody reads on"])
def test_a_message_that_did_not_get_through_to_its_end_is_tried_again(fault):
    outcome, script = send({"body": fault}, LARGE)

    assert state_after(outcome) == "queued"
    assert script.taken == []


LOGIN = {"EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 welcome\r\n"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"235 welcome\r\n", "sent"),
        (b"454 not now\r\n", "queued"),
        (b"421 going down\r\n", "queued"),
        (b"535 who?\r\n", "queued"),
        (b"530 encrypt first\r\n", "queued"),
        (b"\xff\xfe\r\n", "queued"),
        (b"23", "queued"),
        (Drip(b"235 " + b"x" * 1000), "queued"),
        (CLOSE, "queued"),
        (SILENCE, "queued"),
    ],
)
def test_without_the_login_that_was_asked_for_nothing_is_sent(answer, expected):
    outcome, script = send(LOGIN | {"AUTH": answer}, user="u", password="p")

    assert state_after(outcome) == expected
    assert len(script.taken) == (1 if expected == "sent" else 0)


def test_a_refused_login_is_told_in_the_servers_words():
    outcome, _ = send(LOGIN | {"AUTH": b"535 5.7.8 bad password\r\n"}, user="u", password="p")

    assert outcome.answer.endswith("it refuses our login: 535 5.7.8 bad password")


def test_a_server_that_offers_no_login_gets_nothing():
    outcome, script = send({}, user="u", password="p")

    assert state_after(outcome) == "queued"
    assert script.taken == []


STARTTLS = {"EHLO": [b"250-hello\r\n250 STARTTLS\r\n", b"250 hello\r\n"], "STAR": b"220 go on\r\n"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"454 not now\r\n", "queued"),
        (b"554 never\r\n", "failed"),
        (b"220 go on\r\n", "queued"),
        (b"\xff\xfe\r\n", "queued"),
        (b"22", "queued"),
        (Drip(b"220 " + b"x" * 1000), "queued"),
        (CLOSE, "queued"),
        (SILENCE, "queued"),
    ],
)
def test_without_the_tls_that_was_asked_for_nothing_is_sent(answer, expected):
    outcome, script = send(
        STARTTLS | {"EHLO": STARTTLS["EHLO"][0], "STAR": answer}, starttls=True, user="u", password="p"
    )

    assert state_after(outcome) == expected
    assert script.taken == []
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in script.seen)


def test_a_server_whose_offer_of_tls_was_stripped_gets_nothing():
    outcome, script = send({}, starttls=True, user="u", password="p")

    assert state_after(outcome) == "queued"
    assert "STARTTLS" in outcome.answer
    assert script.taken == []


def test_what_was_slipped_in_before_tls_counts_for_nothing():
    changes = STARTTLS | {"EHLO": [*STARTTLS["EHLO"]], "STAR": b"220 go on\r\n250 slipped in\r\n"}

    outcome, script = send(
        changes | {"MAIL": b"550 never\r\n"}, context=server_context(), starttls=True, trust=trusting
    )

    assert state_after(outcome) == "failed"
    assert script.taken == []


def test_a_password_travels_encrypted():
    changes = STARTTLS | {"EHLO": [STARTTLS["EHLO"][0], LOGIN["EHLO"]], "AUTH": b"235 welcome\r\n"}

    outcome, script = send(
        changes, context=server_context(), starttls=True, trust=trusting, user="u", password="p"
    )

    assert state_after(outcome) == "sent"
    verbs = [line.split()[0].decode().upper() for line in script.seen]
    assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    assert base64.b64encode(b"\0u\0p") in script.seen[3]


def test_a_message_whose_time_is_over_does_not_leave():
    late = replace(ENVELOPE, leave_by=clock.now() - timedelta(seconds=1))

    outcome, script = send({}, late)

    assert state_after(outcome) == "queued"
    assert script.taken == []


def test_a_conversation_ends_before_the_lease_does():
    channel = SmtpChannel(host="mail.example", port=25)

    assert timedelta(seconds=channel.budget + channel.patience) < LEASES.sending - timedelta(minutes=1)
