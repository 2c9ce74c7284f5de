"""Whoever has lost a delivery to time, to another worker or to a clerk changes nothing any more."""

from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from arfollow import clock, database
from arfollow.delivery.operations import cancel, claim
from arfollow.delivery.operations.sending import Leases
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import Refused, Sent
from arfollow.delivery.sending import send_next, settle_left_behind

TEMPORARY = Refused(answer="451 later", permanent=False)


def test_a_message_taken_back_while_it_is_rendered_is_not_sent(
    session, sessions, queue, reminders, mail_server
):
    delivery_id = queue()

    def take_back() -> None:
        with sessions() as other:
            database.begin_write(other)
            cancel(other, company_id=1, delivery_id=delivery_id, reason="No.", who="Ana")
            database.commit(other)

    reminders.while_rendering = take_back

    send_next(session, channel=mail_server)

    assert mail_server.received == []
    assert outgoing_delivery(session, delivery_id=delivery_id).state == "cancelled"


def test_an_answer_after_the_lease_changes_nothing(session, sessions, queue, reminders, noon):
    delivery_id = queue()

    class Slow:
        def send(self, envelope):
            with sessions() as other, clock.moved_to(noon + timedelta(hours=1)):
                assert settle_left_behind(other) == 1
            return TEMPORARY

    send_next(session, channel=Slow())

    assert outgoing_delivery(session, delivery_id=delivery_id).state == "uncertain"


def test_a_worker_that_stood_still_until_its_lease_was_over_sends_nothing(
    session, queue, reminders, mail_server
):
    delivery_id = queue()

    send_next(session, channel=mail_server, leases=Leases(sending=timedelta(0)))

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, mail_server.received) == ("queued", [])
    assert "stood still" in delivery.explanation


def test_a_claim_that_another_worker_was_quicker_for_is_let_go(session, sessions, queue, reminders, noon):
    delivery_id = queue()

    def overtake() -> None:
        with sessions() as other, clock.moved_to(noon + timedelta(hours=1)):
            database.begin_write(other)
            claim(other)
            database.commit(other)

    reminders.while_rendering = overtake

    send_next(session, channel=None)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, delivery.attempts) == ("queued", 2)


def test_an_answer_outlives_a_database_that_fails_for_a_moment(session, engine, queue, reminders):
    delivery_id = queue()
    failures = [OperationalError("UPDATE deliveries", {}, Exception("deadlock detected"))] * 2

    def fail(connection, cursor, statement, *rest) -> None:
        if failures and statement.startswith("UPDATE deliveries"):
            raise failures.pop()

    class Answering:
        def send(self, envelope):
            event.listen(engine, "before_cursor_execute", fail)
            return Sent(answer="250 OK")

    send_next(session, channel=Answering())

    assert failures == []
    assert outgoing_delivery(session, delivery_id=delivery_id).state == "sent"
