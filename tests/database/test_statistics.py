"""The database plans by what it has seen of its tables."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date

import pytest

from arfollow.database import analyze, db
from tests.bench.ledger import Size
from tests.bench.sites import Setup
from tests.bench.snapshots import Snapshots
from tests.plans import recorded

# A company's part of a table by its company alone: as good as all of it.
BY_COMPANY = re.compile(
    r"(SEARCH|SCAN) (instalments|invoices|credits|allocations|claims|deliveries|documents|chatter_entries)"
    r"( USING (COVERING )?INDEX \w+( \(company_id=\?( AND \w+[<>].*)?\))?)?$"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The application over 200 customers of four items, whose tables were looked at."""
    setup = Setup(engine="sqlite", size=Size(200, 4), today=date(2026, 11, 28))
    with Snapshots(tmp_path_factory.mktemp("snapshots")).site(setup) as site:
        with site.reading() as session:
            analyze(session)
        yield site


@contextmanager
def connected(site):
    """A connection of its own to the site's database."""
    with site.app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        yield connection


def asked(site, path):
    """What a page asks the database, with the parameters."""
    with site.reading() as session, recorded(session) as statements:
        site.get(path)
    return {sql: parameters for sql, parameters in statements if sql.startswith(("SELECT", "WITH"))}


def steps(connection, statements):
    """How the statements are answered, step by step."""
    # To explain a statement is not to notice that the schema has changed.
    connection.exec_driver_sql("SELECT 1 FROM customers")
    return [
        (step, sql)
        for sql, parameters in statements.items()
        for (*_, step) in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
    ]


def test_a_customers_page_reads_by_the_customer(site):
    [number] = site.listed(1)
    statements = asked(site, f"/customers/{number}")

    with connected(site) as connection:
        planned = steps(connection, statements)

    assert any("customer_id=?" in step for step, _sql in planned)
    assert [step for step in planned if BY_COMPANY.match(step[0])] == []


def test_what_was_seen_is_known_to_connections_that_were_open_before(site):
    [number] = site.listed(1)
    statements = asked(site, f"/customers/{number}")
    with connected(site) as connection:
        with connected(site) as other:
            other.exec_driver_sql("DELETE FROM sqlite_stat1")
            other.exec_driver_sql("CREATE TABLE passing (id INTEGER)")
            other.exec_driver_sql("DROP TABLE passing")
            other.commit()
        blind = steps(connection, statements)
        connection.rollback()

        with site.reading() as session:
            analyze(session)

        assert steps(connection, statements) != blind
