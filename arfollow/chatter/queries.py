"""Reads of the chatter: entries of a company, newest first, and who is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from arfollow.chatter import kinds, rules
from arfollow.chatter.kinds import Kind
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument, ChatterPerson, ChatterPersonal

_EXPORT_BATCH = 500

EntryQuery: TypeAlias = Select[ChatterEntry, str, str, str, str]
"""Entries with person, customer, text and personal data; all but the entry may be null, once erased."""


@dataclass(frozen=True, kw_only=True)
class EntryDocument:
    """A document of an entry; its bytes are read by `documents.read`."""

    sha256: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry. Once its personal part is erased, `customer`, `text` and `personal` are empty; `who` when that person is."""

    sequence: int
    at: datetime
    tag: str
    kind: Kind
    customer_id: int | None
    customer: str
    who: str
    text: str
    facts: Mapping[str, Any]
    personal: Mapping[str, str]
    documents: tuple[EntryDocument, ...]
    thread: str | None
    is_erased: bool
    previous_hash: str
    hash: str

    @property
    def action(self) -> str:
        """What happened to the tag's subject."""
        return self.tag.partition(":")[2]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who wrote entries; `digest` stands for them in filters, so that no address bar shows a name."""

    digest: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which entries; None and "": any. `since` is inclusive, `until` exclusive; each word of `words` must be found."""

    kind: Kind | None = None
    person: str | None = None
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Entries, newest first, and the sequence before which the next page begins; None: there is none."""

    entries: Sequence[Entry]
    older: int | None


class EntryMissingError(LookupError):
    """The company's chatter has no such entry."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"The chatter has no entry {sequence}.")


