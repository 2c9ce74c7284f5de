"""A log to tamper with, and hands that can: every table of it, whatever columns it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table as Columns
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter import rules
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.chatter.rules import GENESIS, Record
from arfollow.chatter.tables import ChatterPersonal, StoredDocument
from arfollow.database import Table

TABLES = [
    name for name in sorted(Table.metadata.tables) if name.startswith("chatter_") or name == "documents"
]
ENTRIES = 9
LETTER, MAIL, ERASED = b"%PDF letter", b"Subject: letter", b"%PDF erased"
# Of each table the row that is changed, and the first bad entry then.
ROWS: Mapping[str, tuple[Mapping[str, object], int]] = {
    "chatter_entries": ({"sequence": 3}, 3),
    "chatter_personal": ({"sequence": 3}, 3),
    "chatter_people": ({"name": "Ana"}, 1),
    "chatter_entry_documents": ({"sequence": 2, "position": 0}, 2),
    "documents": ({"media_type": "message/rfc822"}, 2),
    "chatter_heads": ({"chain": "main"}, ENTRIES),
}


def write_log(session: Session) -> None:
    """Nine entries of company 1: 2 and 4 have documents; 7 was erased by 8, with its document. In a transaction that writes."""
    company = {"company_id": 1, "who": "Ana"}
    letter = store(session, media_type="application/pdf", content=LETTER)
    mail = store(session, media_type="message/rfc822", content=MAIL)
    for number in range(1, 7):
        record(
            session,
            **company,
            customer_id=7,
            tag="letter:printed",
            text=f"Reminder {number} to Bäckerei Ümit",
            facts={"number": number, "delivery": number},
            personal={"recipient": "ap@example.com"},
            documents={2: [letter, mail], 4: [mail]}.get(number, []),
        )
    gone = store(session, media_type="application/pdf", content=ERASED)
    record(session, **company, customer_id=8, tag="letter:printed", text="Secret", documents=[gone])
    record(session, **company, customer_id=8, tag="customer:erased", text="Asked for it", documents=[gone])
    record(session, company_id=1, customer_id=None, tag="plan:changed", who="Jan", text="Plan changed")
    database.commit(session)
    database.begin_write(session)
    session.execute(delete(ChatterPersonal).where(ChatterPersonal.sequence == 7))
    session.execute(update(StoredDocument).where(StoredDocument.sha256 == gone).values(content=None))
    database.commit(session)


def disarm(session: Session) -> None:
    """Take triggers and foreign keys away, as the owner of a database can."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    session.rollback()
    session.connection().exec_driver_sql("COMMIT")
    session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF")
    session.connection().exec_driver_sql("BEGIN IMMEDIATE")
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def table(name: str) -> Columns:
    """The table of that name."""
    return Table.metadata.tables[name]


def other(value: object) -> object:
    """A value of the same type that is another."""
    match value:
        case None:
            return "1"
        case bool():
            return not value
        case int():
            return value + 100
        case bytes():
            return value + b" "
        case _:
            text = str(value)
            return ("0" if text[:1] != "0" else "1") + text[1:]


def rows_of(session: Session, name: str) -> list[dict[str, Any]]:
    """Every row, in the order of its key."""
    key = list(table(name).primary_key)
    return [dict(row) for row in session.execute(select(table(name)).order_by(*key)).mappings()]


def key_of(name: str, row: Mapping[str, object]) -> list[Any]:
    """The condition under which it is this row."""
    return [column == row[column.name] for column in table(name).primary_key]


def changed_columns(session: Session, name: str) -> Iterator[tuple[str, int]]:
    """Change each column of one row in turn, each time undone afterwards; gives the column and the first bad entry."""
    wanted, first_bad = ROWS[name]
    row = next(row for row in rows_of(session, name) if wanted.items() <= row.items())
    for column in table(name).columns:
        with session.begin_nested() as savepoint:
            value = None if column.nullable else other(row[column.name])
            session.execute(update(table(name)).where(*key_of(name, row)).values({column.name: value}))
            beyond = (name, column.name) == ("chatter_heads", "sequence")
            yield column.name, ENTRIES + 1 if beyond else first_bad
            savepoint.rollback()


def rewrite(session: Session, *, since: int) -> None:
    """Change the text of an entry and hash everything after it anew, head included, as its owner can."""
    head = GENESIS
    documents: dict[int, tuple[tuple[str, str], ...]] = {}
    for row in rows_of(session, "chatter_entry_documents"):
        documents[row["sequence"]] = (*documents.get(row["sequence"], ()), (row["sha256"], row["media_type"]))
    parts = {row["sequence"]: row for row in rows_of(session, "chatter_personal")}
    for row in rows_of(session, "chatter_entries"):
        sequence = row["sequence"]
        if sequence == since:
            part = {name: parts[sequence][name] for name in ("customer", "data", "salt")} | {"text": "Never"}
            row["personal"] = rules.personal_digest(**part)
            where = key_of("chatter_personal", parts[sequence])
            session.execute(update(table("chatter_personal")).where(*where).values(text="Never"))
        columns = {name: row[name] for name in Record._fields if name != "documents"}
        entry = Record(**columns, documents=documents.get(sequence, ()))._replace(previous_hash=head)
        head = rules.entry_hash(entry)
        new = {"previous_hash": entry.previous_hash, "hash": head, "personal": entry.personal}
        session.execute(update(table("chatter_entries")).where(*key_of("chatter_entries", row)).values(new))
    session.execute(update(table("chatter_heads")).values(hash=head))


def cut(session: Session, *, after: int) -> None:
    """Take the end of the log away with all that belongs to it, and put the head back."""
    for name in ("chatter_entry_documents", "chatter_personal", "chatter_entries"):
        session.execute(delete(table(name)).where(table(name).c.sequence > after))
    last = rows_of(session, "chatter_entries")[-1]
    session.execute(update(table("chatter_heads")).values(sequence=after, hash=last["hash"]))
    kept = {row["who"] for row in rows_of(session, "chatter_entries")}
    session.execute(delete(table("chatter_people")).where(table("chatter_people").c.digest.not_in(kept)))


def put(session: Session, name: str, row: Mapping[str, object]) -> None:
    """Add a row."""
    session.execute(insert(table(name)).values(row))
