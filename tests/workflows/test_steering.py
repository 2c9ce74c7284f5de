from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from arfollow import clock, database
from arfollow.profiles.operations import record_event
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations import errands, guiding, steering
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.operations.errands import work_errands
from arfollow.workflows.queries.counting import View, counts
from arfollow.workflows.queries.enrolment import enrolment_view
from arfollow.workflows.queries.figures import Standing, standing_of_workflows
from arfollow.workflows.queries.inspecting import Wanted, enrolled
from arfollow.workflows.rules.definition import TIMED_OUT, Kind
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun, WorkflowErrand
from tests.factories import books
from tests.plans import flaws, recorded
from tests.workflows.walking import branch, definition, step, wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def call(key):
    return step(key, Kind.ACTIVITY, words={"en": {"title": f"Call {key}", "text": "Please."}})


@pytest.fixture
def steered(site):
    """The clock stands at noon; publishes a definition, enrols customers, and gives what a manager can do with them."""
    with clock.moved_to(NOON):
        yield Steered(site)


class Steered:
    """A workflow and a customer in it."""

    def __init__(self, site):
        self.site = site
        with books(site) as book:
            self.customers = [book.debtor(f"Customer {n}", ("620.50", 20), number=f"C-{n}") for n in range(2)]

    def run(self, *route, workflow_id=None, goal=None):
        company = {"company_id": self.site.company_id}
        with self.site.writing() as session:
            self.workflow_id = save_draft(
                session,
                **company,
                definition=definition(*route, goal=goal),
                workflow_id=workflow_id,
                who="Maria",
            )
            publish(session, **company, workflow_id=self.workflow_id, who="Maria")
        return self.workflow_id

    def enter(self, which=0):
        with self.site.writing() as session:
            self.enrolment_id = enrol(
                session,
                company_id=self.site.company_id,
                workflow_id=self.workflow_id,
                customer_id=self.customers[which],
                now=clock.now(),
                today=clock.today("Europe/Berlin"),
                who="Maria",
            )
        return self.enrolment_id

    def begin(self, *route, **values):
        self.run(*route, **values)
        self.enter()
        self.work()

    def work(self, *, days=0):
        with clock.moved_to(NOON + timedelta(days=days)), self.site.app.app_context():
            session = database.current_session()
            work_errands(session)
            work_workflows(session)

    def view(self, *, days=0):
        now = NOON + timedelta(days=days)
        with self.site.reading() as session:
            return enrolment_view(
                session,
                company_id=self.site.company_id,
                enrolment_id=self.enrolment_id,
                now=now,
                today=now.date(),
            )

    def do(self, operation, *, seen=None, days=0, **values):
        now = NOON + timedelta(days=days)
        seen = seen or self.view().main.seen
        with clock.moved_to(now), self.site.writing() as session:
            operation(
                session,
                company_id=self.site.company_id,
                enrolment_id=self.enrolment_id,
                form_seen=seen,
                who="Maria",
                reason="She asked",
                now=now,
                **values,
            )

    def steer(self, operation, *, days=0, **values):
        with clock.moved_to(NOON + timedelta(days=days)), self.site.writing() as session:
            operation(
                session,
                company_id=self.site.company_id,
                workflow_id=self.workflow_id,
                who="Maria",
                reason="Holidays",
                **values,
            )

    def runs(self):
        with self.site.reading() as session:
            found = session.scalars(select(StepRun).order_by(StepRun.id))
            return [(run.step, run.round, run.result) for run in found]

    def ends(self):
        with self.site.reading() as session:
            return session.scalars(select(Enrolment.reason).order_by(Enrolment.id)).all()


THREE = (call("one"), wait("w", 3), call("two"), wait("v", 3), call("three"))


def test_a_wait_that_is_skipped_is_over_at_once(steered):
    steered.begin(*THREE)

    steered.do(guiding.skip, days=1)
    steered.work(days=1)

    assert steered.runs() == [("one", 1, "done"), ("two", 1, "done")]
    assert steered.site.entries("workflow")[-1][1] == "Skips “wait w”, in “Test”: She asked"


def test_a_step_that_is_skipped_is_not_done(steered):
    steered.run(*THREE)
    steered.enter()

    steered.do(guiding.skip)
    steered.work(days=3)

    assert steered.runs() == [("one", 1, "skipped"), ("two", 1, "done")]
    assert "Skipped by Maria: She asked" in {each.explanation for each in steered.view().history}


