"""Eight worker processes over one outbox, in two hundred deliveries' time."""

import os
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter.verification import verify
from arfollow.delivery.operations import enqueue
from arfollow.delivery.rules import Sent
from arfollow.delivery.sending import send_next
from arfollow.delivery.tables import Delivery
from arfollow.receivables.tables import Customer
from tests.crash.processes import in_processes

WORKERS, DELIVERIES, CUSTOMERS = 8, 80, 40


class Journal:
    """A mail server that several processes share."""

    def __init__(self, path):
        self.path = path

    def send(self, envelope):
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(descriptor, f"{envelope.delivery_id}\n".encode())
        os.close(descriptor)
        return Sent(answer="250 OK")


def queue_all(session):
    database.begin_write(session)
    session.add_all(
        Customer(company_id=1, number=f"N-{number}", name=f"Customer {number}") for number in range(CUSTOMERS)
    )
    session.flush()
    for number in range(DELIVERIES):
        enqueue(
            session,
            company_id=1,
            customer_id=1 + number % CUSTOMERS,
            key=f"k{number}",
            purpose="reminder",
            channel="email",
            facts={},
            queued_by="Ana",
        )
    database.commit(session)


def test_each_of_many_deliveries_is_sent_by_one_of_many_workers(
    engine, engine_url, sessions, reminders, tmp_path
):
    with sessions() as session:
        queue_all(session)
    engine.dispose()
    journal = Journal(tmp_path / "taken")

    def work(_number):
        with Session(database.open_engine(engine_url), expire_on_commit=False) as session:
            count = 0
            while send_next(session, channel=journal):
                count += 1
            return count

    counts = in_processes(WORKERS, work)

    assert sum(counts) == DELIVERIES
    taken = Counter(map(int, journal.path.read_text().split()))
    assert taken == Counter(range(1, DELIVERIES + 1))
    with sessions() as session:
        states = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
        assert [tuple(row) for row in states] == [("sent", DELIVERIES)]
        assert verify(session, company_id=1).is_intact
