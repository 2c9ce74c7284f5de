from threading import Event, Thread

import pytest

from arfollow.delivery import jobs
from arfollow.delivery.jobs import register_job
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import Sent
from arfollow.delivery.worker import Worker

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch):
    monkeypatch.setattr(jobs, "_jobs", {})


@pytest.fixture
def worker(sessions, mail_server) -> Worker:
    return Worker(sessions=sessions, channel=mail_server, stop=Event())


def test_a_worker_sends_everything_that_is_due(worker, queue, reminders, mail_server):
    for key in "abc":
        queue(key)

    assert worker.run_once() == 3
    assert worker.run_once() == 0
    assert len(mail_server.received) == 3


def test_a_stopped_worker_finishes_the_delivery_at_hand_and_no_more(worker, sessions, queue, reminders):
    first, second = queue("a"), queue("b")

    class Stopping:
        def send(self, envelope):
            worker.stop.set()
            return Sent(answer="250 OK")

    worker.channel = Stopping()

    worker.run(interval=60)

    with sessions() as session:
        states = [outgoing_delivery(session, delivery_id=each).state for each in (first, second)]
    assert states == ["sent", "queued"]


def test_an_idle_worker_stops_at_once(worker):
    running = Thread(target=worker.run, kwargs={"interval": 60})
    running.start()

    worker.stop.set()
    running.join(5)

    assert not running.is_alive()


def test_a_job_runs_at_the_start_and_every_so_often(worker):
    runs = []
    register_job("often", lambda session: runs.append("often"), 0)
    register_job("seldom", lambda session: runs.append("seldom"), 3600)

    worker.run_once()
    worker.run_once()

    assert runs == ["often", "seldom", "often"]


def test_a_job_that_has_more_to_do_is_called_again_at_once(worker):
    runs = []

    def work(_session):
        runs.append("much")
        return len(runs) < 3

    register_job("much", work, 3600)
    running = Thread(target=worker.run, kwargs={"interval": 60})
    running.start()

    running.join(1)
    worker.stop.set()
    running.join(5)

    assert runs == ["much"] * 3


def test_a_job_that_fails_stops_nobody(worker, queue, reminders, mail_server):
    queue()
    register_job("broken", lambda session: 1 / 0, 3600)

    worker.run_once()

    assert len(mail_server.received) == 1
