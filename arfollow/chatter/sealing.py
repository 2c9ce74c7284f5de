"""Appending entries to a chain: lock its head, hash, insert."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, insert, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.chatter import rules
from arfollow.chatter.customers import customer_names
from arfollow.chatter.documents import DocumentMissingError
from arfollow.chatter.once import insert_once
from arfollow.chatter.rules import Record
from arfollow.chatter.tables import (
    ChatterEntry,
    ChatterEntryDocument,
    ChatterHead,
    ChatterPerson,
    ChatterPersonal,
    StoredDocument,
)
from arfollow.database import Table, plain_rows

_BATCH = 500
_WRITTEN: tuple[type[Table], ...] = (ChatterPersonal, ChatterEntryDocument, ChatterEntry)

# Made once: to build them anew would take longer than to run them.
_COMPANY = bindparam("company_id", type_=Integer())
_HEAD = (
    select(ChatterHead.sequence, ChatterHead.hash)
    .where(ChatterHead.company_id == _COMPANY, ChatterHead.chain == rules.MAIN)
    .with_for_update()
)
_PEOPLE = select(ChatterPerson.name, ChatterPerson.digest).where(
    ChatterPerson.company_id == _COMPANY, one_of(ChatterPerson.name, "names")
)
_MEDIA_TYPES = select(StoredDocument.sha256, StoredDocument.media_type).where(
    one_of(StoredDocument.sha256, "wanted")
)
_TABLES = {table: Table.metadata.tables[table.__tablename__] for table in _WRITTEN}
_INSERTS = {table: insert(plain).returning(plain.c.sequence) for table, plain in _TABLES.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An entry before it has a place in its chain; `facts` and `data` are canonical JSON."""

    company_id: int
    customer_id: int | None
    at: str
    tag: str
    thread: str | None
    who: str
    text: str
    facts: str
    data: str
    documents: tuple[str, ...]


def append(session: Session, drafts: Sequence[Draft]) -> None:
    """Append entries of one company to its chain, in their order; raise DocumentMissingError."""
    company_id = drafts[0].company_id
    customers = _customers(session, company_id, drafts)
    media_types = _media_types(session, drafts)
    sequence, head = _lock_head(session, company_id)
    people = _people(session, company_id, {draft.who for draft in drafts})
    records: list[Record] = []
    personal: list[dict[str, Any]] = []
    for draft in drafts:
        part = _personal_part(draft, customers)
        record = _next_record(
            draft,
            sequence=sequence + 1,
            head=head,
            who=people[draft.who],
            personal=part,
            media_types=media_types,
        )
        sequence, head = record.sequence, record.hash
        records.append(record)
        personal.append(part)
    _insert(session, records, personal)


def _customers(session: Session, company_id: int, drafts: Iterable[Draft]) -> Mapping[int, str]:
    wanted = {draft.customer_id for draft in drafts if draft.customer_id is not None}
    names = customer_names(session, company_id=company_id, customer_ids=wanted)
    return {id_: str(name) for id_, name in names.items()}


def _media_types(session: Session, drafts: Iterable[Draft]) -> dict[str, str]:
    wanted = sorted({sha256 for draft in drafts for sha256 in draft.documents})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = plain_rows(session, _MEDIA_TYPES, {"wanted": wanted[start : start + _BATCH]})
        found.update((row.sha256, row.media_type) for row in rows)
    if missing := [sha256 for sha256 in wanted if sha256 not in found]:
        raise DocumentMissingError(missing[0])
    return found


def _lock_head(session: Session, company_id: int) -> tuple[int, str]:
    asked = {"company_id": company_id}
    row = plain_rows(session, _HEAD, asked).one_or_none()
    if row is None:
        insert_once(
            session, ChatterHead, company_id=company_id, chain=rules.MAIN, sequence=0, hash=rules.GENESIS
        )
        row = plain_rows(session, _HEAD, asked).one()
    return row.sequence, row.hash


def _people(session: Session, company_id: int, names: set[str]) -> dict[str, str]:
    """The digest of each name; a name that is new gets its row. The head's lock keeps others from adding it, too."""
    known = plain_rows(session, _PEOPLE, {"company_id": company_id, "names": sorted(names)})
    digests = {row.name: row.digest for row in known}
    for name in sorted(names - digests.keys()):
        salt = secrets.token_hex(16)
        digests[name] = rules.person_digest(salt=salt, name=name)
        insert_once(session, ChatterPerson, digest=digests[name], company_id=company_id, name=name, salt=salt)
    return digests


def _personal_part(draft: Draft, customers: Mapping[int, str]) -> dict[str, str]:
    return {
        "customer": "" if draft.customer_id is None else rules.storable(customers.get(draft.customer_id, "")),
        "text": draft.text,
        "data": draft.data,
        "salt": secrets.token_hex(16),
    }


def _next_record(
    draft: Draft,
    *,
    sequence: int,
    head: str,
    who: str,
    personal: Mapping[str, str],
    media_types: Mapping[str, str],
) -> Record:
    record = Record(
        schema=rules.SCHEMA,
        company_id=draft.company_id,
        chain=rules.MAIN,
        sequence=sequence,
        previous_hash=head,
        hash="",
        at=draft.at,
        tag=draft.tag,
        customer_id=draft.customer_id,
        thread=draft.thread,
        who=who,
        personal=rules.personal_digest(**personal),
        facts=draft.facts,
        documents=tuple((sha256, media_types[sha256]) for sha256 in draft.documents),
    )
    return record._replace(hash=rules.entry_hash(record))


def _insert(session: Session, records: Sequence[Record], personal: Sequence[Mapping[str, str]]) -> None:
    """The parts before the entries, which the triggers then close."""
    places = [
        {"company_id": record.company_id, "chain": record.chain, "sequence": record.sequence}
        for record in records
    ]
    documents = [
        {**place, "position": position, "sha256": sha256, "media_type": media_type}
        for place, record in zip(places, records, strict=True)
        for position, (sha256, media_type) in enumerate(record.documents)
    ]
    entries = [record._asdict() for record in records]
    for entry in entries:
        del entry["documents"]
    parts = [{**place, **part} for place, part in zip(places, personal, strict=True)]
    _insert_many(session, ChatterPersonal, parts)
    if documents:
        _insert_many(session, ChatterEntryDocument, documents)
    _insert_many(session, ChatterEntry, entries)


def _insert_many(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """RETURNING makes SQLAlchemy write many rows a statement: on PostgreSQL the head moves once a statement.

    The plain table, because the ORM begins a statement anew wherever a null comes or goes.
    """
    session.connection().execute(_INSERTS[table], rows)
