from datetime import timedelta
from itertools import product

import pytest

from arfollow.delivery.rules import (
    MAX_ATTEMPTS,
    WAITS,
    Doubtful,
    Refused,
    Sent,
    State,
    domain_of,
    key_of_next_copy,
    may_follow,
    message_id,
    outcome_of,
    wait_after,
)

STEPS = {
    ("queued", "sending"),
    ("queued", "cancelled"),
    ("queued", "failed"),
    ("queued", "printed"),
    ("sending", "sent"),
    ("sending", "failed"),
    ("sending", "uncertain"),
    ("sending", "queued"),
    ("uncertain", "sent"),
    ("printed", "posted"),
    ("printed", "cancelled"),
    ("posted", "returned"),
    # A gateway reports of a text message that it was not delivered, or, later, that it was.
    ("sent", "returned"),
    ("uncertain", "returned"),
    ("returned", "sent"),
}


@pytest.mark.parametrize(("before", "after"), [*product(State, State)])
def test_a_delivery_takes_only_the_steps_of_the_design(before, after):
    assert may_follow(before, after) is ((before.value, after.value) in STEPS)


@pytest.mark.parametrize(
    ("code", "handed_over", "outcome"),
    [
        (421, False, Refused(answer="x", permanent=False)),
        (450, False, Refused(answer="x", permanent=False)),
        (554, False, Refused(answer="x", permanent=True)),
        (250, False, Refused(answer="x", permanent=False)),
        (-1, False, Refused(answer="x", permanent=False)),
        (250, True, Sent(answer="x")),
        (451, True, Refused(answer="x", permanent=False)),
        (552, True, Refused(answer="x", permanent=True)),
        (251, True, Doubtful(answer="x")),
        (354, True, Doubtful(answer="x")),
        (-1, True, Doubtful(answer="x")),
        (999, True, Doubtful(answer="x")),
    ],
)
def test_only_a_clear_answer_is_taken_for_one(code, handed_over, outcome):
    assert outcome_of(code, "x", handed_over=handed_over) == outcome


def test_waits_grow_until_there_are_no_more_attempts():
    waits = [wait_after(attempts, jitter=0) for attempts in range(1, MAX_ATTEMPTS + 1)]

    assert waits == [*WAITS, None]
    assert list(WAITS) == sorted(WAITS)


def test_jitter_adds_up_to_a_fifth():
    assert wait_after(2, jitter=1) == timedelta(minutes=6)


def test_a_message_id_is_the_same_whenever_it_is_made():
    first = message_id(key="follow-up:7:1:email", domain="acme.example")

    assert first == message_id(key="follow-up:7:1:email", domain="acme.example")
    assert first == "<3e00e5bdab666d4e7f99ac8593e21b8bd13fd07f@acme.example>"
    assert first != message_id(key="follow-up:7:2:email", domain="acme.example")


@pytest.mark.parametrize(
    ("email", "website", "domain"),
    [
        ("office@Acme.example", "", "acme.example"),
        ("büro@müller.example", "", "xn--mller-kva.example"),
        ("", "https://www.acme.example/contact", "www.acme.example"),
        ("", "acme.example", "acme.example"),
        ("", "", "arfollow.invalid"),
        ("a@.", "", "arfollow.invalid"),
        ("a@" + "x" * 80, "", "arfollow.invalid"),
    ],
)
def test_the_domain_of_a_company_is_always_a_usable_one(email, website, domain):
    assert domain_of(email=email, website=website) == domain


def test_each_copy_has_one_next_copy():
    first = key_of_next_copy("follow-up:7:1:email")

    assert first == "follow-up:7:1:email:again:1"
    assert key_of_next_copy(first) == "follow-up:7:1:email:again:2"
