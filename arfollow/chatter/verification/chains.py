"""One chain: its entries in order, their hashes, their erasable parts, and the head at its end."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from arfollow.chatter import rules
from arfollow.chatter.rules import GENESIS, Problem, Record
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument, ChatterHead, ChatterPersonal

CUSTOMER_ERASED = "customer:erased"
PERSON_ERASED = "person:erased"
_BATCH = 5_000
_MOST_PROBLEMS = 100
_COLUMNS = [getattr(ChatterEntry, name) for name in Record._fields[:-1]]
_PERSONAL = (ChatterPersonal.salt, ChatterPersonal.text, ChatterPersonal.customer, ChatterPersonal.data)
_PERSONAL_PART = and_(
    ChatterPersonal.company_id == ChatterEntry.company_id,
    ChatterPersonal.chain == ChatterEntry.chain,
    ChatterPersonal.sequence == ChatterEntry.sequence,
)


@dataclass(kw_only=True)
class Chain:
    """What is found out about a chain while it is read."""

    company_id: int
    name: str
    entries: int = 0
    last: int = 0
    head: str = GENESIS
    problems: list[Problem] = field(default_factory=list)
    first_by_person: dict[str, int] = field(default_factory=dict)
    erased: dict[int, int] = field(default_factory=dict)
    erased_people: set[str] = field(default_factory=set)
    erased_documents: set[str] = field(default_factory=set)
    erasures: defaultdict[int | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    without_personal: list[Record] = field(default_factory=list)

    def add(self, sequence: int, reason: str) -> None:
        """Keep a problem; the first hundred tell enough."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(chain=self.name, sequence=sequence, reason=reason))


def check_chain(session: Session, *, company_id: int, name: str) -> Chain:
    """Read the whole chain, in batches."""
    chain = Chain(company_id=company_id, name=name)
    _read_on(session, chain)
    head = _read_head(session, chain)
    # What came between the two reads is read, too: nobody has to stop working for a verification.
    while head is not None and head.sequence > chain.last and _read_on(session, chain):
        head = _read_head(session, chain)
    _check_head(chain, head)
    _resolve_erasures(chain)
    return chain


def _read_on(session: Session, chain: Chain) -> bool:
    """Check the entries after the last one; whether there were any."""
    before = chain.entries
    while batch := _next_batch(session, chain):
        _check_batch(session, chain, batch)
    return chain.entries > before


def _next_batch(session: Session, chain: Chain) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(*_COLUMNS, *_PERSONAL)
        .outerjoin(ChatterPersonal, _PERSONAL_PART)
        .where(ChatterEntry.company_id == chain.company_id, ChatterEntry.chain == chain.name)
        .order_by(ChatterEntry.sequence)
        .limit(_BATCH)
    )
    if chain.entries:
        query = query.where(ChatterEntry.sequence > chain.last)
    # By the connection: rows for the session cost twice the time.
    return session.connection().execute(query).all()


def _check_batch(session: Session, chain: Chain, batch: Sequence[Row[*tuple[Any, ...]]]) -> None:
    width = len(_COLUMNS)
    sequence = Record._fields.index("sequence")
    documents = _read_documents(session, chain, batch[0][sequence], batch[-1][sequence])
    records = [Record._make((*row[:width], documents.get(row[sequence], ()))) for row in batch]
    for problem in rules.problems(records, sequence=chain.last, head=chain.head):
        chain.add(problem.sequence, problem.reason)
    for record, row in zip(records, batch, strict=True):
        _check_personal(chain, record, row[width:])
        chain.first_by_person.setdefault(record.who, record.sequence)
        if record.tag in (CUSTOMER_ERASED, PERSON_ERASED):
            _note_erasure(chain, record)
    chain.entries += len(records)
    chain.last, chain.head = records[-1].sequence, records[-1].hash


def _read_documents(
    session: Session, chain: Chain, first: int, last: int
) -> dict[int, tuple[tuple[str, str], ...]]:
    rows = session.execute(
        select(
            ChatterEntryDocument.sequence,
            ChatterEntryDocument.position,
            ChatterEntryDocument.sha256,
            ChatterEntryDocument.media_type,
        )
        .where(
            ChatterEntryDocument.company_id == chain.company_id,
            ChatterEntryDocument.chain == chain.name,
            ChatterEntryDocument.sequence.between(first, last),
        )
        .order_by(ChatterEntryDocument.sequence, ChatterEntryDocument.position)
    )
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for sequence, position, sha256, media_type in rows:
        before = found.get(sequence, ())
        if position != len(before):
            chain.add(sequence, f"has a document at position {position} where {len(before)} was expected")
        found[sequence] = (*before, (sha256, media_type))
    return found


def _check_personal(chain: Chain, record: Record, part: Sequence[Any]) -> None:
    salt, text, customer, data = part
    if salt is None:
        chain.without_personal.append(record)
    elif not _is_intact(record.personal, salt=salt, text=text, customer=customer, data=data):
        chain.add(record.sequence, "was changed: its text or personal data are not those that were recorded")


def _is_intact(digest: str, **part: str) -> bool:
    try:
        return rules.personal_digest(**part) == digest
    except (TypeError, ValueError):
        return False


def _note_erasure(chain: Chain, record: Record) -> None:
    if record.tag == CUSTOMER_ERASED:
        chain.erasures[record.customer_id].append(record.sequence)
        chain.erased_documents.update(sha256 for sha256, _ in record.documents)
    else:
        chain.erased_people.add(record.facts)


def _resolve_erasures(chain: Chain) -> None:
    """A part that is gone was erased by a later entry, or it is missing."""
    for record in chain.without_personal:
        later = chain.erasures.get(record.customer_id, []) if record.customer_id is not None else []
        place = bisect_right(later, record.sequence)
        if place < len(later):
            chain.erased[record.sequence] = later[place]
        else:
            chain.add(
                record.sequence, "has lost its text and personal data, and no entry says they were erased"
            )


def _read_head(session: Session, chain: Chain) -> Row[int, str] | None:
    head = select(ChatterHead.sequence, ChatterHead.hash).where(
        ChatterHead.company_id == chain.company_id, ChatterHead.chain == chain.name
    )
    return session.execute(head).one_or_none()


def _check_head(chain: Chain, head: Row[int, str] | None) -> None:
    if head is None:
        chain.add(chain.last, "is the last, but its chain has no head")
    elif head.sequence > chain.last:
        chain.add(
            chain.last + 1, f"is missing: the head says that the chain goes on to entry {head.sequence}"
        )
    elif head.sequence < chain.last:
        chain.add(head.sequence + 1, "stands behind the head of its chain")
    elif head.hash != chain.head:
        chain.add(chain.last, "is the last, but the head has another hash")
