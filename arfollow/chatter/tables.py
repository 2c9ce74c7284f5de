"""Tables of chatter. Triggers (migration 0002) let rows be added in order only; nothing here is ever changed.

Within a transaction the personal part and the documents of an entry go in before the entry itself: once an entry
stands, nothing can be added to it. The database moves the head, not the program. Verifications stand beside the log: what
they found proves nothing, and is hashed nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table

_WITHOUT_ROWID = {"sqlite_with_rowid": False}
_ENTRY = ["company_id", "chain", "sequence"]


def _of_entry() -> ForeignKeyConstraint:
    columns = [f"chatter_entries.{column}" for column in _ENTRY]
    return ForeignKeyConstraint(_ENTRY, columns, deferrable=True, initially="DEFERRED")


class StoredDocument(Table):
    """The exact bytes of what was produced; `content` is null once they were erased."""

    __tablename__ = "documents"
    __table_args__ = _WITHOUT_ROWID

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes | None]


class ChatterHead(Table):
    """The last entry of a chain; locked while entries are added. The database moves it."""

    __tablename__ = "chatter_heads"
    __table_args__ = _WITHOUT_ROWID

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class ChatterEntry(Table):
    """The hashed part of an entry: every column but `hash` is in the hash, as are the documents.

    `at`, `facts` are stored as the very text that is hashed. Entries of one `thread` are shown as one.
    Facts hold no personal data (names, addresses, free text): they are never erased.
    """

    __tablename__ = "chatter_entries"
    __table_args__ = (
        Index(None, "company_id", "customer_id", "sequence"),
        Index(None, "company_id", "who", "sequence"),
        Index(None, "company_id", "thread", "sequence"),
        _WITHOUT_ROWID,
    )

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    schema: Mapped[int]
    at: Mapped[str] = mapped_column(String(27))
    tag: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[int | None]
    thread: Mapped[str | None]
    who: Mapped[str] = mapped_column(String(64))
    personal: Mapped[str] = mapped_column(String(64))
    facts: Mapped[str] = mapped_column(Text)


class ChatterPersonal(Table):
    """What may be erased from an entry; its salted digest is the entry's `personal`. Goes by DELETE, after an erasure entry."""

    __tablename__ = "chatter_personal"
    __table_args__ = (_of_entry(), _WITHOUT_ROWID)

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))


class ChatterPerson(Table):
    """Whom a digest in `who` stands for: a user's name, or "system". Their own row, so that a customer's erasure leaves it."""

    __tablename__ = "chatter_people"
    __table_args__ = (Index(None, "company_id", "name", unique=True), _WITHOUT_ROWID)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    company_id: Mapped[int]
    name: Mapped[str]
    salt: Mapped[str] = mapped_column(String(32))


class ChatterEntryDocument(Table):
    """A document of an entry, at its position from 0."""

    __tablename__ = "chatter_entry_documents"
    __table_args__ = (_of_entry(), Index(None, "sha256", "company_id"), _WITHOUT_ROWID)

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), ForeignKey("documents.sha256"))
    media_type: Mapped[str]


class Verification(Table):
    """A verification that somebody asked for, and what it found; it is begun by a worker, and again if that one stopped."""

    __tablename__ = "verifications"
    __table_args__ = (Index(None, "company_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(BigInteger, default=0)
    documents: Mapped[int] = mapped_column(BigInteger, default=0)
    erased: Mapped[int] = mapped_column(BigInteger, default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)
