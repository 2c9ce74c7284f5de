from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from arfollow import clock, database
from arfollow.profiles.operations import erase_profile, record_event, set_field
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import add_payment
from arfollow.tasks.tables import Task
from arfollow.workflows.examples import examples
from arfollow.workflows.file import from_data
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import (
    NameTakenError,
    NothingToPublishError,
    NotReadyError,
    publish,
    save_draft,
)
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.operations.entering import MOST_A_DAY, begin_path
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import OTHERWISE, TIMED_OUT, Definition, Kind, Trigger, Whenever
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.factories import TODAY, books
from tests.workflows.walking import branch, definition, step, wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAID = Test(fact="money.owes", operator=Operator.IS, value=False)


def call(key, title="Call"):
    return step(key, Kind.ACTIVITY, words={"en": {"title": title, "text": "Please."}})


@pytest.fixture
def running(site):
    """The clock stands at noon; publishes a definition and gives its workflow's id."""

    def run(made):
        with site.writing() as session:
            workflow_id = save_draft(session, company_id=site.company_id, definition=made, who="Maria")
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
        return workflow_id

    with clock.moved_to(NOON):
        yield run


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1")


def enter(site, workflow_id, customer_id, **values):
    with site.writing() as session:
        return enrol(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            customer_id=customer_id,
            now=clock.now(),
            today=clock.today("Europe/Berlin"),
            who="Maria",
            **values,
        )


def work(site, *, days=0):
    with clock.moved_to(NOON + timedelta(days=days)), site.app.app_context():
        return work_workflows(database.current_session())


def know(site, customer_id, name, value):
    with site.writing() as session:
        set_field(
            session,
            company_id=site.company_id,
            customer_id=customer_id,
            name=name,
            value=value,
            who="Ana",
        )


def runs(site):
    with site.reading() as session:
        return [
            (run.step, run.round, run.result) for run in session.scalars(select(StepRun).order_by(StepRun.id))
        ]


def ended(site):
    with site.reading() as session:
        return session.scalars(select(Enrolment.reason)).one()


def test_steps_are_done_when_their_time_has_come(site, running, customer_id):
    enter(site, running(definition(call("one"), wait("w", 3), call("two"))), customer_id)

    work(site)
    first = runs(site)
    work(site, days=2)
    early = runs(site)
    work(site, days=3)

    assert first == early == [("one", 1, "done")]
    assert runs(site) == [("one", 1, "done"), ("two", 1, "done")]
    assert ended(site) == "end"
    with site.reading() as session:
        assert session.scalars(select(Task.due_on)).all() == [TODAY, TODAY + timedelta(days=3)]
    assert [text for _, text in site.entries("workflow")] == [
        "Workflow “Test” published, version 1",
        "Enters “Test”, version 1",
        "Leaves “Test”: the route is at its end",
    ]


def test_work_that_is_done_again_does_nothing_again(site, running, customer_id):
    enter(site, running(definition(call("one"), wait("w", 3))), customer_id)
    for _ in range(3):
        work(site)

    assert runs(site) == [("one", 1, "done")]


def test_what_a_crash_takes_back_is_done_once_afterwards(site, running, customer_id, monkeypatch):
    enter(site, running(definition(call("one"), call("two"), wait("w", 3))), customer_id)
    monkeypatch.setattr("arfollow.workflows.jobs.commit", lambda session: session.rollback())
    work(site)
    assert runs(site) == []

    monkeypatch.undo()
    work(site)

    assert runs(site) == [("one", 1, "done"), ("two", 1, "done")]


def test_a_payment_reaches_the_goal_at_once(site, running, customer_id):
    workflow = definition(call("one"), wait("w", 30), call("two"), goal=PAID)
    enter(site, running(workflow), customer_id)
    work(site)
    with books(site) as book:
        credit_id = add_payment(
            book.session,
            company_id=site.company_id,
            customer_id=customer_id,
            number="P-1",
            date=TODAY,
            currency="EUR",
            amount=62_050,
            who="Ana",
        )
        apply_credit(
            book.session,
            company_id=site.company_id,
            credit_id=credit_id,
            instalment_ids=[1],
            on=TODAY,
            who="Ana",
        )

    work(site)

    assert (runs(site), ended(site)) == ([("one", 1, "done")], "goal")