@pytest.mark.parametrize(
    ("outcome", "done"), [("", "silent"), (TIMED_OUT, "silent"), ("replied", "answered")]
)
def test_a_wait_for_an_answer_is_skipped_along_a_path(steered, outcome, done):
    paths = branch("replied", call("answered")), branch(TIMED_OUT, call("silent"))
    steered.begin(step("wait", Kind.WAIT_FOR, *paths, amount=9))

    steered.do(guiding.skip, outcome=outcome)
    steered.work()

    assert steered.runs() == [(done, 1, "done")]
    assert any(each.is_turn and each.facts == {"chosen by": "Maria"} for each in steered.view().history)


def test_moving_back_begins_a_round_so_that_the_step_comes_again(steered):
    steered.begin(*THREE)
    steered.work(days=3)

    steered.do(guiding.move, to="one", days=3)
    steered.work(days=3)

    assert steered.runs() == [("one", 1, "done"), ("two", 1, "done"), ("one", 2, "done")]


def test_moving_on_leaves_out_what_is_between(steered):
    steered.begin(*THREE)

    steered.do(guiding.move, to="three")
    steered.work()

    assert steered.runs() == [("one", 1, "done"), ("three", 1, "done")]
    assert steered.ends() == ["end"]


def test_one_can_only_be_moved_to_a_step_that_there_is(steered):
    steered.begin(*THREE)

    with pytest.raises(guiding.NoSuchStepError):
        steered.do(guiding.move, to="four")


def test_a_restart_begins_a_new_round(steered):
    steered.begin(*THREE)

    steered.do(guiding.restart)
    steered.work()

    assert steered.runs() == [("one", 1, "done"), ("one", 2, "done")]


def test_who_is_taken_out_gets_nothing_more(steered):
    steered.begin(*THREE)

    steered.do(guiding.remove)
    steered.work(days=30)

    assert steered.runs() == [("one", 1, "done")]
    assert steered.ends() == ["removed"]
    assert steered.site.entries("workflow")[-1][1] == "Leaves “Test”: taken out: She asked"


def test_an_outdated_click_changes_nothing(steered):
    steered.begin(*THREE)
    seen = steered.view().main.seen
    steered.work(days=3)

    for operation, values in (
        (guiding.skip, {}),
        (guiding.move, {"to": "three"}),
        (guiding.restart, {}),
        (guiding.remove, {}),
        (guiding.move_to_newest, {}),
    ):
        with pytest.raises(guiding.OutdatedStandingError):
            steered.do(operation, seen=seen, **values)

    assert steered.ends() == [""]


def test_a_reason_is_asked_for(steered):
    steered.begin(*THREE)

    with pytest.raises(MissingTextError), steered.site.writing() as session:
        guiding.skip(
            session,
            company_id=steered.site.company_id,
            enrolment_id=steered.enrolment_id,
            form_seen=steered.view().main.seen,
            who="Maria",
            reason="  ",
            now=NOON,
        )


class TestAnotherVersion:
    def test_goes_on_at_the_step_of_the_same_key(self, steered):
        steered.begin(*THREE)
        steered.run(call("one"), wait("w", 5), call("other"), workflow_id=steered.workflow_id)

        steered.do(guiding.move_to_newest)
        steered.work(days=4)
        early = steered.runs()
        steered.work(days=5)

        assert early == [("one", 1, "done")]
        assert steered.runs() == [("one", 1, "done"), ("other", 1, "done")]

    def test_asks_where_to_go_on_when_the_step_is_gone(self, steered):
        steered.begin(*THREE)
        steered.run(call("first"), wait("x", 5), call("last"), workflow_id=steered.workflow_id)
        assert steered.view().is_gone

        with pytest.raises(guiding.StepGoneError):
            steered.do(guiding.move_to_newest)
        steered.do(guiding.move_to_newest, to="last")
        steered.work()

        assert steered.runs() == [("one", 1, "done"), ("last", 1, "done")]

    def test_does_nothing_twice_in_a_round(self, steered):
        steered.begin(*THREE)
        steered.run(wait("w", 3), call("one"), workflow_id=steered.workflow_id)

        steered.do(guiding.move_to_newest)
        steered.work(days=3)

        assert steered.runs() == [("one", 1, "done"), ("one", 2, "done")]
        assert steered.ends() == ["end"]

    @pytest.mark.parametrize("at_once", [0, 200])
    def test_takes_all_over_at_once_or_by_the_worker(self, steered, monkeypatch, at_once):
        monkeypatch.setattr(steering, "MOST_AT_ONCE", at_once)
        monkeypatch.setattr(errands, "BATCH", 1)
        steered.begin(*THREE)
        steered.enter(1)
        steered.work()
        steered.run(call("one"), wait("w", 1), call("other"), workflow_id=steered.workflow_id)

        steered.steer(steering.move_all, from_version=1)
        steered.work()
        steered.work(days=1)

        assert sorted(steered.runs()) == [("one", 1, "done")] * 2 + [("other", 1, "done")] * 2
        with steered.site.reading() as session:
            errand = session.scalars(select(WorkflowErrand)).one()
            assert (errand.done, errand.passed_over, errand.finished_at is None) == (2, 0, False)

    def test_leaves_those_behind_for_whom_nobody_chose_a_step(self, steered):
        steered.begin(*THREE)
        steered.run(call("first"), workflow_id=steered.workflow_id)

        steered.steer(steering.move_all, from_version=1)

        with steered.site.reading() as session:
            errand = session.scalars(select(WorkflowErrand)).one()
            assert (errand.done, errand.passed_over) == (0, 1)
        assert steered.view().version == 1


