"""Every field and row of the log is tampered with behind the database's back, and each time verification says where."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.chatter.tables import ChatterPerson, ChatterPersonal, StoredDocument
from arfollow.chatter.verification import Report, companies_with_chatter, reading, verify
from arfollow.chatter.verification import documents as checked_documents

HASH = "0123456789abcdef" * 4
AT = "chain = 'main' AND company_id = 1 AND sequence"
# What is changed, and the first bad entry. Entries 1 to 6; 2 and 4 have documents.
TAMPERINGS = {
    "UPDATE chatter_entries SET company_id = 2 WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET chain = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET sequence = 9 WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET sequence = -1 WHERE {AT} = 3": -1,
    "UPDATE chatter_entries SET previous_hash = '{HASH}' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET hash = '{HASH}' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET schema = 2 WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET at = '2020-01-01T00:00:00.000000Z' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET tag = 'email:sent' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET customer_id = 8 WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET customer_id = NULL WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET thread = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET who = '{HASH}' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET personal = '{HASH}' WHERE {AT} = 3": 3,
    "UPDATE chatter_entries SET facts = '{{}}' WHERE {AT} = 3": 3,
    "DELETE FROM chatter_entries WHERE {AT} = 3": 3,
    "DELETE FROM chatter_entries WHERE {AT} = 1": 1,
    "DELETE FROM chatter_entries WHERE {AT} = 6": 6,
    "DELETE FROM chatter_entries": 1,
    "UPDATE chatter_personal SET text = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET customer = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET data = '{{}}' WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET salt = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET sequence = 9 WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET chain = 'other' WHERE {AT} = 3": 3,
    "UPDATE chatter_personal SET company_id = 2 WHERE {AT} = 3": 3,
    "DELETE FROM chatter_personal WHERE {AT} = 3": 3,
    "INSERT INTO chatter_personal SELECT company_id, chain, 9, customer, text, data, salt FROM chatter_personal WHERE {AT} = 3": 9,
    "UPDATE chatter_people SET name = 'Eve'": 1,
    "UPDATE chatter_people SET salt = 'other'": 1,
    "UPDATE chatter_people SET digest = '{HASH}'": 1,
    "UPDATE chatter_people SET company_id = 2": 1,
    "DELETE FROM chatter_people": 1,
    "UPDATE chatter_entry_documents SET sha256 = '{HASH}' WHERE {AT} = 2": 2,
    "UPDATE chatter_entry_documents SET media_type = 'text/html' WHERE {AT} = 2": 2,
    "UPDATE chatter_entry_documents SET position = 7 WHERE {AT} = 2 AND position = 1": 2,
    "UPDATE chatter_entry_documents SET position = position + 2 WHERE {AT} = 2": 2,
    "UPDATE chatter_entry_documents SET sequence = 3 WHERE {AT} = 2": 2,
    "UPDATE chatter_entry_documents SET chain = 'other' WHERE {AT} = 2": 2,
    "UPDATE chatter_entry_documents SET company_id = 2 WHERE {AT} = 2": 2,
    "DELETE FROM chatter_entry_documents WHERE {AT} = 2 AND position = 1": 2,
    "INSERT INTO chatter_entry_documents SELECT company_id, chain, 3, position, sha256, media_type FROM chatter_entry_documents WHERE {AT} = 2": 3,
    "INSERT INTO chatter_entry_documents SELECT company_id, chain, 9, position, sha256, media_type FROM chatter_entry_documents WHERE {AT} = 2": 9,
    "UPDATE documents SET content = 'other' WHERE media_type = 'application/pdf'": 2,
    "UPDATE documents SET content = NULL WHERE media_type = 'application/pdf'": 2,
    "UPDATE documents SET media_type = 'text/html' WHERE media_type = 'application/pdf'": 2,
    "UPDATE documents SET sha256 = '{HASH}' WHERE media_type = 'application/pdf'": 2,
    "DELETE FROM documents WHERE media_type = 'application/pdf'": 2,
    "UPDATE chatter_heads SET sequence = 5": 6,
    "UPDATE chatter_heads SET sequence = 7": 7,
    "UPDATE chatter_heads SET hash = '{HASH}'": 6,
    "UPDATE chatter_heads SET chain = 'other'": 6,
    "UPDATE chatter_heads SET company_id = 2": 6,
    "DELETE FROM chatter_heads": 6,
}


@pytest.fixture
def log(session) -> Session:
    """Six entries of company 1, two of them with documents."""
    letter = store(session, media_type="application/pdf", content=b"%PDF letter")
    mail = store(session, media_type="message/rfc822", content=b"Subject: letter")
    for number in range(1, 7):
        record(
            session,
            company_id=1,
            customer_id=7,
            tag="letter:printed",
            who="Ana",
            text="Second reminder",
            facts={"number": number},
            personal={"recipient": "ap@example.com"},
            documents={2: [letter, mail], 4: [mail]}.get(number, []),
        )
    database.commit(session)
    database.begin_write(session)
    return session


@pytest.fixture
def tamper(session, plain, engine) -> Callable[..., None]:
    """Runs statements as somebody does who first takes the triggers and the foreign keys away."""

    def run(*statements: str) -> None:
        session.rollback()
        if engine.dialect.name == "postgresql":
            plain.execute("SET session_replication_role = replica")
        else:
            for row in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                plain.execute(f"DROP TRIGGER {row[0]}")
        for statement in statements:
            plain.execute(statement.format(AT=AT, HASH=HASH))
        plain.commit()

    return run


def first_bad(report: Report) -> int:
    return report.problems[0].sequence


def test_an_untouched_log_is_intact(log):
    report = verify(log, company_id=1)

    assert report.is_intact
    assert (report.entries, report.documents, len(report.head)) == (6, 2, 64)


def test_a_company_without_entries_is_intact(session):
    assert verify(session, company_id=1).is_intact


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_tampering_is_found_and_the_first_bad_entry_named(statement, log, tamper):
    tamper(statement)

    assert first_bad(verify(log, company_id=1)) == TAMPERINGS[statement]


def test_two_entries_that_changed_places_are_found(log, tamper):
    move = f"UPDATE chatter_entries SET sequence = {{}} WHERE {AT} = {{}}"

    tamper(move.format(99, 3), move.format(3, 4), move.format(4, 99))

    assert first_bad(verify(log, company_id=1)) == 3


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_values_of_another_type_are_found_where_a_column_can_hold_them(log, tamper):
    tamper("UPDATE chatter_entries SET facts = x'00ff', thread = x'ff' WHERE {AT} = 3")

    assert first_bad(verify(log, company_id=1)) == 3


def test_what_was_erased_verifies_as_erased_by_a_later_entry(log):
    letter, mail = log.scalars(select(StoredDocument.sha256).order_by(StoredDocument.media_type))
    (digest,) = log.scalars(select(ChatterPerson.digest))
    erasure = {"company_id": 1, "who": "Jan", "text": "Asked for it"}
    record(log, customer_id=7, tag="customer:erased", documents=[letter, mail], **erasure)
    record(log, customer_id=None, tag="person:erased", facts={"person": digest}, **erasure)
    database.commit(log)
    database.begin_write(log)
    log.execute(delete(ChatterPersonal).where(ChatterPersonal.sequence <= 6))
    log.execute(delete(ChatterPerson).where(ChatterPerson.digest == digest))
    log.execute(update(StoredDocument).values(content=None))
    database.commit(log)

    report = verify(log, company_id=1)

    assert report.problems == []
    assert report.erased == {1: 7, 2: 7, 3: 7, 4: 7, 5: 7, 6: 7}


def test_an_erasure_before_the_entry_excuses_nothing(log, tamper):
    record(log, company_id=1, customer_id=7, tag="customer:erased", who="Jan", text="Asked for it")
    record(log, company_id=1, customer_id=7, tag="note:written", who="Jan", text="Called")
    database.commit(log)
    tamper("DELETE FROM chatter_personal WHERE {AT} = 8")

    assert first_bad(verify(log, company_id=1)) == 8


def test_a_log_longer_than_a_batch_is_read_to_its_end(log, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 4)
    monkeypatch.setattr(checked_documents, "_BATCH", 1)

    report = verify(log, company_id=1)

    assert (report.entries, report.documents, report.problems) == (6, 2, [])


def test_every_company_of_the_log_is_listed(log, tamper):
    tamper("UPDATE chatter_entries SET company_id = 5 WHERE {AT} = 3")

    assert companies_with_chatter(log) == [1, 5]


def test_a_log_that_grows_while_it_is_read_is_intact(log, engine, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 2)
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with Session(engine) as session:
                database.begin_write(session)
                who = f"Writer {number}"
                record(session, company_id=1, customer_id=7, tag="note:written", who=who, text="Called")
                database.commit(session)

    writer = Thread(target=write)
    log.rollback()
    writer.start()
    try:
        reports = []
        for _ in range(20):
            reports.append(verify(log, company_id=1))
            log.rollback()
    finally:
        stop.set()
        writer.join()

    assert [report.problems for report in reports] == [[]] * 20
    assert reports[-1].entries > 6