def test_an_event_is_answered_at_once(site, running, customer_id):
    asked = step(
        "reply", Kind.WAIT_FOR, branch("replied", call("thank")), branch(TIMED_OUT, call("remind")), amount=3
    )
    enter(site, running(definition(call("ask"), asked)), customer_id)
    work(site)
    with clock.moved_to(NOON + timedelta(hours=2)), site.writing() as session:
        record_event(
            session,
            company_id=site.company_id,
            customer_id=customer_id,
            kind="replied",
            at=clock.now(),
            who="Ana",
        )

    with clock.moved_to(NOON + timedelta(hours=2)), site.app.app_context():
        work_workflows(database.current_session())

    assert [key for key, *_ in runs(site)] == ["ask", "thank"]


def test_a_turn_says_whether_more_is_due(site, running, customer_id, monkeypatch):
    monkeypatch.setattr("arfollow.workflows.jobs.MOST_BATCHES", 1)
    enter(site, running(definition(step("set", Kind.SET_FIELD, field="field.size", value="x"))), customer_id)

    assert [work(site), work(site), work(site)] == [True, True, False]


def test_what_a_step_sets_the_next_one_sees(site, running, customer_id):
    route = definition(
        step("set", Kind.SET_FIELD, field="field.size", value="big"),
        step(
            "which",
            Kind.BRANCH,
            branch("a", call("big"), condition=Test(fact="field.size", operator=Operator.IS, value="big")),
            branch(OTHERWISE, call("small")),
        ),
    )
    enter(site, running(route), customer_id)

    work(site)

    assert [key for key, *_ in runs(site)] == ["set", "big"]


def test_a_step_that_fails_says_why_and_the_route_goes_on(site, running, customer_id):
    route = definition(step("bad", Kind.SET_FIELD, field="field.1st", value="x"), call("next"))
    enter(site, running(route), customer_id)

    work(site)

    assert runs(site) == [("bad", 1, "failed"), ("next", 1, "done")]
    with site.reading() as session:
        assert "is no name" in session.scalars(select(StepRun.explanation)).first()


@pytest.fixture
def other_id(site):
    with books(site) as book:
        return book.debtor("Café Ost", ("80.00", 20), number="C-2")


def test_a_day_beyond_the_calendar_holds_up_nobody_else(site, running, customer_id, other_id):
    route = definition(step("d", Kind.WAIT_UNTIL, field="field.lease", days=1), call("mail"))
    workflow_id = running(route)
    for each, lease in ((customer_id, "9999-12-31"), (other_id, "2026-11-01")):
        know(site, each, "lease", lease)
        enter(site, workflow_id, each)

    work(site)

    assert runs(site) == [("mail", 1, "done")]
    with site.reading() as session:
        left = session.scalars(select(StepPosition)).one()
        assert (left.customer_id, left.due_at.year) == (customer_id, 9999)


def test_a_time_zone_that_there_is_not_is_the_companys(site, running, customer_id):
    know(site, customer_id, "timezone", "Berlin")
    enter(site, running(definition(wait("w", 1), call("one"))), customer_id)

    work(site)
    work(site, days=1)

    assert runs(site) == [("one", 1, "done")]


def test_who_leaves_on_one_path_does_nothing_more_on_another(site, running, customer_id):
    made = definition(wait("w", 3), goal=Test(fact="field.done", operator=Operator.IS, value="yes"))
    made = replace(made, whenever=(Whenever(event="replied", route=(call("thank"),)),))
    enrolment_id = enter(site, running(made), customer_id)
    with site.writing() as session:
        begin_path(
            session,
            made,
            enrolment_id,
            site.company_id,
            customer_id,
            workflow_id=session.get_one(Enrolment, enrolment_id).workflow_id,
            now=NOON,
            path=1,
            whenever=0,
            event_id=1,
        )
    know(site, customer_id, "done", "yes")

    work(site)

    assert (runs(site), ended(site)) == ([], "goal")
    assert [tag for tag, _ in site.entries("workflow")].count("workflow:left") == 1


