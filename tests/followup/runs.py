"""Bulk runs as tests ask for them."""

from collections import Counter
from contextlib import contextmanager

from sqlalchemy import select

from arfollow.database import begin_write, commit, current_session
from arfollow.followup.runs.operations import Chosen, prepare, start
from arfollow.followup.runs.planning import plans_of
from arfollow.followup.runs.tables import BulkRun, BulkRunRow
from arfollow.followup.runs.working import work_some
from arfollow.receivables.tables import Customer
from tests.factories import TODAY, standing_still


def prepared(site, user_id, *, numbers=None, day=TODAY, who="Ana"):
    """A run of these customers (all, by number), whose preflight was shown; gives its id."""
    with standing_still(day), site.writing() as session:
        ids = select(Customer.id).where(Customer.company_id == site.company_id).order_by(Customer.number)
        ids = session.scalars(ids if numbers is None else ids.where(Customer.number.in_(numbers))).all()
        planned = plans_of(
            session, company_id=site.company_id, customer_ids=ids, day=day, but_user_id=user_id
        )
        return prepare(
            session,
            company_id=site.company_id,
            user_id=user_id,
            who=who,
            day=day,
            chosen=Chosen(has_more=False, list_query=""),
            customers=list(planned),
        )


def started(site, user_id, *, marks_done=True, day=TODAY, **options):
    """The same, and somebody has said go."""
    run_id = prepared(site, user_id, day=day, **options)
    with standing_still(day), site.writing() as session:
        start(
            session,
            company_id=site.company_id,
            run_id=run_id,
            user_id=user_id,
            marks_done=marks_done,
            today=day,
        )
    return run_id


@contextmanager
def worker(site, day=TODAY):
    """A session of a worker's on that day."""
    with standing_still(day), site.app.app_context():
        yield current_session()


def work_off(site, day=TODAY):
    """What a worker does until nothing waits."""
    with worker(site, day) as session:
        while work_some(session):
            pass


def rows(site, run_id):
    """What came of each customer of the run, by number: state, or why not."""
    with site.reading() as session:
        found = session.execute(
            select(Customer.number, BulkRunRow.state, BulkRunRow.why)
            .join(Customer, Customer.id == BulkRunRow.customer_id)
            .where(BulkRunRow.run_id == run_id)
            .order_by(BulkRunRow.id)
        )
        return {number: why or state for number, state, why in found}


def state_of(site, run_id):
    with site.reading() as session:
        return session.get_one(BulkRun, run_id).state


def outcomes(site, run_id):
    """How many customers of the run came to what."""
    return Counter(rows(site, run_id).values())


def change(site, operation, day=TODAY):
    """Do something in a transaction of its own on that day."""
    with standing_still(day), site.app.app_context():
        session = current_session()
        begin_write(session)
        operation(session)
        commit(session)