class TestAPause:
    """PITFALLS, Workflows: overlapping workers, catching up, a live workflow that is changed under those behind it."""

    def test_lets_nobody_go_on_or_enter(self, steered):
        steered.begin(*THREE)

        steered.steer(steering.pause)
        steered.work(days=30)

        assert steered.runs() == [("one", 1, "done")]
        assert steered.enter(1) is None

    @pytest.mark.parametrize(
        ("choice", "at_once", "later"),
        [
            ("skip", [("two", "skipped"), ("three", "skipped")], []),
            ("latest", [("two", "skipped"), ("three", "done")], []),
            ("shift", [], [("two", "done")]),
        ],
    )
    def test_ends_as_was_chosen(self, steered, choice, at_once, later):
        steered.begin(*THREE)
        steered.steer(steering.pause, days=1)
        steered.steer(steering.resume, days=11, choice=choice)

        steered.work(days=11)
        first = [(key, result) for key, _round, result in steered.runs()[1:]]
        steered.work(days=13)

        assert first == at_once
        assert [(key, result) for key, _round, result in steered.runs()[1:]] == at_once + later

    def test_skips_nothing_whose_time_had_not_come(self, steered):
        steered.begin(*THREE)
        steered.steer(steering.pause, days=1)
        steered.steer(steering.resume, days=2, choice="skip")

        steered.work(days=3)

        assert steered.runs() == [("one", 1, "done"), ("two", 1, "done")]

    @pytest.mark.parametrize("choice", ["skip", "latest", "shift"])
    def test_loses_no_answer_that_came_meanwhile(self, steered, choice):
        paths = branch("replied", wait("w", 30), call("answered")), branch(TIMED_OUT, call("silent"))
        steered.begin(step("wait", Kind.WAIT_FOR, *paths, amount=5))
        steered.steer(steering.pause, days=1)
        with clock.moved_to(NOON + timedelta(days=3)), steered.site.writing() as session:
            record_event(
                session,
                company_id=steered.site.company_id,
                customer_id=steered.customers[0],
                kind="replied",
                at=clock.now(),
                who="Ana",
            )

        steered.steer(steering.resume, days=10, choice=choice)
        steered.work(days=10)
        steered.work(days=60)

        assert steered.runs() == [("answered", 1, "done")]

    def test_is_left_to_the_worker_where_many_are_inside(self, steered, monkeypatch):
        monkeypatch.setattr(steering, "MOST_AT_ONCE", 0)
        monkeypatch.setattr(errands, "BATCH", 1)
        steered.begin(*THREE)
        steered.enter(1)
        steered.work()
        steered.steer(steering.pause, days=1)

        steered.steer(steering.resume, days=11, choice="skip")
        with pytest.raises(steering.BusyError):
            steered.steer(steering.pause, days=11)
        steered.work(days=11)

        assert [result for *_, result in steered.runs()] == ["done"] * 2 + ["skipped"] * 4
        assert steered.ends() == ["end", "end"]

    def test_is_one_thing_and_resuming_another(self, steered):
        steered.begin(*THREE)

        with pytest.raises(steering.WrongStateError):
            steered.steer(steering.resume, choice="skip")
        steered.steer(steering.pause)
        with pytest.raises(steering.WrongStateError):
            steered.steer(steering.pause)


def test_after_downtime_each_step_comes_once(steered):
    steered.begin(*THREE)

    steered.work(days=100)
    steered.work(days=101)
    steered.work(days=103)

    assert steered.runs() == [("one", 1, "done"), ("two", 1, "done"), ("three", 1, "done")]