class TestWhoMayEnter:
    def test_is_in_it_but_once(self, site, running, customer_id):
        workflow_id = running(definition(wait("w", 3), call("one")))

        entered = [enter(site, workflow_id, customer_id) for _ in range(2)]

        assert entered[0] is not None
        assert entered[1] is None

    def test_may_be_in_it_for_each_invoice(self, site, running, customer_id):
        workflow_id = running(definition(wait("w", 3), call("one")))

        entered = [enter(site, workflow_id, customer_id, key=key) for key in ("R-1", "R-2")]

        assert None not in entered

    @pytest.mark.parametrize(("again", "days", "enters"), [(None, 99, False), (10, 9, False), (10, 10, True)])
    def test_comes_again_when_the_workflow_says_so(self, site, running, customer_id, again, days, enters):
        made = Definition(
            name="Test", trigger=Trigger(kind="by_hand"), route=(call("one"),), again_after_days=again
        )
        workflow_id = running(made)
        enter(site, workflow_id, customer_id)
        work(site)

        with clock.moved_to(NOON + timedelta(days=days)):
            assert (enter(site, workflow_id, customer_id) is not None) is enters

    def test_is_one_of_those_whom_it_is_for(self, site, running, customer_id):
        swiss = Test(fact="customer.country", operator=Operator.IS, value="CH")
        made = Definition(name="Test", trigger=Trigger(kind="by_hand"), route=(call("one"),), only=swiss)

        assert enter(site, running(made), customer_id) is None


class TestPublishing:
    def test_says_what_is_missing(self, site):
        with site.writing() as session:
            workflow_id = save_draft(
                session, company_id=site.company_id, definition=definition(wait("w")), who="Maria"
            )
            with pytest.raises(NotReadyError, match="does nothing yet"):
                publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    def test_reads_the_words(self, site):
        mail = step("mail", Kind.EMAIL, words={"en": {"subject": "Hello", "text": "{{ nonsense }}"}})
        with site.writing() as session:
            workflow_id = save_draft(
                session, company_id=site.company_id, definition=definition(mail), who="Maria"
            )
            with pytest.raises(NotReadyError, match="There is no variable “nonsense”"):
                publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    def test_takes_every_workflow_that_comes_along(self, site):
        with site.writing() as session:
            for shipped in examples():
                workflow_id = save_draft(
                    session, company_id=site.company_id, definition=shipped.definition, who="Maria"
                )
                publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
                version = latest_version(session, workflow_id=workflow_id, published=True)

                assert from_data(version.definition) == shipped.definition

    def test_makes_a_version_that_stays(self, site, running, customer_id):
        workflow_id = running(definition(call("one"), wait("w", 3), call("old")))
        enter(site, workflow_id, customer_id)
        with site.writing() as session:
            save_draft(
                session,
                company_id=site.company_id,
                definition=definition(call("new")),
                workflow_id=workflow_id,
                who="Maria",
            )
            number = publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

        work(site)
        work(site, days=3)

        assert number == 2
        assert [key for key, *_ in runs(site)] == ["one", "old"]

    def test_needs_something_new(self, site, running):
        workflow_id = running(definition(call("one")))

        with site.writing() as session, pytest.raises(NothingToPublishError):
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    def test_keeps_names_apart(self, site, running):
        running(definition(call("one")))

        with site.writing() as session, pytest.raises(NameTakenError):
            save_draft(session, company_id=site.company_id, definition=definition(call("one")), who="Maria")


def test_nobody_waits_in_vain_for_a_day_that_comes_to_be_known(site, running, customer_id):
    enter(
        site,
        running(definition(step("d", Kind.WAIT_UNTIL, field="field.lease", days=1), call("mail"))),
        customer_id,
    )
    work(site)
    with site.reading() as session:
        assert session.scalars(select(StepPosition.due_at)).one() is None
    know(site, customer_id, "lease", "2026-11-20")
    know(site, customer_id, "lease", "")
    work(site, days=1)
    assert runs(site) == []
    know(site, customer_id, "lease", "2026-11-21")

    work(site)
    work(site, days=1)

    assert runs(site) == [("mail", 1, "done")]


def test_who_is_erased_is_in_no_workflow_any_more(site, running, customer_id):
    enter(site, running(definition(call("one"), wait("w", 3), call("two"))), customer_id)
    work(site)
    with site.writing() as session:
        erase_profile(session, customer_id=customer_id)

    work(site, days=3)

    assert (runs(site), ended(site)) == ([("one", 1, "done")], "erased")


def test_workflows_that_start_each_other_come_to_a_stop(site, running, customer_id):
    ids = [
        running(
            replace(
                definition(step("next", Kind.START_WORKFLOW, workflow=other)), name=name, again_after_days=0
            )
        )
        for name, other in (("Ping", "Pong"), ("Pong", "Ping"))
    ]
    enter(site, ids[0], customer_id)

    for _ in range(3):
        work(site)

    with site.reading() as session:
        entered = len(session.scalars(select(Enrolment.id)).all())
        assert session.scalars(select(StepPosition.id)).all() == []
    assert entered == 2 * MOST_A_DAY
