"""What our own log tells workflows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from arfollow.delivery.operations.moving import tell
from arfollow.delivery.operations.queueing import enqueue
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply as apply_files
from arfollow.exchange.operations import prepare
from arfollow.exchange.translating import Reading
from arfollow.exchange.undoing import undo_import
from arfollow.profiles.tables import CustomerEvent
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import TIMED_OUT, Kind
from arfollow.workflows.tables import Enrolment, StepRun, Workflow
from tests.factories import TODAY, books
from tests.workflows.test_working import call, enter
from tests.workflows.triggered import (
    apply,
    at,
    by,
    count,
    entries,
    happen,
    invoice,
    work,
)
from tests.workflows.walking import branch, definition, step, wait


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer("Bäckerei Ümit", number="C-1")


IMPORTED = (
    ("customers", b"customer,name\nK-1,Ann\n"),
    (
        "invoices",
        b"invoice,customer,date,due_date,currency,amount\nR-1,K-1,2026-10-01,2026-10-31,EUR,100.00\n",
    ),
    (
        "payments",
        b"""payment,customer,date,currency,amount,invoice
P-1,K-1,2026-11-02,EUR,40.00,R-1
P-2,K-1,2026-11-02,EUR,5.00,
""",
    ),
)


def events_of(site):
    with site.reading() as session:
        events = session.scalars(select(CustomerEvent).order_by(CustomerEvent.kind, CustomerEvent.key))
        return [(each.kind, each.key, each.data) for each in events]


class TestOurOwnLog:
    def test_tells_purchases_only_to_those_who_wait_for_them(self, site, published, customer_id):
        bought = Test(fact="event.purchased", operator=Operator.KNOWN)
        workflow_id = published(definition(wait("w", 9), call("one"), goal=bought))
        with books(site) as book:
            other_id = book.customer(number="C-2")
        with at():
            enter(site, workflow_id, customer_id)
        work(site)
        for each in (customer_id, other_id):
            invoice(site, each, late=-30, days=1)

        work(site, days=1)

        with site.reading() as session:
            assert session.scalars(select(CustomerEvent.customer_id)).all() == [customer_id]
            assert session.scalars(select(Enrolment.reason)).one() == "goal"

    def test_tells_each_payment_with_its_invoice(self, site, published, customer_id):
        published(by("event", event="payment_received", key="invoice"))
        item_id = invoice(site, customer_id, late=2, number="R-1")
        with books(site, TODAY + timedelta(days=1)) as book:
            credit_id = book.payment(customer_id, "100.00")
            apply(book, credit_id, item_id)

        work(site, days=1)

        assert entries(site) == [(customer_id, "R-1")]

    def test_tells_what_an_import_brings_and_forgets_it_when_that_is_undone(self, site, published):
        for event in ("purchased", "payment_received"):
            published(replace(by("event", event=event, key="invoice"), name=event))
        with at(), site.writing() as session:
            report = apply_files(
                session,
                company_id=site.company_id,
                prepared=prepare(
                    [File(name=f"{name}.csv", content=text) for name, text in IMPORTED], Reading()
                ),
                today=TODAY,
                who="Ana",
            )
        told = events_of(site)
        with at(), site.writing() as session:
            undo_import(session, company_id=site.company_id, ledger_import_id=report.import_id, who="Ana")

        assert told == [
            ("payment_received", "P-1/R-1", {"payment": "P-1", "invoice": "R-1"}),
            ("payment_received", "P-2", {"payment": "P-2"}),
            ("purchased", "R-1", {"invoice": "R-1"}),
        ]
        assert events_of(site) == []

    @pytest.mark.parametrize(("action", "kind"), [("sent", "message_sent"), ("failed", "message_failed")])
    def test_tells_what_became_of_a_message(self, site, published, customer_id, action, kind):
        asked = step("told", Kind.WAIT_FOR, branch(kind, call("yes")), branch(TIMED_OUT), amount=3, of="mail")
        made = by("event", call("mail"), asked, event="booked", key="appointment")
        published(made)
        for appointment in ("A", "B"):
            happen(site, customer_id, "booked", key=appointment, appointment=appointment)
        work(site)
        with at(hours=1), site.writing() as session:
            delivery_id = enqueue(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                key="workflow:2:0:mail:1",
                purpose="workflow",
                channel="email",
                facts={},
                queued_by="Ana",
            )
            tell(session, delivery_id=delivery_id, action=action, who="Ana", text="Told.")

        work(site, hours=1)

        with site.reading() as session:
            done = select(StepRun.enrolment_id, StepRun.step).order_by(StepRun.id)
            assert [tuple(row) for row in session.execute(done)] == [(1, "mail"), (2, "mail"), (2, "yes")]

    def test_tells_nobody_who_does_not_ask(self, site, published, customer_id):
        published(by("event", event="sold"))
        item_id = invoice(site, customer_id, late=2)
        with books(site) as book:
            apply(book, book.payment(customer_id, "100.00"), item_id)

        assert count(site, CustomerEvent) == 0

    def test_tells_which_invoice_was_missed(self, site, published, customer_id):
        published(by("event", event="invoice_missed", key="invoice"))
        invoice(site, customer_id, late=-1, number="R-1")
        invoice(site, customer_id, late=5, number="R-0")

        work(site, days=1)
        due_today = entries(site)
        for _ in range(2):
            work(site, days=2)

        assert (due_today, entries(site)) == ([], [(customer_id, "R-1")])

    def test_tells_what_became_of_a_promise(self, site, published, customer_id):
        for event in ("promise_made", "promise_broken", "promise_kept"):
            published(replace(by("event", event=event, key="promise"), name=event))
        item_id = invoice(site, customer_id, late=5)
        other_id = invoice(site, customer_id, late=4)
        with books(site) as book:
            book.promise(customer_id, item_id, "100.00", made=0, due=-3)
            book.promise(customer_id, other_id, "100.00", made=0, due=-5)
        work(site, days=1)
        with books(site, TODAY + timedelta(days=5)) as book:
            apply(book, book.payment(customer_id, "100.00"), other_id)

        for _ in range(2):
            work(site, days=5)

        with site.reading() as session:
            rows = session.execute(
                select(Workflow.name, Enrolment.key)
                .join(Workflow, Workflow.id == Enrolment.workflow_id)
                .order_by(Enrolment.id)
            )
            assert sorted(tuple(row) for row in rows) == [
                ("promise_broken", "1"),
                ("promise_kept", "2"),
                ("promise_made", "1"),
                ("promise_made", "2"),
            ]
