"""Workflows that several workers work at once, some of them killed in the middle: each customer gets each step once."""

import random
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from arfollow import clock
from arfollow.app import create_app
from arfollow.chatter.verification import verify
from arfollow.database import again_if_overtaken, current_session, db
from arfollow.profiles.operations import record_event
from arfollow.tasks.tables import Task
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations import positions
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.rules.definition import Definition, Kind, Trigger
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.crash.processes import fork, in_processes, kill
from tests.factories import books, standing_still
from tests.fixtures.apps import make_settings, make_site
from tests.workflows.walking import step

CUSTOMERS, WORKERS, KILLS = 30, 3, 5
STEPS = ("call", "write", "visit")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """More moments between two commits."""
    monkeypatch.setattr(positions, "BATCH", 4)


@pytest.fixture
def settings(engine_url, tmp_path):
    """Customers to each of whom something happened that enrols it, and nobody works yet."""
    made = make_settings(engine_url, tmp_path)
    words = {"en": {"title": "Call", "text": "Please."}}
    route = tuple(step(key, Kind.ACTIVITY, words=words) for key in STEPS)
    definition = Definition(
        name="Sold", trigger=Trigger(kind="event", settings={"event": "sold"}), route=route
    )
    with make_site(create_app(made)) as site, standing_still():
        with books(site) as book:
            ids = [book.customer(number=f"C-{number:02}") for number in range(CUSTOMERS)]
        with site.writing() as session:
            workflow_id = save_draft(session, company_id=site.company_id, definition=definition, who="Maria")
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
            for customer_id in ids:
                record_event(
                    session,
                    company_id=site.company_id,
                    customer_id=customer_id,
                    kind="sold",
                    at=clock.now(),
                    who="Ana",
                )
    return made


def work(app, *, for_ever=False):
    """What a worker does until nothing is due, or until it is killed."""
    with app.app_context(), standing_still():
        while True:
            again_if_overtaken(lambda: work_workflows(current_session()))
            waits = current_session().scalar(select(func.count()).select_from(StepPosition))
            current_session().rollback()
            if not waits and not for_ever:
                break
        current_session().close()
        db.engine.dispose()
    return True


def test_each_step_is_done_once_whoever_is_killed(settings):
    chance, app = random.Random(7), create_app(settings)
    for _ in range(KILLS):
        workers = [fork(lambda: work(app, for_ever=True)) for _ in range(WORKERS)]
        time.sleep(chance.uniform(0.1, 0.6))
        for worker in workers:
            kill(worker)

    in_processes(WORKERS, lambda _: work(app))

    with app.app_context():
        session = current_session()
        runs = Counter(map(tuple, session.execute(select(StepRun.customer_id, StepRun.step))))
        reasons = Counter(session.scalars(select(Enrolment.reason)))
        tasks = session.scalar(select(func.count()).select_from(Task))
        intact = verify(session, company_id=1).is_intact
        session.close()
        db.engine.dispose()
    assert reasons == {"end": CUSTOMERS}
    assert (len(runs), set(runs.values()), tasks) == (CUSTOMERS * len(STEPS), {1}, CUSTOMERS * len(STEPS))
    assert intact
