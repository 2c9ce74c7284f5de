"""Offline, without triggers: every column and row of every table is tampered with, and the database's verifier says where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter.rules import MAIN
from arfollow.chatter.verification import Heads, companies_with_chatter, verify
from tests.chatter.logs import (
    ENTRIES,
    TABLES,
    changed_columns,
    cut,
    disarm,
    key_of,
    other,
    put,
    rewrite,
    rows_of,
    table,
    write_log,
)


@pytest.fixture
def log(engine) -> Iterator[Session]:
    """The log in an open transaction that nothing guards; what a test does is never committed."""
    with Session(engine) as session:
        database.begin_write(session)
        write_log(session)
        disarm(session)
        yield session
        session.rollback()


def first_bad(session: Session, outside: Heads | None = None) -> int | None:
    """The first bad entry of the company, else of any other; None when all is whole."""
    session.expire_all()
    for company_id in sorted({1, *companies_with_chatter(session)}):
        report = verify(session, company_id=company_id, outside=outside if company_id == 1 else None)
        if report.problems:
            return report.problems[0].sequence
    return None


def heads(session: Session, *sequences: int) -> Heads:
    """Heads that were sent outside when these were the last."""
    entries = rows_of(session, "chatter_entries")
    return {(MAIN, number): {entries[number - 1]["hash"]} for number in sequences}


def test_untouched_it_is_whole_and_says_what_was_erased(log):
    report = verify(log, company_id=1, outside=heads(log, 1, 5, ENTRIES))

    assert report.problems == []
    assert report.erased == {7: 8}


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table_is_covered(name, log):
    expected, found = {}, {}
    for column, sequence in changed_columns(log, name):
        expected[column] = sequence
        found[column] = first_bad(log)

    assert expected
    assert found == expected


def first_entry_of(name: str, row: dict) -> int:
    """The first entry that is bad when this row is gone."""
    match name:
        case "chatter_people":
            return 1 if row["name"] == "Ana" else ENTRIES
        case "documents":
            return {"message/rfc822": 2}.get(row["media_type"], 7 if row["content"] is None else 2)
        case "chatter_personal":
            return row["sequence"]
        case _:
            # Entry 7 was erased by entry 8, which names its document: without 8, nothing says why it is gone.
            return 7 if row["sequence"] == 8 else row["sequence"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_that_is_deleted_is_missed(name, log):
    expected, found = [], []
    for row in rows_of(log, name):
        with log.begin_nested() as savepoint:
            log.execute(delete(table(name)).where(*key_of(name, row)))
            expected.append(first_entry_of(name, row))
            found.append(first_bad(log))
            savepoint.rollback()

    assert expected
    assert found == expected


# A document that no entry names is not in the log: one stands so while its message is on its way.
@pytest.mark.parametrize("name", [name for name in TABLES if name != "documents"])
def test_a_row_put_in_is_found_whatever_its_key(name, log):
    found = {}
    for column in table(name).primary_key:
        for row in rows_of(log, name):
            with log.begin_nested() as savepoint:
                put(log, name, row | {column.name: other(row[column.name])} | renamed(name, column.name))
                found[column.name, *key_values(name, row)] = first_bad(log)
                savepoint.rollback()

    assert found
    assert {place: bad for place, bad in found.items() if bad is None} == {}


def renamed(name: str, column: str) -> dict:
    """A name of a company stands once."""
    return {"name": "Eve"} if name == "chatter_people" and column == "digest" else {}


def key_values(name: str, row: dict) -> list:
    return [row[column.name] for column in table(name).primary_key]


@pytest.mark.parametrize("name", ["chatter_entries", "chatter_personal"])
def test_rows_that_changed_places_are_found(name, log):
    first, *_, last = (row for row in rows_of(log, name) if row["sequence"] in range(2, 6))
    place = [column.name for column in table(name).primary_key]
    for row, contents in ((first, last), (last, first)):
        values = {column: value for column, value in contents.items() if column not in place}
        log.execute(update(table(name)).where(*key_of(name, row)).values(values))

    assert first_bad(log) == first["sequence"]


def test_documents_of_an_entry_that_changed_places_are_found(log):
    one, two, *_ = rows_of(log, "chatter_entry_documents")
    for row, contents in ((one, two), (two, one)):
        values = {column: contents[column] for column in ("sha256", "media_type")}
        log.execute(
            update(table("chatter_entry_documents"))
            .where(*key_of("chatter_entry_documents", row))
            .values(values)
        )

    assert first_bad(log) == 2


@pytest.mark.parametrize("after", [1, 4, 6, ENTRIES - 1])
def test_a_tail_that_was_cut_off_is_found_by_a_head_sent_outside(after, log):
    outside = heads(log, 1, ENTRIES)
    cut(log, after=after)

    assert first_bad(log, outside) == after + 1


def test_a_log_cut_off_at_once_is_found_by_a_head_sent_outside(log):
    outside = heads(log, ENTRIES)
    for name in TABLES:
        log.execute(delete(table(name)))

    assert verify(log, company_id=1).is_intact
    assert verify(log, company_id=1, outside=outside).problems[0].sequence == 1


@pytest.mark.parametrize("since", [1, 3, 6, ENTRIES])
def test_a_log_written_anew_is_found_by_heads_sent_outside(since, log):
    outside = heads(log, 2, 5, ENTRIES)
    rewrite(log, since=since)

    report = verify(log, company_id=1, outside=outside)

    assert verify(log, company_id=1).is_intact
    first = min(number for number in (2, 5, ENTRIES) if number >= since)
    assert report.problems[0].sequence == first
    agreed = max((number for number in (0, 2, 5) if number < since), default=0)
    assert str(report.problems[0]).endswith(f"all after entry {agreed} is in doubt")
