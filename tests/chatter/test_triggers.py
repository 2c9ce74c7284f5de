"""Statements from plain connections, which set none of our pragmas."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from arfollow import database
from arfollow.chatter.documents import read, store
from arfollow.chatter.operations import record
from arfollow.chatter.rules import GENESIS

TRIGGERS = {
    "sqlite": {
        "chatter_heads": "insert update delete",
        "chatter_entries": "insert head update delete",
        "chatter_personal": "insert update delete",
        "chatter_people": "insert update delete",
        "chatter_entry_documents": "insert update delete",
        "documents": "insert update delete",
    },
    "postgresql": {
        "chatter_heads": "insert update delete",
        "chatter_entries": "insert head delete",
        "chatter_personal": "insert update delete",
        "chatter_people": "update delete",
        "chatter_entry_documents": "insert delete",
        "documents": "update delete",
    },
}
LISTING = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                     WHERE NOT tgisinternal AND tgenabled = 'O'""",
}
COPY = "company_id, chain, sequence + {add}, {previous}, 'x', schema, at, tag, customer_id, thread, who, personal, facts"
ENTRY = "INSERT {or_replace} INTO chatter_entries (company_id, chain, sequence, previous_hash, hash, schema, at, tag, customer_id, thread, who, personal, facts)"
REFUSED = {
    "change an entry": "UPDATE chatter_entries SET at = '2020-01-01T00:00:00.000000Z'",
    "change nothing of an entry": "UPDATE chatter_entries SET tag = tag",
    "delete an entry": "DELETE FROM chatter_entries WHERE sequence = 2",
    "leave a gap": f"{ENTRY} SELECT {COPY.format(add=2, previous='hash')} FROM chatter_entries WHERE sequence = 2",
    "write an entry twice": f"{ENTRY} SELECT {COPY.format(add=0, previous='previous_hash')} FROM chatter_entries",
    "follow an entry that is not the last": f"{ENTRY} SELECT {COPY.format(add=2, previous='hash')} FROM chatter_entries WHERE sequence = 1",
    "follow another hash": f"{ENTRY} SELECT {COPY.format(add=1, previous='previous_hash')} FROM chatter_entries WHERE sequence = 2",
    "start a chain without a head": f"{ENTRY} SELECT 9, chain, 1, '{GENESIS}', 'x', schema, at, tag, customer_id, thread, who, personal, facts FROM chatter_entries WHERE sequence = 1",
    "change a text": "UPDATE chatter_personal SET text = 'other'",
    "take a salt": "UPDATE chatter_personal SET salt = ''",
    "delete a personal part": "DELETE FROM chatter_personal WHERE sequence = 1",
    "add a personal part": "INSERT {or_replace} INTO chatter_personal (company_id, chain, sequence, customer, text, data, salt) SELECT company_id, chain, sequence, '', '', '{{}}', '' FROM chatter_entries",
    "rename a person": "UPDATE chatter_people SET name = 'Jan'",
    "delete a person": "DELETE FROM chatter_people",
    "take a person's name": "INSERT {or_replace} INTO chatter_people (digest, company_id, name, salt) SELECT 'x', company_id, name, salt FROM chatter_people",
    "take a person's digest": "INSERT {or_replace} INTO chatter_people (digest, company_id, name, salt) SELECT digest, company_id, 'Jan', salt FROM chatter_people",
    "add a document to an entry": "INSERT {or_replace} INTO chatter_entry_documents (company_id, chain, sequence, position, sha256, media_type) SELECT company_id, chain, sequence, 1, sha256, media_type FROM chatter_entry_documents",
    "replace a document of an entry": "INSERT {or_replace} INTO chatter_entry_documents (company_id, chain, sequence, position, sha256, media_type) SELECT company_id, chain, sequence, position, sha256, 'text/html' FROM chatter_entry_documents",
    "swap a document of an entry": "UPDATE chatter_entry_documents SET media_type = 'text/html'",
    "take a document from an entry": "DELETE FROM chatter_entry_documents",
    "change a document": "UPDATE documents SET content = '%PDF LETTER'",
    "change a document's type": "UPDATE documents SET media_type = 'text/html'",
    "take a document's bytes": "UPDATE documents SET content = NULL",
    "delete a document": "DELETE FROM documents",
    "replace a document": "INSERT {or_replace} INTO documents (sha256, media_type, content) SELECT sha256, media_type, 'x' FROM documents",
    "put the head back": "UPDATE chatter_heads SET sequence = 1",
    "move the head on": "UPDATE chatter_heads SET sequence = sequence + 1, hash = 'x'",
    "change the head": "UPDATE chatter_heads SET hash = 'x'",
    "give the head to another company": "UPDATE chatter_heads SET company_id = 9",
    "delete the head": "DELETE FROM chatter_heads",
    "replace the head": f"INSERT {{or_replace}} INTO chatter_heads (company_id, chain, sequence, hash) VALUES (1, 'main', 0, '{GENESIS}')",
    "start a head in the middle": "INSERT INTO chatter_heads (company_id, chain, sequence, hash) VALUES (9, 'main', 5, 'x')",
}
TABLES = list(TRIGGERS["sqlite"])


@pytest.fixture
def execute(plain) -> Callable[[str], list[tuple]]:
    """Runs one statement over the plain connection, and commits."""

    def run(statement: str) -> list[tuple]:
        cursor = plain.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
        plain.commit()
        return rows

    return run


@pytest.fixture
def chain(session, engine_url) -> str:
    """Two entries of customer 7, the first with a letter; gives the letter's digest."""
    letter = store(session, media_type="application/pdf", content=b"%PDF letter")
    for documents in ([letter], []):
        record(
            session,
            company_id=1,
            customer_id=7,
            tag="letter:printed",
            who="Ana",
            text="Second reminder",
            documents=documents,
        )
    database.commit(session)
    return letter


