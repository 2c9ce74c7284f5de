from collections import Counter
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from arfollow import database
from arfollow.delivery.operations import AlreadyQueuedError, NotQueuedError, cancel, enqueue
from arfollow.delivery.queries import DeliveryNotFoundError, outgoing_delivery
from arfollow.delivery.tables import Delivery
from arfollow.receivables.tables import Customer

REMINDER = {
    "company_id": 1,
    "customer_id": 1,
    "key": "follow-up:1:1:email",
    "purpose": "reminder",
    "channel": "email",
    "facts": {"level": 2},
    "queued_by": "Ana",
}


def test_a_message_is_queued_with_what_the_click_froze(session, noon):
    database.begin_write(session)
    delivery_id = enqueue(session, **REMINDER, recipient="shop@customer.example")
    database.commit(session)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)

    assert (delivery.state, delivery.frozen, delivery.queued_by) == ("queued", {"level": 2}, "Ana")
    assert (delivery.queued_at, delivery.next_attempt_at, delivery.attempts) == (noon, noon, 0)
    assert delivery.message_id.endswith("@acme.example>")
    assert delivery.recipient == "shop@customer.example"


def test_a_key_is_taken_once_and_the_transaction_goes_on(session):
    database.begin_write(session)
    enqueue(session, **REMINDER)
    session.add(Customer(company_id=1, number="C-2", name="Before"))

    with pytest.raises(AlreadyQueuedError, match="will not go out a second time"):
        enqueue(session, **REMINDER)
    session.add(Customer(company_id=1, number="C-3", name="After"))
    database.commit(session)

    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert session.scalar(select(func.count()).select_from(Customer)) == 3


def test_of_two_clicks_at_once_one_queues(sessions):
    start, results = Barrier(2), []

    def click() -> None:
        with sessions() as session:
            start.wait()
            database.begin_write(session)
            try:
                enqueue(session, **REMINDER)
            except AlreadyQueuedError:
                results.append("refused")
            else:
                results.append("queued")
            database.commit(session)

    clicks = [Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert Counter(results) == {"queued": 1, "refused": 1}


def test_a_queued_message_can_be_taken_back(session, queue, entries):
    delivery_id = queue()

    database.begin_write(session)
    cancel(session, company_id=1, delivery_id=delivery_id, reason="Wrong customer.", who="Ana")
    database.commit(session)

    delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, delivery.explanation) == ("cancelled", "Wrong customer.")
    assert [(entry.tag, entry.thread) for entry in entries()] == [("email:cancelled", str(delivery_id))]


def test_a_message_is_taken_back_once(session, queue):
    delivery_id = queue()
    database.begin_write(session)
    cancel(session, company_id=1, delivery_id=delivery_id, reason="No.", who="Ana")

    with pytest.raises(NotQueuedError):
        cancel(session, company_id=1, delivery_id=delivery_id, reason="No.", who="Jan")


def test_a_message_of_another_company_cannot_be_taken_back(session, queue):
    delivery_id = queue()
    database.begin_write(session)

    with pytest.raises(DeliveryNotFoundError):
        cancel(session, company_id=2, delivery_id=delivery_id, reason="No.", who="Ana")
