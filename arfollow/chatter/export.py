"""The log as files with all that its hashes need: entries.jsonl, people.jsonl, head.json and a folder of documents.

A line of entries.jsonl has the columns of an entry as they are stored, its documents in order, and its erasable part (null
once erased); `docs/chatter.md` says how each is hashed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter import rules
from arfollow.chatter.tables import (
    ChatterEntry,
    ChatterEntryDocument,
    ChatterHead,
    ChatterPerson,
    ChatterPersonal,
    StoredDocument,
)

_BATCH = 1_000
_HASHED = [name for name in rules.Record._fields if name != "documents"]


@dataclass(frozen=True, kw_only=True)
class Exported:
    """How much was written."""

    entries: int
    documents: int


def export(session: Session, *, company_id: int, folder: Path) -> Exported:
    """Write the company's log into an empty folder (made when missing); raise FileExistsError when it is not empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    entries = _write_lines(folder / "entries.jsonl", _entries(session, company_id))
    _write_lines(folder / "people.jsonl", _people(session, company_id))
    _write_lines(folder / "head.json", _heads(session, company_id))
    return Exported(entries=entries, documents=_write_documents(session, company_id, folder / "documents"))


def _write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            count += 1
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return count


def _entries(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    """Every entry, oldest first."""
    last = 0
    query = (
        select(ChatterEntry)
        .where(ChatterEntry.company_id == company_id, ChatterEntry.chain == rules.MAIN)
        .order_by(ChatterEntry.sequence)
        .limit(_BATCH)
    )
    while batch := session.scalars(query.where(ChatterEntry.sequence > last)).all():
        documents = _documents(session, company_id, batch)
        personal = _personal(session, company_id, batch)
        for entry in batch:
            yield {
                **{name: getattr(entry, name) for name in _HASHED},
                "documents": documents.get(entry.sequence, []),
                "personal_part": personal.get(entry.sequence),
            }
        last = batch[-1].sequence


def _documents(
    session: Session, company_id: int, batch: Sequence[ChatterEntry]
) -> Mapping[int, list[tuple[str, str]]]:
    rows = session.scalars(
        select(ChatterEntryDocument)
        .where(
            ChatterEntryDocument.company_id == company_id,
            ChatterEntryDocument.chain == rules.MAIN,
            ChatterEntryDocument.sequence.between(batch[0].sequence, batch[-1].sequence),
        )
        .order_by(ChatterEntryDocument.sequence, ChatterEntryDocument.position)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row.sequence, []).append((row.sha256, row.media_type))
    return found


def _personal(
    session: Session, company_id: int, batch: Sequence[ChatterEntry]
) -> Mapping[int, Mapping[str, str]]:
    rows = session.scalars(
        select(ChatterPersonal).where(
            ChatterPersonal.company_id == company_id,
            ChatterPersonal.chain == rules.MAIN,
            ChatterPersonal.sequence.between(batch[0].sequence, batch[-1].sequence),
        )
    )
    return {
        row.sequence: {"customer": row.customer, "data": row.data, "salt": row.salt, "text": row.text}
        for row in rows
    }


def _people(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    people = select(ChatterPerson).where(ChatterPerson.company_id == company_id)
    for person in session.scalars(people.order_by(ChatterPerson.name)):
        yield {"digest": person.digest, "name": person.name, "salt": person.salt}


def _heads(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    heads = select(ChatterHead).where(ChatterHead.company_id == company_id)
    for head in session.scalars(heads.where(ChatterHead.chain == rules.MAIN)):
        yield {
            "company_id": head.company_id,
            "chain": head.chain,
            "sequence": head.sequence,
            "hash": head.hash,
        }


def _write_documents(session: Session, company_id: int, folder: Path) -> int:
    """Each document once, under the SHA-256 that it should have; erased ones are left out."""
    folder.mkdir()
    used = select(ChatterEntryDocument.sha256).where(ChatterEntryDocument.company_id == company_id).distinct()
    count = 0
    for sha256 in session.scalars(used).all():
        content = session.scalar(select(StoredDocument.content).where(StoredDocument.sha256 == sha256))
        if content is not None:
            (folder / sha256).write_bytes(content)
            count += 1
    return count
