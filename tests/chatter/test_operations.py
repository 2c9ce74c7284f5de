from hashlib import sha256
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter import customers, rules
from arfollow.chatter.customers import CustomerName, name_customers
from arfollow.chatter.documents import DocumentMissingError, store
from arfollow.chatter.operations import record
from arfollow.chatter.tables import ChatterEntry, ChatterHead, ChatterPerson, ChatterPersonal


def note(session, *, text="Called", company_id=1, **more):
    """Record a note of company 1 about customer 7 by Ana, or as `more` says."""
    entry = {"customer_id": 7, "tag": "note:written", "who": "Ana"} | more
    record(session, company_id=company_id, text=text, **entry)


def entries(session) -> list[ChatterEntry]:
    """Every entry, in order."""
    return list(
        session.scalars(select(ChatterEntry).order_by(ChatterEntry.company_id, ChatterEntry.sequence))
    )


def test_an_entry_is_written_at_commit(session):
    note(session)
    assert entries(session) == []

    database.commit(session)

    (entry,) = entries(session)
    assert (entry.sequence, entry.tag, entry.previous_hash) == (1, "note:written", rules.GENESIS)


def test_entries_of_several_transactions_form_one_chain_whose_head_is_the_last(session):
    for _ in range(3):
        note(session)
        note(session)
        database.commit(session)
        database.begin_write(session)

    chain = entries(session)
    head = session.scalars(select(ChatterHead)).one()
    assert [entry.sequence for entry in chain] == [1, 2, 3, 4, 5, 6]
    assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert (head.sequence, head.hash) == (6, chain[-1].hash)


def test_each_company_has_a_chain_of_its_own(session):
    note(session, company_id=2)
    note(session, company_id=1)
    note(session, company_id=2)

    database.commit(session)

    assert [(entry.company_id, entry.sequence) for entry in entries(session)] == [(1, 1), (2, 1), (2, 2)]


def test_a_rollback_takes_the_entry_with_it(session):
    note(session)

    session.rollback()
    database.begin_write(session)
    database.commit(session)

    assert entries(session) == []


def test_a_rollback_to_a_savepoint_takes_only_the_entries_since(session):
    note(session, text="before")
    savepoint = session.begin_nested()
    note(session, text="inside")
    savepoint.rollback()
    note(session, text="after")
    with session.begin_nested():
        note(session, text="kept")

    database.commit(session)

    texts = session.scalars(select(ChatterPersonal.text).order_by(ChatterPersonal.sequence))
    assert list(texts) == ["before", "after", "kept"]


def test_a_large_batch_is_one_chain(session):
    for number in range(2_500):
        note(session, text=str(number))

    database.commit(session)

    assert [entry.sequence for entry in entries(session)] == list(range(1, 2_501))


def test_a_person_is_one_row_however_often_they_act(session):
    note(session, who="Ana")
    note(session, who="Ana")
    note(session, who="Jan")
    database.commit(session)
    database.begin_write(session)
    note(session, who="Ana")
    database.commit(session)

    assert session.scalar(select(func.count()).select_from(ChatterPerson)) == 2
    assert len({entry.who for entry in entries(session)}) == 2


def test_two_entries_of_the_same_words_have_different_digests(session):
    note(session)
    note(session)

    database.commit(session)

    first, second = entries(session)
    assert first.personal != second.personal


def test_a_document_that_nobody_stored_is_refused(session):
    note(session, documents=[sha256(b"letter").hexdigest()])

    with pytest.raises(DocumentMissingError):
        database.commit(session)


def test_documents_are_hashed_in_their_order(session):
    letter = store(session, media_type="application/pdf", content=b"%PDF letter")
    mail = store(session, media_type="message/rfc822", content=b"Subject: letter")
    note(session, documents=[letter, mail])
    note(session, documents=[mail, letter])

    database.commit(session)

    assert entries(session)[0].hash != entries(session)[1].hash


def test_an_entry_keeps_the_name_that_its_customer_had(session, monkeypatch):
    monkeypatch.setattr(customers, "_lookup", [])
    note(session, customer_id=7)
    note(session, customer_id=None)
    names = {7: CustomerName(number="C-1043", name="Bäckerei Ümit")}
    name_customers(lambda _session, _company, ids: {id_: names[id_] for id_ in ids})

    database.commit(session)

    stored = session.scalars(select(ChatterPersonal.customer).order_by(ChatterPersonal.sequence))
    assert list(stored) == ["C-1043 Bäckerei Ümit", ""]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_characters_that_no_database_holds_are_replaced(session, text):
    note(session, text=text)

    database.commit(session)

    assert session.scalar(select(ChatterPersonal.text)) == "a\ufffdb"


def test_writers_at_the_same_moment_leave_no_gap_and_no_fork(engine):
    writers, rounds = 4, 15
    start = Barrier(writers)

    def write(name: str) -> None:
        start.wait()
        for _ in range(rounds):
            with Session(engine) as session:
                database.begin_write(session)
                note(session, who=name)
                note(session, who=name)
                database.commit(session)

    threads = [Thread(target=write, args=[f"writer {number}"]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Session(engine) as session:
        chain = entries(session)
    assert [entry.sequence for entry in chain] == list(range(1, writers * rounds * 2 + 1))
    assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
