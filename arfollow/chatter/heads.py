"""Heads outside the database: a line a chain and day, that shows later that nothing was cut off or written anew.

One file a company and day, `company-1/2026-11-21.jsonl`, since a write-once share takes new files only. A file that has its
line is never touched again, however many workers come by.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter import rules
from arfollow.chatter.tables import ChatterEntryDocument, ChatterHead


@dataclass(frozen=True, kw_only=True)
class OutsideHead:
    """The last entry of a chain at an instant of a day, and how many documents the chain's entries had by then."""

    date: str
    at: str
    company: str
    company_id: int
    chain: str
    sequence: int
    hash: str
    documents: int


def file_of(folder: Path, *, company_id: int, day: date) -> Path:
    """The file of a company's heads of a day."""
    return folder / f"company-{company_id}" / f"{day.isoformat()}.jsonl"


def are_outside(folder: Path, *, company_id: int, day: date) -> bool:
    """Whether the day's line is there; cheap, no database is asked."""
    try:
        return file_of(folder, company_id=company_id, day=day).stat().st_size > 0
    except FileNotFoundError:
        return False


def current_heads(session: Session, *, company_id: int, company: str, day: date) -> Sequence[OutsideHead]:
    """The head of each chain of the company, as it stands; none before its first entry."""
    heads = select(ChatterHead.chain, ChatterHead.sequence, ChatterHead.hash).where(
        ChatterHead.company_id == company_id, ChatterHead.sequence > 0
    )
    return [
        OutsideHead(
            date=day.isoformat(),
            at=rules.instant_text(clock.now()),
            company=company,
            company_id=company_id,
            chain=row.chain,
            sequence=row.sequence,
            hash=row.hash,
            documents=_documents(session, company_id, row.chain, row.sequence),
        )
        for row in session.execute(heads.order_by(ChatterHead.chain))
    ]


def write_outside(folder: Path, *, company_id: int, day: date, heads: Sequence[OutsideHead]) -> bool:
    """Write the day's lines unless they are there; whether they were written. Raise OSError."""
    path = file_of(folder, company_id=company_id, day=day)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except PermissionError:
        # Another worker has been here: a finished file can only be read.
        return False
    with os.fdopen(descriptor, "ab") as file:
        # Some shares know no locks; then two workers at the same moment leave two lines, both of them true.
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_size > 0:
            return False
        file.write("".join(f"{_line(head)}\n" for head in heads).encode())
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), 0o444)
    return True


def read_outside(folder: Path, *, company_id: int, day: date) -> Sequence[Mapping[str, object]]:
    """The day's lines."""
    lines = file_of(folder, company_id=company_id, day=day).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _documents(session: Session, company_id: int, chain: str, sequence: int) -> int:
    of_chain = (
        ChatterEntryDocument.company_id == company_id,
        ChatterEntryDocument.chain == chain,
        ChatterEntryDocument.sequence <= sequence,
    )
    count = select(func.count(ChatterEntryDocument.sha256.distinct())).where(*of_chain)
    return session.execute(count).scalar_one()


def _line(head: OutsideHead) -> str:
    return json.dumps(asdict(head), ensure_ascii=False, separators=(",", ":"))
