from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Event, Thread
from time import sleep

import pytest

from arfollow import clock, database
from arfollow.chatter.documents import read
from arfollow.chatter.tables import ChatterEntryDocument
from arfollow.delivery.message import Mailbox
from arfollow.delivery.mime import MissingAddressError
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import Doubtful, Refused
from arfollow.delivery.sending import send_due, send_next, send_some
from arfollow.delivery.tables import Delivery
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.receivables.tables import Customer

TEMPORARY = Refused(answer="451 later", permanent=False)
PERMANENT = Refused(answer="550 no", permanent=True)


def read_email(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)


def test_what_is_due_is_sent_once(session, queue, reminders, mail_server):
    queue("a")
    queue("b")

    assert send_due(session, channel=mail_server) == 2
    assert send_due(session, channel=mail_server) == 0
    assert [envelope.delivery_id for envelope in mail_server.received] == [1, 2]


def test_an_envelope_holds_what_the_preparer_said(session, queue, reminders, mail_server, noon):
    delivery_id = queue()

    send_next(session, channel=mail_server)

    [envelope] = mail_server.received
    email = read_email(envelope)
    assert (envelope.sender, envelope.recipient) == ("office@acme.example", "shop@customer.example")
    assert email["Message-ID"] == outgoing_delivery(session, delivery_id=delivery_id).message_id
    assert email["Subject"] == "You owe 10.00"
    assert email["Date"].datetime == noon


def test_the_chatter_keeps_what_was_sent_byte_for_byte(session, queue, reminders, mail_server, entries):
    queue()

    send_next(session, channel=mail_server)

    [entry] = entries()
    assert entry.tag == "email:sent"
    assert '"amount":"10.00"' in entry.facts
    documents = [row.sha256 for row in session.query(ChatterEntryDocument).order_by("position")]
    contents = [read(session, sha256=sha256).content for sha256 in documents]
    assert contents == [mail_server.received[0].content, b"<p>You owe EUR 10.00.</p>"]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (TEMPORARY, "queued"),
        (PERMANENT, "failed"),
        (Doubtful(answer="no answer"), "uncertain"),
        (RuntimeError("a mistake"), "uncertain"),
    ],
)
def test_what_the_channel_says_decides(session, queue, reminders, mail_server, outcome, state):
    delivery_id = queue()
    mail_server.outcomes = [outcome]

    send_due(session, channel=mail_server)

    assert outgoing_delivery(session, delivery_id=delivery_id).state == state
    assert len(mail_server.received) == 1


def test_a_temporary_refusal_is_tried_again_later_with_the_same_id(
    session, queue, reminders, mail_server, noon
):
    queue()
    mail_server.outcomes = [TEMPORARY]

    send_due(session, channel=mail_server)
    with clock.moved_to(noon + timedelta(minutes=2)):
        send_due(session, channel=mail_server)

    first, second = mail_server.received
    assert first.message_id == second.message_id


def test_a_payment_while_rendering_is_seen(session, sessions, queue, reminders, mail_server):
    queue()
    reminders.owed = ["10.00", "4.00", "4.00"]

    send_next(session, channel=mail_server)

    assert reminders.rendered == 2
    assert read_email(mail_server.received[0])["Subject"] == "You owe 4.00"


def test_an_object_loaded_before_does_not_hide_what_changed(session, sessions, queue, reminders, mail_server):
    queue()

    def rename() -> None:
        with sessions() as other:
            database.begin_write(other)
            other.get(Customer, 1).name = "Ümit & Co"
            database.commit(other)

    reminders.while_rendering = rename

    send_next(session, channel=mail_server)

    assert read_email(mail_server.received[0])["To"].addresses[0].display_name == "Ümit & Co"


@pytest.mark.parametrize("owed", [["0.00", "0.00"], ["10.00", "0.00", "0.00"]])
def test_nothing_is_sent_when_nothing_is_owed(session, queue, reminders, mail_server, entries, owed):
    delivery_id = queue()
    reminders.owed = [*owed]

    send_due(session, channel=mail_server)

    assert mail_server.received == []
    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, delivery.explanation) == ("cancelled", "Nothing is owed any more.")
    assert [entry.tag for entry in entries()] == ["email:cancelled"]


def test_money_owed_again_while_cancelling_is_seen(session, queue, reminders, mail_server):
    queue()
    reminders.owed = ["0.00", "10.00"]

    send_next(session, channel=mail_server)

    assert len(mail_server.received) == 1


def test_an_account_that_never_rests_is_left_for_later(session, queue, reminders, mail_server):
    delivery_id = queue()
    reminders.owed = [f"{amount}.00" for amount in range(1, 100)]

    send_next(session, channel=mail_server)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "changed each time" in delivery.explanation
    assert mail_server.received == []


