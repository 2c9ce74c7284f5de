"""Reading a chain in batches: its entries, their erasable parts, their documents. Plain rows: a million of them are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from arfollow.chatter.rules import Record
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument, ChatterPersonal

BATCH = 5_000
ENTRY_COLUMNS = tuple(getattr(ChatterEntry, name) for name in Record._fields[:-1])
PERSONAL_COLUMNS = (
    ChatterPersonal.customer,
    ChatterPersonal.data,
    ChatterPersonal.salt,
    ChatterPersonal.text,
)
SEQUENCE = Record._fields.index("sequence")

EntryRow: TypeAlias = tuple[Any, ...]
"""ENTRY_COLUMNS, then PERSONAL_COLUMNS: nulls when the erasable part is gone."""
DocumentRow: TypeAlias = tuple[int, str, str]
"""Position, SHA-256, media type."""

_part = and_(
    ChatterPersonal.company_id == ChatterEntry.company_id,
    ChatterPersonal.chain == ChatterEntry.chain,
    ChatterPersonal.sequence == ChatterEntry.sequence,
)
_first = (
    select(*ENTRY_COLUMNS, *PERSONAL_COLUMNS)
    .outerjoin(ChatterPersonal, _part)
    .where(ChatterEntry.company_id == bindparam("company"), ChatterEntry.chain == bindparam("chain"))
    .order_by(ChatterEntry.sequence)
    .limit(bindparam("batch"))
)
_next = _first.where(ChatterEntry.sequence > bindparam("last"))
_documents = (
    select(
        ChatterEntryDocument.sequence,
        ChatterEntryDocument.position,
        ChatterEntryDocument.sha256,
        ChatterEntryDocument.media_type,
    )
    .where(
        ChatterEntryDocument.company_id == bindparam("company"),
        ChatterEntryDocument.chain == bindparam("chain"),
        ChatterEntryDocument.sequence.between(bindparam("first"), bindparam("last")),
    )
    .order_by(ChatterEntryDocument.sequence, ChatterEntryDocument.position)
)


def batches(
    session: Session, *, company_id: int, chain: str, after: int | None = None
) -> Iterator[Sequence[EntryRow]]:
    """The entries after that one (None: from the first row that there is, even one below 1), in order."""
    place = {"company": company_id, "chain": chain, "batch": BATCH}
    while batch := _rows(session, _next if after is not None else _first, place | {"last": after}):
        yield batch
        after = batch[-1][SEQUENCE]


def documents_of(
    session: Session, *, company_id: int, chain: str, batch: Sequence[EntryRow]
) -> dict[int, list[DocumentRow]]:
    """The documents of a batch, by sequence, each entry's by position."""
    place = {"company": company_id, "chain": chain, "first": batch[0][SEQUENCE], "last": batch[-1][SEQUENCE]}
    found: dict[int, list[DocumentRow]] = {}
    for sequence, position, sha256, media_type in _rows(session, _documents, place):
        found.setdefault(sequence, []).append((position, sha256, media_type))
    return found


def _rows(session: Session, query: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    """What the driver gives, as it is: texts and whole numbers need no processing, and a fifth of the time is saved."""
    return session.connection().execute(query, values).cursor.fetchall()