@pytest.mark.parametrize(("finish", "ends", "steps"), [(False, "retired", 1), (True, "end", 3)])
def test_a_retired_workflow_takes_nobody_in(steered, finish, ends, steps):
    steered.begin(*THREE)

    steered.steer(steering.retire, finish=finish)
    for day in (3, 6):
        steered.work(days=day)

    assert steered.enter(1) is None
    assert steered.ends() == [ends]
    assert len(steered.runs()) == steps


class TestTheInspector:
    def test_says_what_comes_next_and_when(self, steered):
        steered.begin(*THREE)

        shown = steered.view()

        assert shown.main.step.key == "w"
        coming = [(each.step.key, (each.at - NOON).days) for each in shown.main.forecast.coming]
        assert coming == [("two", 3), ("three", 6)]
        assert shown.main.forecast.ended == "end"

    def test_says_which_way_was_taken_and_why(self, steered):
        from arfollow.workflows.rules.conditions import Operator, Test

        owes = Test(fact="money.owes", operator=Operator.IS, value=True)
        branches = branch("owes", call("ask"), condition=owes), branch("otherwise")
        steered.begin(step("fork", Kind.BRANCH, *branches), wait("w"))

        turn = next(each for each in steered.view().history if each.is_turn)

        assert (turn.key, turn.outcome, turn.facts) == ("fork", "owes", {"money.owes": True})

    def test_counts_who_stands_where(self, steered):
        steered.begin(*THREE)
        steered.enter(1)

        with steered.site.reading() as session:
            standing = standing_of_workflows(session, steered.site.company_id)[steered.workflow_id]
            counted = counts(session, workflow_id=steered.workflow_id)

        assert (standing.enrolled, standing.waiting, standing.failed) == (2, 1, 0)
        assert counted.steps == {"w": 1, "one": 1}
        assert [counted.views[view] for view in (View.INSIDE, View.DUE, View.LEFT)] == [2, 1, 0]

    def test_counts_who_waits_at_the_end(self, steered):
        steered.begin(*THREE)
        at_end = steered.enrolment_id
        steered.enter(1)
        with steered.site.writing() as session:
            session.execute(update(StepPosition).where(StepPosition.enrolment_id == at_end).values(step=None))

        with steered.site.reading() as session:
            counted = counts(session, workflow_id=steered.workflow_id)

        assert counted.steps == {"": 1, "one": 1}
        assert counted.views[View.INSIDE] == 2

    @pytest.mark.parametrize("wanted", [Wanted(), Wanted(step="w")])
    def test_lists_last_who_waits_for_something_and_reads_an_index_for_it(self, steered, wanted):
        steered.begin(*THREE)
        first = steered.enrolment_id
        second = steered.enter(1)
        steered.work()
        with steered.site.writing() as session:
            unknown = update(StepPosition).where(StepPosition.enrolment_id == first).values(due_at=None)
            session.execute(unknown)

        with steered.site.reading() as session:
            counted = counts(session, workflow_id=steered.workflow_id)
            with recorded(session) as statements:
                found, turned = (
                    enrolled(
                        session,
                        workflow_id=steered.workflow_id,
                        wanted=replace(wanted, descending=descending),
                        page=1,
                        counted=counted,
                    )
                    for descending in (False, True)
                )
            orders = [each for each in statements if "ORDER BY" in each[0]]
            assert [flaws(session, each) for each in orders] == [[], []]

        assert [each.id for each in found.rows] == [second, first]
        assert [each.id for each in turned.rows] == [first, second]
        assert found.total == 2

    def test_shows_what_the_list_of_workflows_counts(self, steered):
        steered.begin(step("bad", Kind.SET_FIELD, field="field.1st", value="x"))
        steered.enter(1)
        steered.steer(steering.pause)

        with steered.site.reading() as session:
            standing = standing_of_workflows(session, steered.site.company_id)[steered.workflow_id]
            views = counts(session, workflow_id=steered.workflow_id).views

        assert standing == Standing(
            enrolled=views[View.INSIDE], waiting=views[View.WAITING], failed=views[View.FAILED], finished=1
        )
        assert (standing.enrolled, standing.waiting, standing.failed) == (1, 1, 1)


def test_nobody_is_worked_whom_a_pause_holds(steered):
    steered.begin(*THREE)
    steered.steer(steering.pause)

    with steered.site.reading() as session:
        assert session.scalars(select(StepPosition.held)).all() == [True]