@pytest.mark.parametrize(
    ("problem", "state", "words"),
    [
        (MissingAddressError("The customer"), "failed", "The customer has no e-mail address."),
        (RuntimeError("the template is broken"), "queued", "the template is broken"),
    ],
)
def test_what_cannot_be_prepared_holds_nobody_else_up(
    session, queue, reminders, mail_server, problem, state, words
):
    delivery_id = queue("a")
    reminders.problem = problem
    send_next(session, channel=mail_server)
    reminders.problem = None
    queue("b")

    send_due(session, channel=mail_server)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert delivery.state == state
    assert words in delivery.explanation
    assert len(mail_server.received) == 1


def test_a_name_with_a_line_break_fails_in_words(session, sessions, queue, reminders, mail_server):
    with sessions() as other:
        database.begin_write(other)
        other.get(Customer, 1).name = "Ümit\r\nBcc: thief@example.com"
        database.commit(other)
    delivery_id = queue()

    send_due(session, channel=mail_server)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert delivery.state == "failed"
    assert "control character" in delivery.explanation
    assert mail_server.received == []


def test_a_purpose_that_nobody_prepares_stays_queued(session, queue, mail_server, monkeypatch):
    monkeypatch.setattr("arfollow.delivery.protocol._preparers", {})
    delivery_id = queue()

    send_next(session, channel=mail_server)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert delivery.state == "queued"
    assert "does not know how to prepare “reminder”" in delivery.explanation


def test_sending_is_committed_before_the_first_byte(session, sessions, queue, reminders):
    delivery_id = queue()
    states = []

    class Watching:
        def send(self, envelope):
            with sessions() as other:
                delivery = outgoing_delivery(other, delivery_id=delivery_id)
            states.append((delivery.state, delivery.recipient, len(delivery.files)))
            return TEMPORARY

    send_next(session, channel=Watching())

    assert states == [("sending", "shop@customer.example", 2)]


def test_rendering_blocks_nobody_who_writes(session, sessions, queue, reminders, mail_server):
    queue()
    reminders.while_rendering = lambda: queue("b")

    send_next(session, channel=mail_server)

    assert len(mail_server.received) == 1


def test_a_recipient_is_kept_as_it_travelled(session, queue, reminders, mail_server, monkeypatch):
    render = reminders.render
    to = Mailbox(email="shop@bäckerei.example")
    monkeypatch.setattr(reminders, "render", lambda facts: replace(render(facts), to=to))
    delivery_id = queue()

    send_next(session, channel=mail_server)

    assert outgoing_delivery(session, delivery_id=delivery_id).recipient == "shop@xn--bckerei-5wa.example"


def test_a_payment_that_is_being_booked_is_waited_for(session, sessions, queue, reminders, mail_server):
    queue()
    is_booking = Event()

    def book() -> None:
        with sessions() as other:
            database.begin_write(other)
            customer = lock_customer(other, company_id=1, customer_id=1)
            is_booking.set()
            sleep(0.3)
            customer.name = "Paid"
            database.commit(other)

    booking = Thread(target=book)

    def start_booking() -> None:
        if not is_booking.is_set():
            booking.start()
            is_booking.wait()

    reminders.while_rendering = start_booking

    send_next(session, channel=mail_server)
    booking.join()

    assert read_email(mail_server.received[0])["To"].addresses[0].display_name == "Paid"


def test_a_worker_that_is_stopped_frees_what_it_holds(session, sessions, queue, reminders, mail_server):
    queue("a")
    left = queue("b")

    send_some(session, channel=mail_server, goes_on=lambda: not mail_server.received)

    with sessions() as other:
        delivery = other.get_one(Delivery, left)
    assert (delivery.state, delivery.attempts, delivery.lease_until) == ("queued", 0, None)
    assert send_due(session, channel=mail_server) == 1


def test_what_was_tried_before_is_taken_alone(session, queue, reminders, mail_server):
    queue("a")
    mail_server.outcomes = [TEMPORARY]
    send_due(session, channel=mail_server)
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        queue("b")

        assert [send_some(session, channel=mail_server) for _ in range(3)] == [1, 1, 0]


def test_a_payment_between_two_messages_wins(session, queue, reminders, mail_server):
    queue("a")
    second = queue("b")

    class Paying:
        def send(self, envelope):
            reminders.owed = ["0.00"] * 3
            return mail_server.send(envelope)

    send_due(session, channel=Paying())

    assert outgoing_delivery(session, delivery_id=second).state == "cancelled"
    assert len(mail_server.received) == 1


def test_an_outcome_is_kept_when_the_next_message_fails(session, queue, reminders, mail_server):
    first, second = queue("a"), queue("b")

    class Breaking:
        def send(self, envelope):
            reminders.owed = ["7.00"] * 2
            reminders.problem = RuntimeError("the template is broken")
            return mail_server.send(envelope)

    send_due(session, channel=Breaking())

    assert outgoing_delivery(session, delivery_id=first).state == "sent"
    found = outgoing_delivery(session, delivery_id=second)
    assert (found.state, found.explanation) == ("queued", "the template is broken")
