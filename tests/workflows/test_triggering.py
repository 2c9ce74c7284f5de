"""What enrols customers by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from arfollow import clock, database
from arfollow.delivery.operations.moving import tell
from arfollow.delivery.operations.queueing import enqueue
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply as apply_files
from arfollow.exchange.operations import prepare
from arfollow.exchange.translating import Reading
from arfollow.exchange.undoing import undo_import
from arfollow.profiles.operations import add_to_list, find_list, record_event, remove_from_list
from arfollow.profiles.tables import CustomerEvent
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.campaigns import attach, detach
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.triggering.arming import arm_again
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import TIMED_OUT, Definition, Kind, Trigger, Whenever
from arfollow.workflows.tables import ArmedTrigger, CustomerLook, Enrolment, StepPosition, StepRun, Workflow
from tests.factories import TODAY, books
from tests.workflows.test_working import call, enter, know, runs
from tests.workflows.walking import branch, definition, step, wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def by(kind, *route, **settings):
    """A workflow with that trigger."""
    return Definition(
        name=f"By {kind}", trigger=Trigger(kind=kind, settings=settings), route=route or (call("one"),)
    )


def at(days=0, hours=0):
    return clock.moved_to(NOON + timedelta(days=days, hours=hours))


@pytest.fixture
def published(site):
    """Publishes on that day, at noon; gives the workflow's id."""

    def run(made, *, days=0, workflow_id=None):
        with at(days), site.writing() as session:
            workflow_id = save_draft(
                session,
                company_id=site.company_id,
                definition=made,
                workflow_id=workflow_id,
                who="Maria",
            )
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
        return workflow_id

    return run


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer("Bäckerei Ümit", number="C-1")


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


class TestAnEvent:
    def test_enrols_once_for_each_key(self, site, published, customer_id):
        published(by("event", event="appointment_booked", key="appointment"))
        for key, appointment in (("1", "A"), ("2", "B"), ("3", "A"), ("4", "")):
            happen(site, customer_id, "appointment_booked", hours=1, key=key, appointment=appointment)

        for _ in range(2):
            work(site, hours=2)

        assert entries(site) == [(customer_id, "A"), (customer_id, "B")]

    def test_is_known_to_the_workflow_and_answers_no_wait(self, site, published, customer_id):
        asked = step(
            "again", Kind.WAIT_FOR, branch("sold", call("more")), branch(TIMED_OUT, call("silent")), amount=3
        )
        big = Test(fact="event.sold.size", operator=Operator.AT_LEAST, value=5)
        published(replace(by("event", asked, event="sold"), only=big))
        happen(site, customer_id, "sold", hours=1, key="1", size=7)

        work(site, hours=1)
        work(site, days=4)

        assert runs(site) == [("silent", 1, "done")]

    def test_before_publishing_is_past_however_late_it_is_told(self, site, published, customer_id):
        happen(site, customer_id, "sold", hours=-2, key="1")
        published(by("event", event="sold"))
        with at(hours=1), site.writing() as session:
            record_event(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                kind="sold",
                at=NOON - timedelta(days=9),
                key="2",
                who="Ana",
            )

        work(site, hours=2)

        assert entries(site) == []

    def test_that_lies_ahead_waits_for_its_time(self, site, published, customer_id):
        published(by("event", event="sold"))
        with at(), site.writing() as session:
            record_event(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                kind="sold",
                at=NOON + timedelta(days=2),
                who="Ana",
            )

        work(site, days=1)
        early = entries(site)
        work(site, days=2)

        assert (early, entries(site)) == ([], [(customer_id, "")])

    def test_of_a_text_with_the_word_enrols_its_sender(self, site, published, customer_id):
        published(by("word", word="Learn", number="+4930123"))
        happen(site, customer_id, "message_received", key="1", text="learn nothing", number="+49999")
        happen(site, customer_id, "message_received", key="2", text="Hello learn", number="+4930123")
        work(site)
        before = entries(site)

        happen(site, customer_id, "message_received", key="3", text="LEARN! please", number="+4930123")
        work(site)

        assert (before, entries(site)) == ([], [(customer_id, "")])


