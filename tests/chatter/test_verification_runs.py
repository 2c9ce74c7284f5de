from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.chatter.tables import Verification
from arfollow.chatter.verification.runs import ask_for_verification, standing, verify_what_is_due

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def work(site):
    """Does what the worker does, at that time."""

    def once(at=NOON):
        with clock.moved_to(at), site.reading() as session:
            verify_what_is_due(session)

    return once


def ask(site, *, who="Ines", at=NOON):
    with clock.moved_to(at), site.writing() as session:
        ask_for_verification(session, company_id=site.company_id, who=who)


def found(site):
    with site.reading() as session:
        return standing(session, company_id=site.company_id)


def runs(site):
    with site.reading() as session:
        return session.scalars(select(Verification).order_by(Verification.id)).all()


def test_what_was_asked_for_is_carried_out(site, work):
    ask(site)
    assert found(site).is_under_way

    work()

    standing = found(site)
    assert not standing.is_under_way
    assert (standing.finished.asked_by, standing.finished.problems) == ("Ines", ())
    assert standing.finished.entries > 0
    assert standing.finished.finished_at == NOON


def test_whoever_asks_while_one_is_under_way_waits_for_that_one(site, work):
    ask(site)
    ask(site, who="Max")
    work()

    assert [run.asked_by for run in runs(site)] == ["Ines"]


def test_each_log_is_verified_once_a_day_by_itself(site, work):
    for hours in (0, 1, 23, 25, 26):
        work(NOON + timedelta(hours=hours))

    assert [(run.asked_by, run.asked_at) for run in runs(site)] == [
        ("system", NOON),
        ("system", NOON + timedelta(hours=25)),
    ]


def test_the_last_result_stands_until_the_next_is_there(site, work):
    ask(site)
    work()
    ask(site, who="Max", at=NOON + timedelta(hours=1))

    standing = found(site)

    assert standing.is_under_way
    assert standing.finished.asked_by == "Ines"


def test_what_a_worker_left_behind_is_begun_again_after_an_hour(site, work):
    ask(site)
    with site.writing() as session:
        session.execute(update(Verification).values(begun_at=NOON))

    work(NOON + timedelta(minutes=59))
    assert found(site).is_under_way
    work(NOON + timedelta(minutes=61))

    assert found(site).finished.problems == ()


def test_a_log_that_was_changed_is_told_of(site, work):
    ask(site)
    with site.writing() as session:
        record(
            session, company_id=site.company_id, customer_id=None, tag="note:written", who="Ana", text="More"
        )
    with site.writing() as session:
        session.connection().exec_driver_sql(SILENCED[session.get_bind().dialect.name])
        session.connection().exec_driver_sql("UPDATE chatter_people SET name = 'Eve' WHERE name = 'Ana'")

    work()

    (problem,) = found(site).finished.problems
    assert "names a person who was changed" in problem


SILENCED = {
    "sqlite": "DROP TRIGGER chatter_people_update",
    "postgresql": "SET LOCAL session_replication_role = replica",
}