def everything(execute) -> list[list[tuple]]:
    return [sorted(execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES]


def test_the_migrated_database_has_these_triggers_and_no_others(execute, engine):
    expected = {
        (table, f"{table}_{event}")
        for table, events in TRIGGERS[engine.dialect.name].items()
        for event in events.split()
    }

    assert {tuple(row) for row in execute(LISTING[engine.dialect.name])} == expected


@pytest.mark.parametrize("attempt", REFUSED)
def test_the_database_refuses_to(attempt, execute, engine, chain):
    or_replace = "OR REPLACE" if engine.dialect.name == "sqlite" else ""
    before = everything(execute)
    refusals = (database.sqlite_module().DatabaseError, psycopg.DatabaseError)

    with pytest.raises(refusals, match=r"^(chatter|documents): |unique constraint"):
        execute(REFUSED[attempt].format(or_replace=or_replace))

    assert_unchanged(execute, engine, before)


def assert_unchanged(execute, engine, before):
    if engine.dialect.name == "postgresql":
        execute("ROLLBACK")
    assert everything(execute) == before


@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(table, postgresql_url, session, chain):
    with (
        psycopg.connect(postgresql_url) as connection,
        pytest.raises(psycopg.DatabaseError, match="TRUNCATE"),
    ):
        connection.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_there_is_no_rowid_by_which_a_row_could_be_replaced(table, execute):
    with pytest.raises(Exception, match="rowid"):
        execute(f"SELECT rowid FROM {table}")


def erase_customer(session, **more):
    """Record the erasure of customer 7, or of whom `more` says."""
    erasure = {"company_id": 1, "customer_id": 7, "tag": "customer:erased", "who": "Ana"} | more
    database.begin_write(session)
    record(session, text="Asked for it", **erasure)
    database.commit(session)


def test_a_personal_part_goes_after_the_erasure_of_its_customer(execute, session, chain):
    erase_customer(session)

    execute("DELETE FROM chatter_personal WHERE sequence <= 2")

    assert execute("SELECT sequence FROM chatter_personal") == [(3,)]


def test_the_erasure_of_another_customer_takes_nothing(execute, session, chain):
    erase_customer(session, customer_id=8)

    with pytest.raises(Exception, match="DELETE needs a later entry customer:erased"):
        execute("DELETE FROM chatter_personal WHERE sequence = 1")


def test_the_entry_of_the_erasure_keeps_its_own_personal_part(execute, session, chain):
    erase_customer(session)

    with pytest.raises(Exception, match="DELETE needs a later entry customer:erased"):
        execute("DELETE FROM chatter_personal WHERE sequence = 3")


def test_bytes_go_after_an_erasure_that_names_the_document_and_may_come_back(execute, session, chain):
    erase_customer(session, documents=[chain])

    execute("UPDATE documents SET content = NULL")
    store(session, media_type="application/pdf", content=b"%PDF letter")

    assert read(session, sha256=chain).content == b"%PDF letter"


def test_bytes_stay_while_another_company_has_the_document(execute, session, chain):
    record(session, company_id=2, customer_id=1, tag="letter:printed", who="Jan", text="", documents=[chain])
    erase_customer(session, documents=[chain])

    with pytest.raises(Exception, match="of each company and customer"):
        execute("UPDATE documents SET content = NULL")


def test_bytes_stay_while_another_customer_has_the_document(execute, session, chain):
    record(session, company_id=1, customer_id=8, tag="letter:printed", who="Jan", text="", documents=[chain])
    erase_customer(session, documents=[chain])

    with pytest.raises(Exception, match="of each company and customer"):
        execute("UPDATE documents SET content = NULL")


def test_bytes_of_the_companys_own_papers_go_when_an_erasure_names_them(execute, session, chain):
    record(
        session, company_id=1, customer_id=None, tag="ledger:imported", who="Jan", text="", documents=[chain]
    )
    erase_customer(session, documents=[chain])

    execute("UPDATE documents SET content = NULL")

    assert execute("SELECT content FROM documents") == [(None,)]


def test_a_person_goes_after_their_erasure(execute, session, chain):
    ((digest,),) = execute("SELECT digest FROM chatter_people")
    erase_customer(session, customer_id=None, tag="person:erased", facts={"person": digest}, who="Jan")

    execute(f"DELETE FROM chatter_people WHERE digest = '{digest}'")

    assert execute("SELECT name FROM chatter_people") == [("Jan",)]


def test_triggers_work_in_any_schema_even_one_that_was_renamed(postgresql_url):
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE SCHEMA tenant")
    database.migrate(f"{postgresql_url}&options=-csearch_path%3Dtenant")

    with psycopg.connect(postgresql_url) as connection:
        connection.execute("ALTER SCHEMA tenant RENAME TO moved")
        connection.execute(f"INSERT INTO moved.chatter_heads VALUES (1, 'main', 0, '{GENESIS}')")
        columns = f"1, 'main', 1, '{GENESIS}', 'x', 1, 'now', 'a:b', NULL, NULL, 'ana', 'digest', '{{}}'"
        connection.execute(f"INSERT INTO moved.chatter_entries VALUES ({columns})")
        head = connection.execute("SELECT sequence, hash FROM moved.chatter_heads").fetchall()
        with pytest.raises(psycopg.DatabaseError, match="DELETE of chatter_entries is refused"):
            connection.execute("DELETE FROM moved.chatter_entries")

    assert head == [(1, "x")]