class TestADate:
    def test_enrols_on_its_day_at_its_time_once_for_each_date(self, site, published, customer_id):
        published(by("date", field="field.lease_start", days=10, at="15:00"))
        know(site, customer_id, "lease_start", "2026-11-21")

        work(site, days=9)
        early = entries(site)
        work(site, days=10)
        waits = runs(site)
        work(site, days=10, hours=3)
        done = runs(site)
        with at(days=11):
            know(site, customer_id, "lease_start", "2026-11-25")
        work(site, days=20)

        assert (early, waits, done) == ([], [], [("one", 1, "done")])
        assert entries(site) == [(customer_id, "2026-11-21"), (customer_id, "2026-11-25")]

    def test_before_publishing_is_past(self, site, published, customer_id):
        know(site, customer_id, "lease_start", "2026-11-20")
        published(by("date", field="field.lease_start"))

        work(site)
        with at(hours=1):
            know(site, customer_id, "colour", "red")
        work(site, hours=1)

        assert entries(site) == []

    def test_that_comes_to_be_known_late_still_counts(self, site, published, customer_id):
        published(by("date", field="field.lease_start"))
        work(site, days=10)
        with at(days=10):
            know(site, customer_id, "lease_start", "2026-11-26")

        work(site, days=10)

        assert entries(site) == [(customer_id, "2026-11-26")]

    def test_that_was_missed_while_nobody_worked_is_made_up_for_once(self, site, published, customer_id):
        published(by("date", field="field.lease_start"))
        know(site, customer_id, "lease_start", "2026-11-23")

        for _ in range(2):
            work(site, days=40)

        assert entries(site) == [(customer_id, "2026-11-23")]
        assert runs(site) == [("one", 1, "done")]

    def test_can_be_that_of_the_first_invoice(self, site, published, customer_id):
        published(by("date", field="purchases.first", days=60))
        invoice(site, customer_id, late=-30)
        invoice(site, customer_id, late=-30, days=5)

        work(site, days=59)
        early = entries(site)
        work(site, days=60)

        assert (early, entries(site)) == ([], [(customer_id, "2026-11-21")])


class TestADueDate:
    def test_enrols_for_each_open_invoice_before_it(self, site, published, customer_id):
        published(by("due", days=-5))
        invoice(site, customer_id, late=-10, number="R-1")
        invoice(site, customer_id, late=-12, number="R-2")

        work(site, days=5)
        first = entries(site)
        work(site, days=7)

        assert (first, entries(site)) == (
            [(customer_id, "R-1")],
            [(customer_id, "R-1"), (customer_id, "R-2")],
        )

    def test_that_was_reached_before_publishing_is_past(self, site, published, customer_id):
        invoice(site, customer_id, late=3)
        published(by("due", days=1))
        invoice(site, customer_id, late=10)

        work(site, days=1)

        assert entries(site) == []

    def test_of_an_invoice_that_comes_late_is_not_forgotten(self, site, published, customer_id):
        published(by("due", days=1))
        work(site, days=30)
        invoice(site, customer_id, late=20, days=30, number="R-1")

        work(site, days=30)

        assert entries(site) == [(customer_id, "R-1")]

    def test_of_a_paid_invoice_enrols_nobody(self, site, published, customer_id):
        published(by("due", days=-5))
        item_id = invoice(site, customer_id, late=-10)
        with books(site) as book:
            credit_id = book.payment(customer_id, "100.00")
            apply(book, credit_id, item_id)

        work(site, days=6)

        assert entries(site) == []


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


