"""One day of automatic sending, run again and again by each of eight processes at once."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.app import create_app
from arfollow.database import begin_write, commit, current_session, db
from arfollow.delivery.tables import Delivery
from arfollow.followup.jobs import bring_up_to_date, send_automatic_emails
from arfollow.followup.tables import FollowUp
from arfollow.levels.tables import Level, Plan
from tests.crash.processes import in_processes
from tests.factories import books
from tests.fixtures.apps import make_settings, make_site
from tests.followup.desks import set_company

MONDAY = date(2026, 11, 23)
PROCESSES, RUNS, CUSTOMERS = 8, 10, 12


@pytest.fixture
def settings(engine_url, tmp_path):
    """A dozen customers whose only level, an automatic e-mail, is due and repeats after 90 days."""
    made = make_settings(engine_url, tmp_path)
    with make_site(create_app(made)) as site:
        with books(site, MONDAY) as book:
            for number in range(CUSTOMERS):
                book.debtor("", ("100.00", 20), number=f"C-{number}", email=f"c{number}@example.com")
            book.session.execute(update(Level).values(email_automatic=True, actions=["email"]))
            book.session.execute(
                update(Level).where(Level.position > 1).values(retired_on=MONDAY - timedelta(days=1))
            )
            book.session.execute(update(Plan).values(repeat_last_after_days=90))
        set_company(site, email="accounts@acme.example.com")
    return made


def work(settings, day, runs):
    """What a worker does on that day, that many times."""
    with create_app(settings).app_context():
        for hour in (10, *[12] * runs):
            with clock.moved_to(
                datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Berlin"))
            ):
                bring_up_to_date(current_session())
                send_automatic_emails(current_session())
        current_session().close()
        db.engine.dispose()
    return True


def send_all(settings):
    """The mail server takes everything that waits."""
    with create_app(settings).app_context():
        session = current_session()
        begin_write(session)
        session.execute(update(Delivery).values(state="sent"))
        commit(session)
        db.engine.dispose()


def written(settings):
    """How many e-mails each customer has, how many digests there are, and how many follow-ups are Done."""
    with create_app(settings).app_context():
        session = current_session()
        deliveries = session.execute(select(Delivery.customer_id, Delivery.key)).all()
        done = session.scalars(select(FollowUp.done_by)).all()
        session.close()
        db.engine.dispose()
    customers = Counter(customer_id for customer_id, _ in deliveries if customer_id)
    digests = sorted(key.rsplit(":", 1)[1] for customer_id, key in deliveries if customer_id is None)
    return customers, digests, Counter(done)


def test_a_day_that_is_run_again_and_again_writes_to_each_customer_once(settings):
    in_processes(PROCESSES, lambda _number: work(settings, MONDAY, RUNS))

    customers, digests, done = written(settings)
    assert set(customers.values()) == {1}
    assert len(customers) == CUSTOMERS
    assert digests == ["after", "ahead"]
    assert done == {"system": CUSTOMERS}


def test_the_repeat_months_later_still_goes_out_once(settings):
    for day in (MONDAY, MONDAY + timedelta(days=45), MONDAY + timedelta(days=91)):
        in_processes(2, lambda _number, day=day: work(settings, day, 3))
        send_all(settings)

    customers, _digests, done = written(settings)
    assert set(customers.values()) == {2}
    assert done == {"system": 2 * CUSTOMERS}
