from datetime import timedelta

import pytest

from arfollow import clock, database
from arfollow.chatter.documents import read
from arfollow.delivery.operations import AlreadyQueuedError, resend, sent_after_all
from arfollow.delivery.protocol import register_preparer
from arfollow.delivery.queries import deliveries, outgoing_delivery
from arfollow.delivery.queries.overview import View
from arfollow.delivery.sending import send_due
from tests.delivery.texts.conftest import MOBILE
from tests.fixtures.gateway import Reply


def state_of(session, delivery_id):
    session.rollback()
    found = outgoing_delivery(session, delivery_id=delivery_id)
    return found.state, found.explanation


def test_a_text_goes_out_once_with_its_words_in_the_chatter(
    session, queue_text, send_texts, text_gateway, entries
):
    delivery_id = queue_text()

    assert (send_texts(), send_texts()) == (1, 0)

    assert text_gateway.texts == [(MOBILE, "Ihr Rad ist fertig, Bäckerei Ümit.")]
    [entry] = entries()
    assert entry.tag == "sms:sent"
    found = outgoing_delivery(session, delivery_id=delivery_id)
    assert (found.state, found.recipient) == ("sent", MOBILE)
    assert (
        read(session, sha256=found.files[0].sha256).content.decode() == "Ihr Rad ist fertig, Bäckerei Ümit."
    )


def test_a_list_shows_how_a_text_begins(session, queue_text, send_texts, texts):
    texts.text = "Guten Tag,\n" + "sehr lang " * 20
    queue_text()

    send_texts()

    [row] = deliveries(session, company_id=1, view=View.ALL, page=1).rows
    assert (row.channel, row.recipient) == ("sms", MOBILE)
    assert row.subject.startswith("Guten Tag, sehr lang")
    assert len(row.subject) == 50


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(202, {"id": "x"}), "sent"),
        (Reply(422, {"error": "no such number"}), "failed"),
        (Reply(429), "queued"),
        (Reply(503, headers={"Retry-After": "60"}), "queued"),
        (Reply(503), "uncertain"),
        (Reply(500), "uncertain"),
        (Reply(0), "uncertain"),
    ],
)
def test_what_the_gateway_says_decides(session, queue_text, send_texts, text_gateway, reply, state):
    delivery_id = queue_text()
    text_gateway.replies = [reply]

    send_texts()
    send_texts()

    assert state_of(session, delivery_id)[0] == state
    assert len(text_gateway.requests) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": ""}, "no number that text messages can go to"),
        ({"to": "0171 3920012"}, "needs its country's code"),
        ({"text": " \n "}, "is empty"),
        ({"text": "a" * 2000}, "in 14 parts"),
    ],
)
def test_what_cannot_be_a_text_fails_and_does_not_leave(
    session, queue_text, send_texts, texts, text_gateway, changes, words
):
    delivery_id = queue_text()
    vars(texts).update(changes)

    send_texts()

    state, explanation = state_of(session, delivery_id)
    assert state == "failed"
    assert words in explanation
    assert text_gateway.requests == []


def test_an_email_is_no_text(session, queue_text, reminders, mail_server):
    delivery_id = queue_text()
    register_preparer("workflow", reminders)

    send_due(session, channel=mail_server)

    assert state_of(session, delivery_id)[0] == "failed"
    assert mail_server.received == []


def test_a_key_is_taken_once(queue_text):
    queue_text("workflow:5:0:s1:1")

    with pytest.raises(AlreadyQueuedError):
        queue_text("workflow:5:0:s1:1")


def test_an_uncertain_text_is_sent_again_only_when_somebody_says_so(
    session, queue_text, send_texts, text_gateway
):
    delivery_id = queue_text()
    text_gateway.replies = [Reply(0)]
    send_texts()

    database.begin_write(session)
    resend(session, company_id=1, delivery_id=delivery_id, reason="never arrived", who="Ana")
    database.commit(session)
    send_texts()

    first, second = text_gateway.requests
    assert first.headers["Idempotency-Key"] != second.headers["Idempotency-Key"]


def test_an_uncertain_text_may_be_settled_as_sent(session, queue_text, send_texts, text_gateway):
    delivery_id = queue_text()
    text_gateway.replies = [Reply(500)]
    send_texts()

    database.begin_write(session)
    sent_after_all(session, company_id=1, delivery_id=delivery_id, reason="she has it", who="Ana")
    database.commit(session)

    assert state_of(session, delivery_id)[0] == "sent"


def test_a_text_that_was_refused_for_now_goes_by_the_same_name(
    session, queue_text, send_texts, text_gateway, noon
):
    queue_text()
    text_gateway.replies = [Reply(429)]

    send_texts()
    with clock.moved_to(noon + timedelta(minutes=2)):
        send_texts()

    first, second = text_gateway.requests
    assert first.told == second.told
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