class TestAList:
    def test_enrols_who_is_put_on_it_from_then_on(self, site, published, customer_id):
        with books(site) as book:
            other_id = book.customer(number="C-2")
        put_on(site, customer_id, "Bikes", days=-1)
        published(by("listed", list="Bikes"))
        put_on(site, other_id, "Bikes")

        work(site)

        assert entries(site) == [(other_id, "Bikes")]

    def test_enrols_again_who_is_put_on_it_again(self, site, published, customer_id):
        published(replace(by("listed", list="Bikes"), again_after_days=2))
        put_on(site, customer_id, "Bikes")
        work(site)
        with at(days=1):
            know(site, customer_id, "colour", "red")
        work(site, days=5)
        once = len(entries(site))
        with at(days=5), site.writing() as session:
            remove_from_list(
                session, company_id=site.company_id, customer_id=customer_id, name="Bikes", who="Ana"
            )
        put_on(site, customer_id, "Bikes", days=5)

        work(site, days=5)

        assert (once, len(entries(site))) == (1, 2)

    def test_that_is_a_campaign_enrols_all_who_are_on_it_once_for_each(self, site, published, customer_id):
        put_on(site, customer_id, "Spring")
        put_on(site, customer_id, "Autumn")
        workflow_id = published(by("listed", call("one"), wait("w", 9), call("two")))
        work(site)
        nobody = entries(site)
        for name in ("Spring", "Autumn"):
            with at(), site.writing() as session:
                attach(
                    session,
                    company_id=site.company_id,
                    workflow_id=workflow_id,
                    list_id=find_list(session, company_id=site.company_id, name=name),
                    values={"code": name},
                    who="Maria",
                )

        for _ in range(2):
            work(site, hours=1)

        assert nobody == []
        assert sorted(entries(site)) == [(customer_id, "Autumn"), (customer_id, "Spring")]

    def test_that_is_a_campaign_no_more_enrols_nobody(self, site, published, customer_id):
        put_on(site, customer_id, "Spring", days=-1)
        workflow_id = published(by("listed"))
        with at(), site.writing() as session:
            list_id = find_list(session, company_id=site.company_id, name="Spring")
            about = {"company_id": site.company_id, "workflow_id": workflow_id, "list_id": list_id}
            attach(session, **about, values={}, who="Maria")
            detach(session, **about, who="Maria")

        work(site)

        assert entries(site) == []
        assert [text for tag, text in site.entries("workflow") if tag != "workflow:published"] == [
            "Workflow “By listed” attached to “Spring”",
            "Workflow “By listed” taken off “Spring”",
        ]


class TestPurchases:
    def test_qualify_when_there_are_enough_of_them(self, site, published, customer_id):
        published(by("purchases", at_least=2, within_months=6))
        invoice(site, customer_id, late=-30)
        work(site)
        one = entries(site)
        invoice(site, customer_id, late=-30, days=3)

        work(site, days=3)

        assert (one, entries(site)) == ([], [(customer_id, "")])

    def test_before_publishing_enrol_nobody(self, site, published, customer_id):
        invoice(site, customer_id, late=20)
        published(by("purchases", at_least=1, within_months=6))
        with at():
            know(site, customer_id, "colour", "red")

        work(site, days=1)

        assert entries(site) == []

    @pytest.mark.parametrize(("of", "days"), [("purchases", 20), ("anything", 25)])
    def test_that_stop_are_noticed_on_their_day(self, site, published, customer_id, of, days):
        invoice(site, customer_id, late=-30)
        published(by("inactivity", amount=20, of=of))
        happen(site, customer_id, "visited", days=5)

        work(site, days=days - 1)
        early = entries(site)
        for _ in range(2):
            work(site, days=days)

        assert (early, entries(site)) == ([], [(customer_id, "")])


class TestTheEndOfAnother:
    @pytest.mark.parametrize(("bought", "enters"), [(1, 0), (2, 1)])
    def test_enrols_those_who_bought_enough(self, site, published, customer_id, bought, enters):
        first_id = published(definition(call("one")))
        published(by("after", call("two"), workflow="Test", at_least=2, within_months=6))
        for _ in range(bought):
            invoice(site, customer_id, late=20)
        with at():
            enter(site, first_id, customer_id)

        for _ in range(2):
            work(site)

        assert [key for key, *_ in runs(site)] == ["one", "two"][: 1 + enters]


