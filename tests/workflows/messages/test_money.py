"""A message about money asks what the follow-up asks, and both keep one contact gap."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from arfollow.access import Role
from arfollow.followup.operations.checking import check_list
from arfollow.followup.queries.on_a_day import listed_on
from arfollow.levels.tables import Plan
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.tables import Instalment
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Trigger
from tests.factories import TODAY, books
from tests.workflows.walking import branch, step, wait

WORDS = {
    "en": {
        "subject": "Please pay {{ invoice_amount }}",
        "text": "{{ invoice_number }}, due on {{ due_date }}.",
    }
}
PAID = Test(fact="invoice.paid", operator=Operator.IS, value=True)


def ask(key="ask", **settings):
    return step(key, Kind.EMAIL, words=WORDS, purpose="money", **settings)


def agreed(site, operation, **values):
    with books(site) as book:
        operation(book.session, company_id=site.company_id, who="Ana", **values)


def hold(site, customer_id):
    agreed(site, set_hold, customer_id=customer_id, instalment_id=None, reason="Asked", on=TODAY)


def dispute(site, customer_id):
    agreed(site, open_dispute, customer_id=customer_id, instalment_id=1, reason="Broken", on=TODAY)


def promise(site, customer_id):
    with books(site) as book:
        book.promise(customer_id, 1, "620.50", made=0, due=-5)


def pay(site, customer_id):
    with books(site) as book:
        book.payment(customer_id, "620.50")


def minimum(site, _customer_id):
    with site.writing() as session:
        session.execute(update(Plan).values(minimum_amounts={"EUR": 100_000}))


STOPS = {
    hold: "the customer is on hold.",
    dispute: "what is open of the account is disputed.",
    promise: "payment of the account is promised.",
    pay: "unapplied credit covers what is open of the account.",
    minimum: "what is open of the account is below the plan's minimum.",
}


@pytest.mark.parametrize(("stop", "why"), STOPS.items(), ids=[each.__name__ for each in STOPS])
def test_it_is_skipped_at_the_step(desk, umit, stop, why):
    desk.run(ask(), wait("w"), customer_id=umit)
    stop(desk.site, umit)

    desk.work()

    assert desk.runs() == [("ask", "skipped", f"Not sent: {why}")]


def test_what_passes_gives_the_answer_its_time(desk, umit):
    asked = step("asked", Kind.WAIT_FOR, branch("opened"), branch(TIMED_OUT), amount=7, of="ask")
    desk.run(ask(), asked, step("late", Kind.EMAIL, words=WORDS), customer_id=umit)
    hold(desk.site, umit)

    desk.work()

    assert [key for key, _, _ in desk.runs()] == ["ask"]


@pytest.mark.parametrize(("stop", "why"), STOPS.items(), ids=[each.__name__ for each in STOPS])
def test_it_does_not_leave(desk, umit, stop, why):
    desk.run(ask(), wait("w"), customer_id=umit)
    desk.work()
    stop(desk.site, umit)

    desk.send()

    assert desk.sink.messages == []
    assert desk.site.entries("email")[-1] == ("email:cancelled", f"Not sent: {why}")


def test_why_it_did_not_leave_is_said_in_the_reader_s_language(desk, umit):
    desk.run(ask(), wait("w"), customer_id=umit)
    desk.work()
    hold(desk.site, umit)
    desk.send()
    visitor = desk.site.sign_in(Role.CLERK)
    visitor.post("/account", {"name": "Ana", "language": "de"})

    why = "Nicht gesendet: Für den Kunden gilt eine Mahnsperre."

    assert why in visitor.get("/customers/C-1").text
    assert why in visitor.get("/deliveries?view=all").text


def test_what_reaches_the_goal_before_it_leaves_cancels_it(desk, umit):
    with books(desk.site) as book:
        book.invoice(umit, "80.00", number="R-7")
    desk.run(
        ask(),
        wait("w"),
        customer_id=umit,
        key="R-7",
        trigger=Trigger(kind="due", settings={"days": 1}),
        goal=PAID,
    )
    desk.work()
    settle(desk.site, "R-7")

    desk.send()

    assert desk.sink.messages == []
    assert desk.site.entries("email")[-1][1] == "Not sent: the goal of the workflow is reached."


def settle(site, number):
    from arfollow.receivables.operations.allocations import apply_credit
    from arfollow.receivables.tables import Invoice

    with books(site) as book:
        row = book.session.execute(
            select(Instalment.id, Invoice.customer_id)
            .join(Invoice, Invoice.id == Instalment.invoice_id)
            .where(Invoice.number == number)
        ).one()
        credit = book.payment(row.customer_id, "80.00")
        apply_credit(
            book.session,
            company_id=site.company_id,
            credit_id=credit,
            instalment_ids=[row.id],
            on=TODAY,
            who="Ana",
        )


def test_it_speaks_of_its_invoice_alone(desk, umit):
    with books(desk.site) as book:
        book.invoice(umit, "80.00", number="R-7", late=3)
    desk.run(ask(), customer_id=umit, key="R-7", trigger=Trigger(kind="due", settings={"days": 1}))
    desk.work()
    desk.send()

    [message] = desk.sink.messages
    assert message["Subject"] == "Please pay EUR 80.00"
    assert "R-7, due on 18 November 2026." in message.get_body(("plain",)).get_content()


def listed(desk, days=0):
    with desk.site.reading() as session:
        on = {"day": TODAY + timedelta(days=days), "today": TODAY}
        return [each.number for each in listed_on(session, company_id=desk.site.company_id, **on)]


class TestTheContactGap:
    def test_delays_what_another_has_sent_before(self, desk, umit):
        desk.run(ask(), wait("w", 30), customer_id=umit, name="One")
        desk.work()
        desk.run(ask("again"), wait("w", 30), customer_id=umit, name="Two", days=3)

        for days in (3, 10, 13):
            desk.work(days=days)
        early = desk.runs()
        desk.work(days=14)

        assert early == [("ask", "done", "")]
        assert desk.runs() == [("ask", "done", ""), ("again", "done", "")]

    def test_delays_the_second_of_two_that_are_due_together(self, desk, umit):
        desk.run(ask(), wait("w", 30), customer_id=umit, name="One")
        waits = desk.run(ask("again"), wait("w", 30), customer_id=umit, name="Two")

        desk.work()

        assert desk.runs() == [("ask", "done", "")]
        page = desk.site.sign_in(Role.MANAGER).get(f"/workflows/enrolments/{waits}")
        assert "to keep the contact gap" in page.text

    def test_does_not_let_one_keep_another_waiting_for_ever(self, desk, umit):
        again = (ask(), wait("w", 10), step("anew", Kind.RESTART))
        desk.run(*again, customer_id=umit, name="One")
        desk.work()
        desk.run(ask("other"), wait("w2", 99), customer_id=umit, name="Two", days=1)

        for days in (1, 10, 20, 24, 34):
            desk.work(days=days)

        assert [key for key, _, _ in desk.runs()] == ["ask", "ask", "other"]

    def test_counts_a_follow_up_that_was_done(self, desk, umit):
        with books(desk.site) as book:
            book.done(umit)
        desk.run(ask(), wait("w", 60), customer_id=umit)

        desk.work(days=13)
        early = desk.runs()
        desk.work(days=14)

        assert (early, desk.runs()) == ([], [("ask", "done", "")])

    def test_leaves_a_workflow_its_own_rhythm(self, desk, umit):
        desk.run(ask(), wait("w", 3), ask("again"), customer_id=umit)
        desk.work()

        desk.work(days=3)

        assert desk.runs() == [("ask", "done", ""), ("again", "done", "")]

    def test_does_not_delay_what_asks_for_no_money(self, desk, umit):
        with books(desk.site) as book:
            book.done(umit)
        desk.run(step("hello", Kind.EMAIL, words=WORDS), customer_id=umit)

        desk.work()

        assert desk.runs() == [("hello", "done", "")]

    def test_is_kept_by_the_follow_up_too(self, desk, umit):
        desk.run(ask(), wait("w", 30), customer_id=umit)
        before = listed(desk)
        desk.work()

        of_company = {"company_id": desk.site.company_id, "today": TODAY}
        with desk.site.reading() as session:
            assert list(check_list(session, **of_company, repair=False)) == []
        assert (before, listed(desk)) == (["C-1"], [])
        assert (listed(desk, days=13), listed(desk, days=14)) == ([], ["C-1"])

    def test_ends_what_waits_for_it_when_the_goal_is_reached(self, desk, umit):
        with books(desk.site) as book:
            book.invoice(umit, "80.00", number="R-7")
            book.done(umit)
        due = Trigger(kind="due", settings={"days": 1})
        desk.run(ask(), wait("w", 30), customer_id=umit, key="R-7", trigger=due, goal=PAID)
        desk.work()
        settle(desk.site, "R-7")

        desk.work(days=1)
        desk.work(days=20)

        assert desk.runs() == []
        assert desk.site.entries("workflow")[-1][1] == "Leaves “Test”: its goal is reached"
