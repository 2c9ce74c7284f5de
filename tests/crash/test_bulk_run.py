"""A bulk run that several workers work at once, some of them killed in the middle: each customer gets its messages once."""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from arfollow import clock
from arfollow.access import Role
from arfollow.app import create_app
from arfollow.chatter.tables import ChatterEntry
from arfollow.chatter.verification import verify
from arfollow.database import current_session, db
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions import letter as letters
from arfollow.followup.runs import doing, working
from arfollow.followup.runs.tables import BulkRun, BulkRunRow
from arfollow.followup.tables import FollowUp, RecordedAction
from arfollow.levels.tables import Level
from tests.crash.processes import exit_code, fork, in_processes, kill
from tests.factories import books, standing_still
from tests.fixtures.apps import make_settings, make_site
from tests.followup.desks import set_company
from tests.followup.runs import started

CUSTOMERS, WORKERS, DIED = 14, 3, 77
HOME = {"street": "Gasse 3", "city": "Köln", "country": "DE"}


@pytest.fixture(autouse=True)
def letters_of_no_account(monkeypatch):
    """To lay out a letter takes longer than all that is looked at here."""
    monkeypatch.setattr(working, "render", lambda facts: f"%PDF {facts.letter.customer_number}".encode())


@pytest.fixture
def settings(engine_url, tmp_path):
    """A run of a dozen customers and two, an e-mail and a letter each, that was started and nobody works yet."""
    made = make_settings(engine_url, tmp_path)
    with make_site(create_app(made)) as site:
        set_company(site, email="accounts@acme.example.com")
        ana = site.person(Role.CLERK, name="Ana")
        with books(site) as book:
            for number in range(CUSTOMERS):
                mail = f"c{number}@example.com"
                book.debtor("", ("100.00", 20), number=f"C-{number:02}", email=mail, **HOME)
            book.session.execute(update(Level).values(actions=["email", "letter"]))
        started(site, ana)
    return made


def work(settings, *, for_ever=False):
    """What a worker does until nothing waits, or until it is killed."""
    with create_app(settings).app_context(), standing_still():
        while working.work_some(current_session()) or for_ever:
            pass
        current_session().close()
        db.engine.dispose()
    return True


def after_the_leases(settings):
    """A worker that comes when the leases of all others have run out."""
    with create_app(settings).app_context(), standing_still():
        with clock.moved_to(clock.now() + doing.LEASE + timedelta(seconds=1)):
            while working.work_some(current_session()):
                pass
        current_session().close()
        db.engine.dispose()


def outcome(settings):
    """What was queued and recorded for each customer, how the rows stand, and whether the log is whole."""
    with create_app(settings).app_context():
        session = current_session()
        queued = session.execute(select(Delivery.customer_id, Delivery.channel))
        keys = Counter(map(tuple, queued))
        kinds = session.execute(select(RecordedAction.customer_id, RecordedAction.kind))
        recorded = Counter(map(tuple, kinds))
        done = session.scalar(select(func.count(FollowUp.id)).where(FollowUp.done_by == "Ana"))
        states = Counter(session.scalars(select(BulkRunRow.state)))
        run = session.scalars(select(BulkRun.state)).one()
        tags = Counter(session.scalars(select(ChatterEntry.tag).where(ChatterEntry.tag.startswith("run:"))))
        intact = verify(session, company_id=1).is_intact
        session.close()
        db.engine.dispose()
    return keys, recorded, done, states, run, tags, intact


def assert_each_once(settings):
    keys, recorded, done, states, run, tags, intact = outcome(settings)
    assert len(keys) == len(recorded) == 2 * CUSTOMERS
    assert set(keys.values()) == set(recorded.values()) == {1}
    assert states == {"done": CUSTOMERS}
    assert (done, run, intact) == (CUSTOMERS, "finished", True)
    assert tags == {"run:started": 1, "run:finished": 1}


def test_several_workers_at_once_work_each_customer_once(settings):
    in_processes(WORKERS, lambda _number: work(settings))

    assert_each_once(settings)


def test_workers_that_are_killed_are_followed_by_others(settings):
    for _ in range(4):
        pid = fork(lambda: work(settings, for_ever=True), log=os.devnull)
        time.sleep(random.uniform(0.5, 1.5))
        kill(pid)

    after_the_leases(settings)

    assert_each_once(settings)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_at_a_commit_leaves_nothing_half_done(settings, moment):
    def die():
        commit, told = working.commit, letters.record
        recorded = []

        def note(*given, **named):
            recorded.append(named["tag"])
            told(*given, **named)

        def commit_and_die(session):
            if not recorded:
                commit(session)
                return
            if moment == "after":
                commit(session)
            os._exit(DIED)

        letters.record, working.commit = note, commit_and_die
        work(settings)

    assert exit_code(fork(die, log=os.devnull)) == DIED
    assert outcome(settings)[3]["done"] == (1 if moment == "after" else 0)

    after_the_leases(settings)

    assert_each_once(settings)
