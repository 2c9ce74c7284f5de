"""Documents: each has the bytes and the type that its entries say, or an entry says that it was erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256 as digest_of

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.rules import Problem
from arfollow.chatter.tables import ChatterEntryDocument, StoredDocument
from arfollow.chatter.verification.chains import Chain

_BATCH = 50


@dataclass(frozen=True, kw_only=True)
class DocumentCheck:
    """How many documents the company's entries have, and what is wrong with them."""

    count: int
    problems: Sequence[Problem]


def check_documents(session: Session, *, company_id: int, chains: Sequence[Chain]) -> DocumentCheck:
    """Read the bytes of every document, each once, a few at a time."""
    erased = {sha256: by for chain in chains for sha256, by in chain.erased_documents.items()}
    problems: list[Problem] = []
    count = 0
    for row in _documents(session, company_id):
        count += 1
        reason = _problem(row, erased)
        if reason:
            problems.append(Problem(sequence=row.sequence, reason=reason))
    return DocumentCheck(count=count, problems=problems)


def _documents(session: Session, company_id: int) -> Iterator[Row[str, str, int, str, bytes | None]]:
    """Each document with its type according to entry and store, the first entry that has it, and its bytes."""
    used = (
        select(
            ChatterEntryDocument.sha256,
            func.min(ChatterEntryDocument.media_type).label("media_type"),
            func.min(ChatterEntryDocument.sequence).label("sequence"),
        )
        .where(ChatterEntryDocument.company_id == company_id)
        .group_by(ChatterEntryDocument.sha256)
        .order_by(ChatterEntryDocument.sha256)
        .limit(_BATCH)
    )
    last = ""
    while True:
        some = used.where(ChatterEntryDocument.sha256 > last).subquery()
        rows = session.execute(
            select(
                some.c.sha256,
                some.c.media_type,
                some.c.sequence,
                StoredDocument.media_type.label("stored_type"),
                StoredDocument.content,
            ).outerjoin(StoredDocument, StoredDocument.sha256 == some.c.sha256)
        ).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        last = max(row.sha256 for row in rows)


def _problem(row: Row[str, str, int, str, bytes | None], erased: Mapping[str, int]) -> str:
    if row.stored_type is None:
        return f"has lost its document {row.sha256}"
    if row.stored_type != row.media_type:
        return f"has a document whose type was changed to {row.stored_type}: {row.sha256}"
    if row.content is None:
        lost = f"has a document without its bytes, and no entry says they were erased: {row.sha256}"
        return "" if row.sha256 in erased else lost
    is_same = isinstance(row.content, bytes) and digest_of(row.content).hexdigest() == row.sha256
    return "" if is_same else f"has a document whose bytes were changed: {row.sha256}"
