import pytest

from arfollow import database
from arfollow.delivery import operations
from arfollow.delivery.operations import (
    AlreadyDecidedError,
    AlreadyQueuedError,
    give_up,
    resend,
    sent_after_all,
)
from arfollow.delivery.queries import open_questions, outgoing_delivery, progress
from arfollow.delivery.rules import Doubtful, Refused, Sent

BY_ANA = {"company_id": 1, "reason": "She told me so.", "who": "Ana"}
FAILED = Refused(answer="550 no", permanent=True)
UNCERTAIN = Doubtful(answer="no answer")


@pytest.fixture
def settled(session, queue):
    """Queues a message and brings it to the outcome; gives its delivery's id, in a write transaction."""

    def settle(outcome) -> int:
        delivery_id = queue()
        database.begin_write(session)
        taken = operations.claim(session)
        operations.begin_sending(session, claim=taken, recipient="a@b.c", subject="x", facts={}, files=())
        operations.settle(session, claim=taken, outcome=outcome, jitter=0)
        database.commit(session)
        database.begin_write(session)
        return delivery_id

    return settle


@pytest.mark.parametrize(("outcome", "count"), [(FAILED, 1), (UNCERTAIN, 1), (Sent(), 0)])
def test_a_customer_has_an_open_question_until_somebody_decides(session, settled, outcome, count):
    delivery_id = settled(outcome)

    questions = open_questions(session, customer_ids=[1])

    assert [one.id for one in questions.get(1, ())] == [delivery_id] * count


def test_an_uncertain_message_can_turn_out_as_sent(session, settled, entries):
    delivery_id = settled(UNCERTAIN)

    sent_after_all(session, delivery_id=delivery_id, **BY_ANA)
    database.commit(session)

    assert outgoing_delivery(session, delivery_id=delivery_id).state == "sent"
    assert open_questions(session, customer_ids=[1]) == {}
    assert [entry.tag for entry in entries()] == ["email:uncertain", "email:sent"]


def test_a_failed_message_was_not_sent_after_all(session, settled):
    delivery_id = settled(FAILED)

    with pytest.raises(AlreadyDecidedError):
        sent_after_all(session, delivery_id=delivery_id, **BY_ANA)


@pytest.mark.parametrize("outcome", [FAILED, UNCERTAIN])
def test_giving_up_closes_the_question_and_keeps_the_state(session, settled, entries, outcome):
    delivery_id = settled(outcome)
    state = outgoing_delivery(session, delivery_id=delivery_id).state

    give_up(session, delivery_id=delivery_id, **BY_ANA)
    database.commit(session)

    assert outgoing_delivery(session, delivery_id=delivery_id).state == state
    assert open_questions(session, customer_ids=[1]) == {}
    assert [entry.tag for entry in entries()][1:] == ["email:given-up"]


@pytest.mark.parametrize("decide", [sent_after_all, give_up, resend])
def test_a_question_is_decided_once(session, settled, decide):
    delivery_id = settled(UNCERTAIN)
    give_up(session, delivery_id=delivery_id, **BY_ANA)

    with pytest.raises(AlreadyDecidedError, match="somebody was faster"):
        decide(session, delivery_id=delivery_id, **BY_ANA)


@pytest.mark.parametrize("outcome", [FAILED, UNCERTAIN, Sent()])
def test_sending_again_is_a_delivery_of_its_own(session, settled, entries, outcome):
    delivery_id = settled(outcome)
    state = outgoing_delivery(session, delivery_id=delivery_id).state

    copy_id = resend(session, delivery_id=delivery_id, **BY_ANA)
    database.commit(session)

    copy = outgoing_delivery(session, delivery_id=copy_id)
    assert (copy.key, copy.state, copy.frozen) == ("k:again:1", "queued", {"level": 1})
    assert outgoing_delivery(session, delivery_id=delivery_id).state == state
    assert open_questions(session, customer_ids=[1]) == {}
    assert [entry.tag for entry in entries()][1:] == ["email:queued"]
    assert entries()[-1].thread == str(copy_id)


def test_a_sent_message_is_sent_again_once(session, settled):
    delivery_id = settled(Sent())
    resend(session, delivery_id=delivery_id, **BY_ANA)

    with pytest.raises(AlreadyQueuedError):
        resend(session, delivery_id=delivery_id, **BY_ANA)


def test_what_is_still_on_its_way_is_not_sent_again(session, queue):
    delivery_id = queue()
    database.begin_write(session)

    with pytest.raises(AlreadyDecidedError):
        resend(session, delivery_id=delivery_id, **BY_ANA)


def test_what_was_sent_again_stands_where_its_latest_copy_does(session, settled):
    delivery_id = settled(FAILED)
    copy_id = resend(session, delivery_id=delivery_id, **BY_ANA)

    stands = progress(session, delivery_ids=[delivery_id])

    assert {original: (one.id, one.state) for original, one in stands.items()} == {
        delivery_id: (copy_id, "queued")
    }


def test_what_was_not_sent_again_stands_where_it_does(session, settled):
    delivery_id = settled(UNCERTAIN)

    [one] = progress(session, delivery_ids=[delivery_id, 99]).values()

    assert (one.id, one.state, one.is_open, one.explanation) == (
        delivery_id,
        "uncertain",
        True,
        "no answer",
    )
