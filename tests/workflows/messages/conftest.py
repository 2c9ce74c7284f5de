"""A customer in a workflow, the worker that does its steps, and a mail server that keeps what arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from arfollow import clock, database
from arfollow.companies.tables import Company
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.sending import send_due
from arfollow.delivery.tables import Delivery
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.rules.definition import Definition, Trigger
from arfollow.workflows.tables import StepRun
from tests.factories import books

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Desk:
    """The site with a mail server behind it."""

    site: object
    sink: object
    customers: dict = field(default_factory=dict)

    @contextmanager
    def day(self, days: int = 0) -> Iterator[None]:
        with clock.moved_to(NOON + timedelta(days=days)):
            yield

    def run(self, *steps, key: str = "", customer_id: int, days: int = 0, **made) -> int:
        """Publish a workflow of these steps and let the customer in; gives the enrolment's id."""
        definition = Definition(
            name=made.pop("name", "Test"),
            trigger=made.pop("trigger", Trigger(kind="by_hand")),
            route=steps,
            **made,
        )
        with self.day(days), self.site.writing() as session:
            workflow_id = save_draft(
                session, company_id=self.site.company_id, definition=definition, who="Maria"
            )
            publish(session, company_id=self.site.company_id, workflow_id=workflow_id, who="Maria")
            return enrol(
                session,
                company_id=self.site.company_id,
                workflow_id=workflow_id,
                customer_id=customer_id,
                key=key,
                now=clock.now(),
                today=clock.today("Europe/Berlin"),
                who="Maria",
            )

    def work(self, *, days: int = 0) -> None:
        """What is due on that day is done."""
        with self.day(days), self.site.app.app_context():
            work_workflows(database.current_session())

    def send(self, *, days: int = 0) -> None:
        """What waits leaves."""
        with self.day(days), self.site.app.app_context():
            send_due(database.current_session(), channel=open_mail_channel(self.sink.url))

    def runs(self):
        with self.site.reading() as session:
            rows = session.scalars(select(StepRun).order_by(StepRun.id))
            return [(run.step, run.result, run.explanation) for run in rows]

    def deliveries(self):
        with self.site.reading() as session:
            return session.scalars(select(Delivery).order_by(Delivery.id)).all()


@pytest.fixture
def desk(site, mail_sink) -> Desk:
    with site.writing() as session:
        session.execute(
            update(Company).values(
                email="office@acme.example.com", phone="+49 30 555 00", language="en", city="Berlin"
            )
        )
    return Desk(site, mail_sink)


@pytest.fixture
def umit(site) -> int:
    """Owes 620.50 since 20 days; speaks German."""
    with books(site) as book:
        return book.debtor(
            "Bäckerei Ümit",
            ("620.50", 20),
            number="C-1",
            email="umit@example.com",
            language="de",
            country="DE",
            street="Hauptstraße 1",
            city="Berlin",
            postal_code="10115",
            phone="+49 171 3920012",
        )
