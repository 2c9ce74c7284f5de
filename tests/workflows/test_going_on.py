"""What follows on another workflow or an event, and what a new version or a pause changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.workflows.operations.triggering.arming import arm_again
from arfollow.workflows.rules.definition import Whenever
from arfollow.workflows.tables import StepPosition, Workflow
from tests.factories import books
from tests.workflows.test_working import call, enter, know, runs
from tests.workflows.triggered import (
    NOON,
    at,
    by,
    count,
    entries,
    happen,
    invoice,
    work,
)
from tests.workflows.walking import definition, wait


@pytest.fixture
def site(sqlite_site):
    """On one engine: what is asked of the database is asked by other tests on each."""
    return sqlite_site


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer("Bäckerei Ümit", number="C-1")


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
