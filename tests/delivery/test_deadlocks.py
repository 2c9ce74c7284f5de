"""A worker whose transaction PostgreSQL undoes for another one's sake begins it again."""

from collections.abc import Iterator
from threading import Event

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.delivery import jobs
from arfollow.delivery.jobs import register_job
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.worker import Worker
from arfollow.receivables.tables import Customer
from tests.fixtures.rivals import Rival, lock

pytestmark = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


@pytest.fixture
def rival(engine, engine_url) -> Iterator[Rival]:
    """Comes between the customers C-1 and C-2, twice."""
    with Session(engine) as session:
        session.add(Customer(company_id=1, number="C-2", name="Other"))
        database.commit(session)
    found = Rival(engine_url, 2)
    yield found
    found.end()


@pytest.fixture
def worker(sessions, mail_server, monkeypatch) -> Worker:
    monkeypatch.setattr(jobs, "_jobs", {})
    return Worker(sessions=sessions, channel=mail_server, stop=Event())


def test_a_job_is_run_again(worker, rival, sessions):
    runs = []

    def rename(session):
        runs.append(len(runs))
        database.begin_write(session)
        lock(session, "C-1").city += "once"
        session.flush()
        rival.come_between()
        lock(session, "C-2")
        database.commit(session)

    register_job("rename", rename, 3600)
    worker.run_once()

    assert runs == [0, 1, 2]
    with sessions() as session:
        assert session.get_one(Customer, 1).city == "once"


def test_a_message_goes_out_once_at_its_first_attempt(worker, rival, sessions, queue, reminders, mail_server):
    delivery_id = queue()
    facts = reminders.facts

    def facts_between_others(session, delivery, *, today):
        if session.connection().get_execution_options().get("arfollow_write"):
            rival.come_between()
            lock(session, "C-2")
        return facts(session, delivery, today=today)

    reminders.facts = facts_between_others
    worker.run_once()

    assert len(mail_server.received) == 1
    assert rival.left == 0
    with sessions() as session:
        delivery = outgoing_delivery(session, delivery_id=delivery_id)
    assert (delivery.state, delivery.attempts) == ("sent", 1)
