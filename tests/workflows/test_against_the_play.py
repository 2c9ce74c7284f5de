"""What the worker does with a database, whatever stops it, against what the pure engine plays."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from arfollow import clock, database
from arfollow.profiles.operations import record_event
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.tasks.tables import Task
from arfollow.workflows import jobs
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import Definition, Kind, Trigger, Whenever
from arfollow.workflows.rules.engine import Route
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.playing import play_whole
from arfollow.workflows.rules.waits import Place
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.workflows.rules.test_engine import keyed, routes
from tests.workflows.walking import START, step, wait

PAID = Test(fact="event.paid", operator=Operator.KNOWN)
UNTIL = START + timedelta(days=80)
HOME = Place(timezone="Europe/Berlin", country="DE")
WORDS = {"en": {"title": "Call", "text": "Please."}}
EVENTS = st.lists(
    st.builds(
        lambda kind, hours: Event(kind=kind, at=START + timedelta(hours=hours)),
        st.sampled_from(["opened", "replied", "paid"]),
        st.integers(1, 24 * 20),
    ),
    max_size=5,
).map(lambda events: sorted(events, key=lambda event: event.at))
_numbers = count(1)


class Stopped(BaseException):
    """The power went."""


def in_the_database(route):
    """The same route with steps that leave a task each, and branches that ask what events told."""
    return tuple(
        replace(
            each,
            kind=Kind.ACTIVITY if each.acts else each.kind,
            settings={"words": WORDS} if each.acts else each.settings,
            branches=tuple(
                replace(one, route=in_the_database(one.route), condition=one.condition and PAID)
                for one in each.branches
            ),
        )
        for each in route
    )


@st.composite
def definitions(draw):
    """Any workflow: with a goal or without, that begins anew or not, with a path beside it or two."""
    route = (wait("wa", draw(st.integers(0, 9))), *in_the_database(keyed(draw(routes()))))
    if draw(st.booleans()):
        route = (*route, step("y", Kind.ACTIVITY, words=WORDS), wait("wz", 9), step("z", Kind.RESTART))
    whenever = tuple(
        Whenever(
            event=kind, route=in_the_database(keyed((*draw(routes(0)), wait("w", 9), step("s")), f"{at}-"))
        )
        for at, kind in enumerate(draw(st.lists(st.sampled_from(["replied", "opened"]), max_size=2)))
    )
    return Definition(
        name=f"Any {next(_numbers)}",
        trigger=Trigger(kind="by_hand"),
        route=(*route, step("last", Kind.ACTIVITY, words=WORDS)) if not _ends_elsewhere(route) else route,
        goal=draw(st.sampled_from([PAID, None])),
        whenever=whenever,
    )


def _ends_elsewhere(route):
    return route[-1].kind is Kind.RESTART


class Life:
    """One customer in one workflow, lived through with a worker that is stopped now and then."""

    def __init__(self, site, made, stops):
        self.site, self.made, self.stops = site, made, list(stops)
        with clock.moved_to(START), site.writing() as session:
            workflow_id = save_draft(session, company_id=site.company_id, definition=made, who="Maria")
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
            self.customer_id = save_customer(
                session,
                company_id=site.company_id,
                number=f"N-{workflow_id}",
                customer=CustomerFields(name="Bäckerei Ümit"),
                who="Maria",
            )
            self.enrolment_id = enrol(
                session,
                company_id=site.company_id,
                workflow_id=workflow_id,
                customer_id=self.customer_id,
                now=START,
                today=START.date(),
                who="Maria",
            )

    def live(self, events):
        """Let the events happen, and work at each moment at which something is due."""
        waiting, now = list(events), START
        while now is not None and now <= UNTIL:
            with clock.moved_to(now):
                while waiting and waiting[0].at <= now:
                    self._happen(waiting.pop(0), key=str(len(waiting)))
                self._work()
            now = min(
                [each for each in (self._next_due(), *(e.at for e in waiting[:1])) if each], default=None
            )

    def _happen(self, event, *, key):
        with self.site.writing() as session:
            record_event(
                session,
                company_id=self.site.company_id,
                customer_id=self.customer_id,
                kind=event.kind,
                at=event.at,
                key=key,
                who="Ana",
            )

    def _work(self):
        """Work until nothing is due at this moment; whoever is stopped begins again."""
        while True:
            with suppress(Stopped), self.site.app.app_context():
                work_workflows(database.current_session())
                if not self._is_due():
                    return

    def _is_due(self):
        due = self._next_due()
        return due is not None and due <= clock.now()

    def _next_due(self):
        with self.site.reading() as session:
            return session.scalar(
                select(func.min(StepPosition.due_at)).where(StepPosition.enrolment_id == self.enrolment_id)
            )

    def commit(self, session):
        """What the worker commits by: now and then the power goes just before it or just after."""
        when = self.stops.pop() if self.stops else ""
        if when != "before":
            database.commit(session)
        if when:
            session.rollback()
            session.expunge_all()
            raise Stopped

    def outcome(self):
        """What was done when, and how it ended."""
        with self.site.reading() as session:
            runs = session.scalars(select(StepRun).where(StepRun.enrolment_id == self.enrolment_id)).all()
            assert {run.result for run in runs} <= {"done"}
            tasks = select(func.count()).select_from(Task).where(Task.customer_id == self.customer_id)
            assert session.scalar(tasks) == len(runs)
            ended = session.get_one(Enrolment, self.enrolment_id).reason
            return sorted((run.at, run.path, run.step, run.round) for run in runs), ended

    def forget(self):
        """Nobody goes on with it."""
        with self.site.writing() as session:
            session.execute(delete(StepPosition))


def played(made, events):
    """What the pure engine plays of it."""
    play = play_whole(made, begun=START, until=UNTIL, place=HOME, facts_at=lambda _now: {}, events=events)
    done = sorted((each.at, each.path, each.step.key, each.round) for each in play.steps)
    return done, "" if play.ended == "waiting" else play.ended


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(definitions(), EVENTS, st.lists(st.sampled_from(["", "before", "after"]), max_size=12))
def test_no_step_comes_twice_and_none_is_skipped_whatever_stops_the_worker(
    site, monkeypatch, made, events, stops
):
    told = [Event(kind=each.kind, at=each.at + timedelta(seconds=at)) for at, each in enumerate(events)]
    life = Life(site, made, stops)
    monkeypatch.setattr(jobs, "commit", life.commit)

    life.live(told)

    assert life.outcome() == played(made, told)
    assert Route(made).first is not None
    life.forget()
