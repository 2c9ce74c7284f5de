"""What happens to customers, and who entered which workflow because of it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from arfollow import clock, database
from arfollow.profiles.operations import add_to_list, record_event
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.rules.definition import Definition, Trigger
from arfollow.workflows.tables import Enrolment
from tests.factories import TODAY, books
from tests.workflows.test_working import call

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def by(kind, *route, **settings):
    """A workflow with that trigger."""
    return Definition(
        name=f"By {kind}", trigger=Trigger(kind=kind, settings=settings), route=route or (call("one"),)
    )


def at(days=0, hours=0):
    return clock.moved_to(NOON + timedelta(days=days, hours=hours))


def work(site, *, days=0, hours=0):
    with at(days, hours), site.app.app_context():
        work_workflows(database.current_session())


def happen(site, customer_id, kind, *, days=0, hours=0, key="", of="", **data):
    with at(days, hours), site.writing() as session:
        record_event(
            session,
            company_id=site.company_id,
            customer_id=customer_id,
            kind=kind,
            at=clock.now(),
            key=key,
            of=of,
            data=data,
            who="Ana",
        )


def invoice(site, customer_id, *, late=0, days=0, number=""):
    """An invoice that will have been due for so many days on that day."""
    day = TODAY + timedelta(days=days)
    with books(site, day) as book:
        return book.invoice(customer_id, late=late, number=number)


def entries(site):
    """Who entered about what, in order."""
    with site.reading() as session:
        rows = session.execute(select(Enrolment.customer_id, Enrolment.key).order_by(Enrolment.id))
        return [tuple(row) for row in rows]


def count(site, table):
    with site.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def apply(book, credit_id, item_id):
    apply_credit(
        book.session,
        company_id=book.company_id,
        credit_id=credit_id,
        instalment_ids=[item_id],
        on=book.today,
        who="Ana",
    )


def put_on(site, customer_id, name, *, days=0):
    with at(days), site.writing() as session:
        add_to_list(
            session,
            company_id=site.company_id,
            customer_id=customer_id,
            name=name,
            on=TODAY + timedelta(days=days),
            who="Ana",
        )