def entries_page(
    session: Session,
    *,
    company_id: int,
    filters: Filters,
    before: int | None = None,
    limit: int = 50,
) -> Page:
    """The newest `limit` entries that the filters let through, older than the entry `before`."""
    query = _matching(company_id, filters).order_by(ChatterEntry.sequence.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(ChatterEntry.sequence < before)
    return page_of(session, company_id=company_id, query=query, limit=limit)


def page_of(session: Session, *, company_id: int, query: EntryQuery, limit: int) -> Page:
    """The page of a query of entries (see `entry_columns`) that asks for one more than `limit`."""
    found = read_entries(session, company_id=company_id, query=query)
    shown = found[:limit]
    return Page(entries=shown, older=shown[-1].sequence if len(found) > limit else None)


def every_entry(session: Session, *, company_id: int, filters: Filters) -> Iterator[Entry]:
    """All that the filters let through, newest first, read a few at a time."""
    before: int | None = None
    while True:
        page = entries_page(
            session, company_id=company_id, filters=filters, before=before, limit=_EXPORT_BATCH
        )
        yield from page.entries
        if page.older is None:
            return
        before = page.older


def find_entry(session: Session, *, company_id: int, sequence: int) -> Entry:
    """One entry; raise EntryMissingError."""
    query = entry_columns(company_id).where(ChatterEntry.sequence == sequence)
    found = read_entries(session, company_id=company_id, query=query)
    if not found:
        raise EntryMissingError(sequence)
    return found[0]


def people(session: Session, *, company_id: int, customer_id: int | None = None) -> Sequence[Person]:
    """Who wrote entries (about the customer), by name; those who were erased are not listed."""
    query = select(ChatterPerson.digest, ChatterPerson.name).where(ChatterPerson.company_id == company_id)
    if customer_id is not None:
        writers = select(ChatterEntry.who).where(
            ChatterEntry.company_id == company_id,
            ChatterEntry.customer_id == customer_id,
            # True of all: SQLite would read the whole log otherwise, and not the customer's index.
            ChatterEntry.sequence > 0,
        )
        query = query.where(ChatterPerson.digest.in_(writers))
    rows = session.execute(query)
    found = [Person(digest=row.digest, name=row.name) for row in rows]
    return sorted(found, key=lambda person: person.name.casefold())


def entry_columns(company_id: int, *, customer_id: int | None = None) -> EntryQuery:
    """A query of the company's entries (about the customer) with all that `read_entries` wants."""
    query = select(
        ChatterEntry,
        ChatterPerson.name,
        ChatterPersonal.customer,
        ChatterPersonal.text,
        ChatterPersonal.data,
    )
    personal_part = and_(
        ChatterPersonal.company_id == ChatterEntry.company_id,
        ChatterPersonal.chain == ChatterEntry.chain,
        ChatterPersonal.sequence == ChatterEntry.sequence,
    )
    return (
        query.outerjoin(ChatterPerson, ChatterPerson.digest == ChatterEntry.who)
        .outerjoin(ChatterPersonal, personal_part)
        .where(ChatterEntry.company_id == company_id, *_chain_of(customer_id))
    )


def _chain_of(customer_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Of one customer SQLite would read the whole chain by its key, so the chain is hidden from its choice of an index."""
    if customer_id is None:
        return (ChatterEntry.chain == rules.MAIN,)
    return (func.coalesce(ChatterEntry.chain, "") == rules.MAIN, ChatterEntry.customer_id == customer_id)


def read_entries(session: Session, *, company_id: int, query: EntryQuery) -> Sequence[Entry]:
    """The entries of the query, with their documents, in its order."""
    rows = session.execute(query).all()
    if not rows:
        return ()
    documents = _documents(session, company_id, [row.ChatterEntry.sequence for row in rows])
    return [_entry(row, documents.get(row.ChatterEntry.sequence, ())) for row in rows]


def kind_filter(kind: Kind) -> ColumnElement[bool]:
    """Entries of the kind."""
    subjects = kinds.subjects_of(kind) or kinds.grouped_subjects()
    some = or_(*(ChatterEntry.tag.startswith(f"{subject}:") for subject in subjects))
    return some if kinds.subjects_of(kind) else not_(some)


def _matching(company_id: int, filters: Filters) -> EntryQuery:
    query = entry_columns(company_id, customer_id=filters.customer_id)
    if filters.kind is not None:
        query = query.where(kind_filter(filters.kind))
    if filters.person is not None:
        query = query.where(ChatterEntry.who == filters.person)
    if filters.since is not None:
        query = query.where(ChatterEntry.at >= rules.instant_text(filters.since))
    if filters.until is not None:
        query = query.where(ChatterEntry.at < rules.instant_text(filters.until))
    for word in filters.words.split():
        query = query.where(_found(word))
    return query


def _found(word: str) -> ColumnElement[bool]:
    columns = (ChatterPersonal.text, ChatterPersonal.customer, ChatterEntry.tag, ChatterEntry.facts)
    return or_(
        *(column.icontains(form, autoescape=True) for column in columns for form in _forms(word)),
    )


def _forms(word: str) -> Iterable[str]:
    """SQLite knows upper and lower case of ASCII letters only: ask for ü and Ü."""
    lower = word.lower()
    return {lower, "".join(letter if letter.isascii() else letter.upper() for letter in lower)}


def _documents(
    session: Session, company_id: int, sequences: Sequence[int]
) -> Mapping[int, tuple[EntryDocument, ...]]:
    rows = session.scalars(
        select(ChatterEntryDocument)
        .where(
            ChatterEntryDocument.company_id == company_id,
            ChatterEntryDocument.chain == rules.MAIN,
            ChatterEntryDocument.sequence.in_(sequences),
        )
        .order_by(ChatterEntryDocument.sequence, ChatterEntryDocument.position)
    )
    found: dict[int, tuple[EntryDocument, ...]] = {}
    for row in rows:
        document = EntryDocument(sha256=row.sha256, media_type=row.media_type)
        found[row.sequence] = (*found.get(row.sequence, ()), document)
    return found


def _entry(row: Row[ChatterEntry, str, str, str, str], documents: tuple[EntryDocument, ...]) -> Entry:
    stored: ChatterEntry = row.ChatterEntry
    return Entry(
        sequence=stored.sequence,
        at=datetime.fromisoformat(stored.at),
        tag=stored.tag,
        kind=kinds.kind_of(stored.tag),
        customer_id=stored.customer_id,
        customer=row.customer or "",
        who=row.name or "",
        text=row.text or "",
        facts=json.loads(stored.facts),
        personal=json.loads(row.data or "{}"),
        documents=documents,
        thread=stored.thread,
        is_erased=row.data is None,
        previous_hash=stored.previous_hash,
        hash=stored.hash,
    )
