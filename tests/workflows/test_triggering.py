"""Events, days, lists and purchases that enrol customers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from arfollow.companies.tables import Company
from arfollow.followup.operations.erasing import erase
from arfollow.profiles.operations import find_list, record_event, remove_from_list
from arfollow.workflows.operations.campaigns import attach, detach
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Whenever
from arfollow.workflows.tables import ArmedTrigger, CustomerLook, Enrolment, StepRun
from tests.factories import TODAY, books
from tests.workflows.test_working import call, know, runs
from tests.workflows.triggered import (
    NOON,
    apply,
    at,
    by,
    count,
    entries,
    happen,
    invoice,
    put_on,
    work,
)
from tests.workflows.walking import branch, step, wait


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer("Bäckerei Ümit", number="C-1")


class TestAnEvent:
    def test_enrols_once_for_each_key(self, site, published, customer_id):
        published(by("event", event="appointment_booked", key="appointment"))
        for key, appointment in (("1", "A"), ("2", "B"), ("3", "A"), ("4", "")):
            happen(site, customer_id, "appointment_booked", hours=1, key=key, appointment=appointment)

        for _ in range(2):
            work(site, hours=2)

        assert entries(site) == [(customer_id, "A"), (customer_id, "B")]

    def test_that_nobody_can_enter_by_holds_up_no_other(self, site, published, customer_id):
        published(by("event", event="appointment_booked", key="appointment"))
        for key, appointment in (("1", "A" * 201), ("2", "B")):
            happen(site, customer_id, "appointment_booked", hours=1, key=key, appointment=appointment)

        work(site, hours=2)

        assert entries(site) == [(customer_id, "B")]

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

    def test_enrols_nobody_who_is_erased(self, site, published, customer_id):
        published(by("event", event="sold", key="sale"))
        happen(site, customer_id, "sold", key="1", sale="S-1")
        work(site)
        with books(site) as book:
            erase(
                book.session,
                company_id=site.company_id,
                customer_id=customer_id,
                reason="Asked",
                words="erase C-1",
                who="Ana",
                today=TODAY,
            )
        happen(site, customer_id, "sold", key="2", hours=1, sale="S-2")

        work(site, hours=1)

        with site.reading() as session:
            left = session.execute(select(Enrolment.key, Enrolment.reason)).all()
        assert [tuple(each) for each in left] == [("S-1", "end")]

    def test_that_is_a_reply_answers_the_enrolment_that_wrote_last(self, site, published):
        with books(site) as book:
            customer_id = book.customer("Ümit", email="umit@example.com")
            book.session.execute(update(Company).values(email="office@example.com"))
        words = {"en": {"subject": "Your appointment", "text": "Does it suit you?"}}
        asked = step("asked", Kind.WAIT_FOR, branch("replied", call("yes")), branch(TIMED_OUT), amount=30)
        booked = by("event", step("mail", words=words), asked, event="booked", key="appointment")
        published(replace(booked, whenever=(Whenever(event="replied", route=(call("read"),)),)))
        for days, appointment in enumerate(("A", "B")):
            happen(site, customer_id, "booked", days=days, key=appointment, appointment=appointment)
            work(site, days=days)

        happen(site, customer_id, "replied", days=2)
        work(site, days=2)

        with site.reading() as session:
            done = session.execute(select(StepRun.enrolment_id, StepRun.step).order_by(StepRun.id)).all()
        assert sorted(map(tuple, done[2:])) == [(2, "read"), (2, "yes")]

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
