from dataclasses import replace
from datetime import date
from threading import Timer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.operations import refresh
from arfollow.followup.operations.checking import check_list
from arfollow.followup.operations.refresh import mark_stale, refresh_due, refresh_touched
from arfollow.followup.tables import ListRow
from arfollow.levels.defaults import default_plan
from arfollow.levels.operations import change_plan, create_default_plan

TODAY = date(2026, 5, 4)


@pytest.fixture
def waiting(ledger, monkeypatch):
    """Three customers whose rows are stale, two of which are a batch."""
    monkeypatch.setattr(refresh, "BATCH", 2)
    ids = [ledger.customer(f"C-{number}") for number in range(1, 4)]
    mark_stale(ledger.session, customer_ids=ids)
    ledger.session.info.pop("touched", None)
    ledger.commit()
    return ids


def stale(session):
    return session.scalars(select(ListRow.customer_id).where(ListRow.rules_version == 0)).all()


def test_customers_without_a_row_get_one_that_waits(ledger, waiting):
    assert sorted(stale(ledger.session)) == waiting


def test_a_row_that_is_there_is_marked_and_keeps_what_it_shows(ledger, waiting):
    refresh_due(ledger.session, company_id=1, today=TODAY)
    ledger.commit()
    shown = {row.customer_id: row.reason for row in ledger.session.scalars(select(ListRow))}

    mark_stale(ledger.session, customer_ids=waiting)
    ledger.session.expire_all()

    assert sorted(stale(ledger.session)) == waiting
    assert {row.customer_id: row.reason for row in ledger.session.scalars(select(ListRow))} == shown


@pytest.fixture
def other(engine):
    """Somebody else who writes at the same time."""
    if engine.dialect.name == "sqlite":
        pytest.skip("On SQLite one writes at a time.")
    with Session(engine) as session:
        database.begin_write(session)
        yield session


def test_two_workers_refresh_different_rows(ledger, waiting, other):
    mine = refresh_due(ledger.session, company_id=1, today=TODAY)
    theirs = refresh_due(other, company_id=1, today=TODAY)

    assert (mine, theirs) == (2, 1)
    assert refresh_due(other, company_id=1, today=TODAY) == 0


def test_whoever_reads_the_list_next_waits_for_what_others_have_taken(ledger, waiting, other):
    ledger.session.rollback()
    refresh_due(other, company_id=1, today=TODAY)
    finishing = Timer(0.5, database.commit, [other])
    finishing.start()

    bring_up_to_date(ledger.session, waits=True)
    finishing.join()

    assert stale(ledger.session) == []


def test_who_comes_to_a_plan_while_it_is_changed_is_listed_by_the_new_one(ledger, other):
    plan_id = create_default_plan(ledger.session, company_id=1, language="en", who="Ana")
    ledger.commit()
    ledger.item(ledger.customer(), due="03-03")
    _refresh_before_commit(ledger.session)
    finishing = Timer(0.5, database.commit, [ledger.session])
    finishing.start()

    draft = replace(default_plan("en").plan, minimum_amounts={"EUR": 1_000_000})
    change_plan(other, company_id=1, plan_id=plan_id, draft=draft, who="Mia")
    _refresh_before_commit(other)
    database.commit(other)
    finishing.join()

    assert list(check_list(other, company_id=1, today=clock.today("UTC"), repair=False)) == []


def _refresh_before_commit(session):
    session.flush()
    refresh_touched(session, frozenset(session.info.pop("touched")))
