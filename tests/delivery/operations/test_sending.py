from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from arfollow import clock, database
from arfollow.delivery import operations
from arfollow.delivery.operations import LeaseLostError
from arfollow.delivery.operations.sending import PREPARING, SENDING, Claim, File
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import MAX_ATTEMPTS, Doubtful, Refused, Sent, State

FILES = (
    File(name="message.eml", media_type="message/rfc822", content=b"Subject: x\r\n\r\nx\r\n"),
    File(name="message.html", media_type="text/html", content=b"<p>x</p>"),
)


def claim(session) -> Claim | None:
    database.begin_write(session)
    taken = operations.claim(session)
    database.commit(session)
    return taken


def begin(session, taken: Claim) -> None:
    database.begin_write(session)
    operations.begin_sending(
        session,
        claim=taken,
        recipient="shop@customer.example",
        subject="x",
        facts={"amount": "10.00"},
        files=FILES,
    )
    database.commit(session)


def settle(session, taken: Claim, outcome) -> State:
    database.begin_write(session)
    state = operations.settle(session, claim=taken, outcome=outcome, jitter=0)
    database.commit(session)
    return state


def test_a_claim_takes_what_has_been_due_longest(session, queue, noon):
    with clock.moved_to(noon - timedelta(minutes=1)):
        second = queue("b")
    with clock.moved_to(noon - timedelta(minutes=2)):
        first = queue("a")

    assert [claim(session).delivery.id for _ in range(2)] == [first, second]
    assert claim(session) is None


def test_what_is_not_due_yet_is_not_claimed(session, queue, noon):
    with clock.moved_to(noon + timedelta(seconds=1)):
        queue()

    assert claim(session) is None


def test_each_delivery_is_claimed_by_one_of_many_workers(sessions, queue):
    for number in range(12):
        queue(f"k{number}")
    start, claimed = Barrier(4), []

    def work() -> None:
        with sessions() as session:
            start.wait()
            while taken := claim(session):
                claimed.append(taken.delivery.id)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Counter(claimed) == Counter(range(1, 13))


def test_a_claim_that_ran_out_is_fenced_off(session, queue, noon):
    queue()
    first = claim(session)
    with clock.moved_to(noon + PREPARING + timedelta(seconds=1)):
        second = claim(session)

        with pytest.raises(LeaseLostError):
            begin(session, first)
        session.rollback()
        begin(session, second)

    assert (first.token, second.token) == (1, 2)
    assert outgoing_delivery(session, delivery_id=first.delivery.id).state == State.SENDING


def test_a_message_that_was_taken_back_while_being_prepared_does_not_leave(session, queue):
    delivery_id = queue()
    taken = claim(session)
    database.begin_write(session)
    operations.cancel(session, company_id=1, delivery_id=delivery_id, reason="No.", who="Ana")
    database.commit(session)

    with pytest.raises(LeaseLostError):
        begin(session, taken)


@pytest.mark.parametrize(
    ("outcome", "state", "tags"),
    [
        (Sent(answer="250 OK"), "sent", ["email:sent"]),
        (Refused(answer="550 no", permanent=True), "failed", ["email:failed"]),
        (Refused(answer="451 later", permanent=False), "queued", ["email:delayed"]),
        (Doubtful(answer="no answer"), "uncertain", ["email:uncertain"]),
    ],
)
def test_an_outcome_becomes_a_state_and_an_entry(session, queue, entries, noon, outcome, state, tags):
    queue()
    taken = claim(session)
    begin(session, taken)

    assert settle(session, taken, outcome) == state

    delivery = outgoing_delivery(session, delivery_id=taken.delivery.id)
    assert (delivery.state, delivery.explanation) == (state, outcome.answer)
    assert delivery.next_attempt_at == (noon + timedelta(minutes=1) if state == "queued" else noon)
    assert (delivery.finished_at is None) is (state == "queued")
    assert [entry.tag for entry in entries()] == tags


def test_a_message_cancelled_after_an_attempt_shows_none_of_it(session, queue, entries):
    queue()
    taken = claim(session)
    begin(session, taken)
    settle(session, taken, Refused(answer="451 later", permanent=False))

    database.begin_write(session)
    operations.cancel(session, company_id=1, delivery_id=taken.delivery.id, reason="Paid.", who="Ana")
    database.commit(session)

    facts = [(entry.tag, '"message.eml"' in entry.facts) for entry in entries()]
    assert facts == [("email:delayed", True), ("email:cancelled", False)]


def test_refused_for_the_last_time_is_failed(session, queue, noon):
    queue()
    states = []

    for day in range(MAX_ATTEMPTS):
        with clock.moved_to(noon + timedelta(days=day)):
            taken = claim(session)
            begin(session, taken)
            states.append(settle(session, taken, Refused(answer="451 later", permanent=False)))

    assert states == ["queued"] * (MAX_ATTEMPTS - 1) + ["failed"]
    with clock.moved_to(noon + timedelta(days=99)):
        assert claim(session) is None


def test_a_worker_that_died_while_sending_leaves_it_uncertain(session, queue, entries, noon):
    queue()
    taken = claim(session)
    begin(session, taken)

    with clock.moved_to(noon + SENDING + timedelta(seconds=1)):
        assert claim(session) is None
        database.begin_write(session)
        assert operations.expire(session)
        database.commit(session)

        assert [entry.tag for entry in entries()] == ["email:uncertain"]
        with pytest.raises(LeaseLostError):
            settle(session, taken, Sent(answer="250 OK"))


def test_a_lease_that_holds_is_left_alone(session, queue, noon):
    queue()
    begin(session, claim(session))

    with clock.moved_to(noon + SENDING):
        database.begin_write(session)

        assert not operations.expire(session)


def test_a_message_that_kills_its_workers_fails_in_the_end(session, queue, noon):
    queue()

    for day in range(MAX_ATTEMPTS):
        with clock.moved_to(noon + timedelta(days=day)):
            taken = claim(session)
    with clock.moved_to(noon + timedelta(days=99)):
        assert claim(session) is None
        database.begin_write(session)
        operations.expire(session)
        database.commit(session)

    assert outgoing_delivery(session, delivery_id=taken.delivery.id).state == State.FAILED


def test_what_was_about_to_leave_is_known_before_it_does(session, queue):
    queue()
    taken = claim(session)

    begin(session, taken)

    delivery = outgoing_delivery(session, delivery_id=taken.delivery.id)
    assert (delivery.recipient, delivery.subject) == ("shop@customer.example", "x")
    assert [(file.name, file.media_type) for file in delivery.files] == [
        ("message.eml", "message/rfc822"),
        ("message.html", "text/html"),
    ]
    assert delivery.facts == {"amount": "10.00"}
