from datetime import date
from threading import Timer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.operations import refresh
from arfollow.followup.operations.refresh import mark_stale, refresh_due
from arfollow.followup.tables import ListRow

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


def test_two_workers_refresh_different_rows(ledger, engine, waiting):
    if engine.dialect.name == "sqlite":
        pytest.skip("On SQLite one writes at a time.")
    with Session(engine) as other:
        database.begin_write(other)

        mine = refresh_due(ledger.session, company_id=1, today=TODAY)
        theirs = refresh_due(other, company_id=1, today=TODAY)

        assert (mine, theirs) == (2, 1)
        assert refresh_due(other, company_id=1, today=TODAY) == 0


def test_whoever_reads_the_list_next_waits_for_what_others_have_taken(ledger, engine, waiting):
    if engine.dialect.name == "sqlite":
        pytest.skip("On SQLite one writes at a time.")
    ledger.session.rollback()
    with Session(engine) as other:
        database.begin_write(other)
        refresh_due(other, company_id=1, today=TODAY)
        finishing = Timer(0.5, database.commit, [other])
        finishing.start()

        bring_up_to_date(ledger.session, waits=True)
        finishing.join()

    assert stale(ledger.session) == []
