"""What happened with one customer: entries of a thread are one line, with its state and the time of each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from arfollow.chatter import queries
from arfollow.chatter.kinds import Kind
from arfollow.chatter.queries import Entry, EntryDocument, Person
from arfollow.chatter.tables import ChatterEntry

_UNDER_WAY = frozenset({"queued", "sending"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry and what became of it: `steps` are the later entries of its thread, oldest first."""

    entry: Entry
    steps: tuple[Entry, ...]

    @property
    def state(self) -> str:
        """The last action of a thread, such as queued or sent; empty for an entry without a thread."""
        return (self.steps or (self.entry,))[-1].action if self.entry.thread is not None else ""

    @property
    def is_under_way(self) -> bool:
        """Whether its state will soon be another."""
        return self.state in _UNDER_WAY

    @property
    def documents(self) -> tuple[EntryDocument, ...]:
        """The documents of the entry and its steps, each once."""
        every = (document for each in (self.entry, *self.steps) for document in each.documents)
        return tuple(dict.fromkeys(every))


@dataclass(frozen=True, kw_only=True)
class History:
    """A part of a customer's history, newest first, and how it was asked for; `older`: see `queries.Page`."""

    customer_id: int
    lines: Sequence[Line]
    older: int | None
    kind: Kind | None
    person: str | None
    people: Sequence[Person]


def customer_history(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    kind: Kind | None = None,
    person: str | None = None,
    before: int | None = None,
    limit: int = 30,
) -> History:
    """The newest `limit` lines of a kind, begun by a person (`Person.digest`), older than the entry `before`."""
    query = queries.entry_columns(company_id, customer_id=customer_id).where(_begins())
    if kind is not None:
        query = query.where(queries.kind_filter(kind))
    if person is not None:
        query = query.where(ChatterEntry.who == person)
    if before is not None:
        query = query.where(ChatterEntry.sequence < before)
    query = query.order_by(ChatterEntry.sequence.desc()).limit(limit + 1)
    page = queries.page_of(session, company_id=company_id, query=query, limit=limit)
    return History(
        customer_id=customer_id,
        lines=_lines(session, company_id, page.entries),
        older=page.older,
        kind=kind,
        person=person,
        people=queries.people(session, company_id=company_id, customer_id=customer_id),
    )


def find_line(session: Session, *, company_id: int, sequence: int) -> Line:
    """One entry with what became of it; raise EntryMissingError."""
    entry = queries.find_entry(session, company_id=company_id, sequence=sequence)
    return _lines(session, company_id, [entry])[0]


def _begins() -> ColumnElement[bool]:
    """The entry has no thread or is the first of it."""
    earlier = aliased(ChatterEntry)
    same_thread = and_(
        earlier.company_id == ChatterEntry.company_id,
        earlier.chain == ChatterEntry.chain,
        earlier.thread == ChatterEntry.thread,
        earlier.sequence < ChatterEntry.sequence,
    )
    return or_(ChatterEntry.thread.is_(None), ~select(earlier.sequence).where(same_thread).exists())


def _lines(session: Session, company_id: int, entries: Iterable[Entry]) -> Sequence[Line]:
    first = {entry.thread: entry.sequence for entry in entries if entry.thread is not None}
    steps = _steps(session, company_id, first)
    return [Line(entry=entry, steps=tuple(steps.get(entry.thread or "", ()))) for entry in entries]


def _steps(session: Session, company_id: int, first: Mapping[str, int]) -> Mapping[str, list[Entry]]:
    """The entries of each thread after its first."""
    if not first:
        return {}
    query = queries.entry_columns(company_id).where(ChatterEntry.thread.in_(first))
    found: dict[str, list[Entry]] = {}
    ordered = query.order_by(ChatterEntry.sequence)
    for entry in queries.read_entries(session, company_id=company_id, query=ordered):
        if entry.thread is not None and entry.sequence > first[entry.thread]:
            found.setdefault(entry.thread, []).append(entry)
    return found
