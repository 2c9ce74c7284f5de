"""The log as a bundle with all that its hashes need and a verifier that needs nothing of ours; see `docs/chatter.md`.

Every row is read as it stands, a few at a time, in one view of the database: nobody has to stop working meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter import rules, verifier
from arfollow.chatter.bundle import Target, put_lines, writing
from arfollow.chatter.rules import Record
from arfollow.chatter.tables import (
    ChatterEntry,
    ChatterEntryDocument,
    ChatterHead,
    ChatterPerson,
    StoredDocument,
)
from arfollow.chatter.verification.reading import (
    ENTRY_COLUMNS,
    PERSONAL_COLUMNS,
    SEQUENCE,
    DocumentRow,
    EntryRow,
    batches,
    documents_of,
)

FORMAT = 1
_BATCH = 2_000
_PART_NAMES = [column.key for column in PERSONAL_COLUMNS]
_WIDTH = len(ENTRY_COLUMNS)
_PEOPLE = (ChatterPerson.company_id, ChatterPerson.digest, ChatterPerson.name, ChatterPerson.salt)
_HEADS = (ChatterHead.company_id, ChatterHead.chain, ChatterHead.sequence, ChatterHead.hash)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """How much was written."""

    entries: int
    documents: int


def verifier_source() -> bytes:
    """The stand-alone verifier, as it is put into every bundle."""
    return Path(verifier.__file__).read_bytes()


def export(session: Session, *, company_id: int, company_name: str, path: Path) -> Exported:
    """Write the company's log to a new zip (the path ends with .zip) or folder; raise FileExistsError when it is there.

    It begins a transaction of its own. Memory does not grow with the log, but by some hundred bytes for each document.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    with writing(path) as target:
        files = {
            "entries.jsonl": put_lines(target, "entries.jsonl", _entries(session, company_id)),
            "people.jsonl": put_lines(target, "people.jsonl", _people(session, company_id)),
            "documents.jsonl": put_lines(target, "documents.jsonl", _documents(session, company_id)),
            "heads.jsonl": put_lines(target, "heads.jsonl", _heads(session, company_id)),
        }
        _put_contents(session, target, company_id)
        target.put("verify.py", [verifier_source()])
        manifest = {
            "format": FORMAT,
            "company": company_name,
            "company_id": company_id,
            "written_at": rules.instant_text(clock.now()),
            "files": files,
        }
        target.put("manifest.json", [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
    session.rollback()
    return Exported(
        entries=int(str(files["entries.jsonl"]["lines"])),
        documents=int(str(files["documents.jsonl"]["lines"])),
    )


def _entries(session: Session, company_id: int) -> Iterator[str]:
    """Every entry of every chain, in order, with its documents and its erasable part."""
    names = select(ChatterEntry.chain).where(ChatterEntry.company_id == company_id).distinct()
    for chain in sorted(session.scalars(names)):
        for batch in batches(session, company_id=company_id, chain=chain):
            documents = documents_of(session, company_id=company_id, chain=chain, batch=batch)
            yield from (_entry(row, documents.get(row[SEQUENCE], ())) for row in batch)


def _entry(row: EntryRow, documents: Sequence[DocumentRow]) -> str:
    """A line with the very texts that are hashed; what is wrong in the database is wrong in them, too."""
    named = tuple((sha256, media_type) for _, sha256, media_type in documents)
    record = Record._make((*row[:_WIDTH], named))
    part = dict(zip(_PART_NAMES, row[_WIDTH:], strict=True))
    personal = "null" if part["salt"] is None else rules.personal_text(**part)
    try:
        return f'{{"entry":{rules.entry_text(record)},"hash":{rules.quoted(record.hash)},"part":{personal}}}'
    except TypeError:
        # Somebody put into a column what it can't hold: the line can't be whole, and shows it.
        return json.dumps({"entry": repr(record), "hash": repr(record.hash), "part": None})


def _people(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    people = select(*_PEOPLE).where(ChatterPerson.company_id == company_id).order_by(ChatterPerson.digest)
    yield from (dict(row) for row in session.execute(people).mappings())


def _heads(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    heads = select(*_HEADS).where(ChatterHead.company_id == company_id).order_by(ChatterHead.chain)
    yield from (dict(row) for row in session.execute(heads).mappings())


def _documents(session: Session, company_id: int) -> Iterator[Mapping[str, object]]:
    """Each document that an entry names and the store knows, once; its bytes follow unless they were erased."""
    used = select(ChatterEntryDocument.sha256).where(ChatterEntryDocument.company_id == company_id).distinct()
    columns = (
        StoredDocument.sha256,
        StoredDocument.media_type,
        StoredDocument.content.is_(None).label("erased"),
    )
    query = (
        select(*columns).where(StoredDocument.sha256.in_(used)).order_by(StoredDocument.sha256).limit(_BATCH)
    )
    last = ""
    while batch := session.execute(query.where(StoredDocument.sha256 > last)).mappings().all():
        yield from ({**row, "erased": bool(row["erased"])} for row in batch)
        last = batch[-1]["sha256"]


def _put_contents(session: Session, target: Target, company_id: int) -> None:
    content = select(StoredDocument.content)
    for document in _documents(session, company_id):
        if not document["erased"]:
            found = session.scalar(content.where(StoredDocument.sha256 == document["sha256"]))
            target.put(f"documents/{document['sha256']}", [found or b""])