class TestWheneverSomethingHappens:
    def test_a_path_begins_for_each_event(self, site, published, customer_id):
        thanks = Whenever(event="answered", route=(call("thanks"), wait("w", 2), call("ask")))
        workflow_id = published(replace(definition(wait("long", 9), call("bye")), whenever=(thanks,)))
        happen(site, customer_id, "answered", hours=-1, key="0")
        with at():
            enter(site, workflow_id, customer_id)
        for hours in (1, 2):
            happen(site, customer_id, "answered", hours=hours, key=str(hours))

        for hours in (3, 4):
            work(site, hours=hours)
        work(site, days=3)
        happen(site, customer_id, "answered", days=8, key="8")
        work(site, days=8)
        work(site, days=9)
        happen(site, customer_id, "answered", days=9, hours=1, key="9")
        work(site, days=11)

        assert [key for key, *_ in runs(site)] == [
            "thanks", "thanks", "ask", "ask", "thanks", "bye", "ask",
        ]  # fmt: skip
        assert count(site, StepPosition) == 0

    def test_what_is_about_another_key_begins_nothing(self, site, published, customer_id):
        moved = Whenever(event="moved", route=(call("tell"),))
        made = by("event", wait("w", 9), call("bye"), event="booked", key="appointment")
        published(replace(made, whenever=(moved,)))
        happen(site, customer_id, "booked", hours=1, appointment="A")
        work(site, hours=1)
        happen(site, customer_id, "moved", hours=2, key="1", appointment="B")
        work(site, hours=2)
        none = runs(site)
        happen(site, customer_id, "moved", hours=3, key="2", appointment="A")

        work(site, hours=3)

        assert (none, runs(site)) == ([], [("tell", 1, "done")])


class TestPublishingAgain:
    def test_fires_nothing_again_and_forgets_no_day(self, site, published, customer_id):
        made = by("due", days=1)
        workflow_id = published(made)
        invoice(site, customer_id, late=-1, number="R-1")
        work(site, days=2)
        invoice(site, customer_id, late=-1, days=3, number="R-2")
        published(replace(made, about="Changed"), days=9, workflow_id=workflow_id)

        work(site, days=9)

        assert entries(site) == [(customer_id, "R-1"), (customer_id, "R-2")]

    def test_with_another_day_begins_anew(self, site, published, customer_id):
        workflow_id = published(by("due", days=9))
        invoice(site, customer_id, late=1, number="R-1")
        published(by("due", days=2), days=5, workflow_id=workflow_id)

        work(site, days=9)

        assert entries(site) == []


def pause(site, workflow_id, state):
    with site.writing() as session:
        session.execute(update(Workflow).where(Workflow.id == workflow_id).values(state=state))


class TestAPause:
    @pytest.mark.parametrize("looked_at", [[2], []])
    def test_fires_nothing_of_what_came_in_between(self, site, published, customer_id, looked_at):
        workflow_id = published(by("date", field="field.lease_start"))
        for day in ("2026-11-22", "2026-11-25"):
            with books(site) as book:
                debtor_id = book.customer(number=day)
            with at():
                know(site, debtor_id, "lease_start", day)
        pause(site, workflow_id, "paused")
        for days in looked_at:
            work(site, days=days)
        with at(days=4), site.writing() as session:
            session.execute(update(Workflow).values(state="running"))
            arm_again(session, workflow_id=workflow_id, now=clock.now(), today=date(2026, 11, 25))

        work(site, days=4)

        assert [key for _, key in entries(site)] == ["2026-11-25"]

    def test_holds_positions_where_they_are(self, site, published, customer_id):
        workflow_id = published(definition(wait("w", 2), call("one")))
        with at():
            enter(site, workflow_id, customer_id)
        work(site)
        pause(site, workflow_id, "paused")

        for days in (3, 4):
            work(site, days=days)
            with at(days):
                know(site, customer_id, "colour", str(days))

        with site.reading() as session:
            held = session.scalars(select(StepPosition)).one()
            assert (held.held, held.due_at) == (True, NOON + timedelta(days=2))
        assert runs(site) == []


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


class TestWork:
    def test_is_none_where_nothing_changed(self, site, published, customer_id):
        published(by("due", days=1))
        invoice(site, customer_id, late=-9)
        work(site)

        assert count(site, CustomerLook) == 0
        with site.reading() as session:
            assert session.scalars(select(ArmedTrigger.scanned_to)).one() == TODAY

    def test_forgets_customers_who_are_gone(self, site, published):
        published(by("due", days=1))
        with site.writing() as session:
            session.add(CustomerLook(customer_id=999, company_id=site.company_id, days_from=TODAY))

        work(site)

        assert count(site, CustomerLook) == 0
