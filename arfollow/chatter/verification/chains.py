"""One chain: its entries in order, their hashes, their erasable parts, and the head at its end."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from arfollow.chatter import rules
from arfollow.chatter.rules import GENESIS, Problem, Record
from arfollow.chatter.tables import ChatterHead
from arfollow.chatter.verification.reading import ENTRY_COLUMNS, SEQUENCE, EntryRow, batches, documents_of

CUSTOMER_ERASED = "customer:erased"
PERSON_ERASED = "person:erased"
_MOST_PROBLEMS = 100
_WIDTH = len(ENTRY_COLUMNS)


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
    erased_documents: dict[str, int] = field(default_factory=dict)
    erasures: defaultdict[int | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    outside: dict[int, set[str]] = field(default_factory=dict)
    agreed: int = 0
    without_personal: list[tuple[int, int | None]] = field(default_factory=list)

    def add(self, sequence: int, reason: str) -> None:
        """Keep a problem; the first hundred tell enough."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(chain=self.name, sequence=sequence, reason=reason))


def check_chain(
    session: Session, *, company_id: int, name: str, outside: Mapping[int, set[str]] | None = None
) -> Chain:
    """Read the whole chain, in batches. `outside`: hashes by sequence, as they were sent outside."""
    chain = Chain(company_id=company_id, name=name, outside=dict(outside or {}))
    _read_on(session, chain)
    head = _read_head(session, chain)
    # What came between the two reads is read, too: nobody has to stop working for a verification.
    while head is not None and head.sequence > chain.last and _read_on(session, chain):
        head = _read_head(session, chain)
    _check_head(chain, head)
    _check_end(chain)
    _resolve_erasures(chain)
    return chain


def _read_on(session: Session, chain: Chain) -> bool:
    """Check the entries after the last one; whether there were any."""
    before = chain.entries
    after = chain.last if chain.entries else None
    for batch in batches(session, company_id=chain.company_id, chain=chain.name, after=after):
        _check_batch(session, chain, batch)
    return chain.entries > before


def _check_batch(session: Session, chain: Chain, batch: Sequence[EntryRow]) -> None:
    documents = _read_documents(session, chain, batch)
    records = [Record._make((*row[:_WIDTH], documents.get(row[SEQUENCE], ()))) for row in batch]
    for problem in rules.problems(records, sequence=chain.last, head=chain.head):
        chain.add(problem.sequence, problem.reason)
    for record, row in zip(records, batch, strict=True):
        _check_personal(chain, record, row[_WIDTH:])
        if chain.outside:
            _check_outside(chain, record)
        chain.first_by_person.setdefault(record.who, record.sequence)
        if record.tag in (CUSTOMER_ERASED, PERSON_ERASED):
            _note_erasure(chain, record)
    chain.entries += len(records)
    chain.last, chain.head = records[-1].sequence, records[-1].hash


def _read_documents(
    session: Session, chain: Chain, batch: Sequence[EntryRow]
) -> dict[int, tuple[tuple[str, str], ...]]:
    rows = documents_of(session, company_id=chain.company_id, chain=chain.name, batch=batch)
    for sequence, documents in rows.items():
        positions = [position for position, _, _ in documents]
        if positions != list(range(len(positions))):
            chain.add(sequence, f"has documents at the positions {positions}")
    return {
        sequence: tuple((sha256, media_type) for _, sha256, media_type in documents)
        for sequence, documents in rows.items()
    }


def _check_personal(chain: Chain, record: Record, part: Sequence[Any]) -> None:
    customer, data, salt, text = part
    if salt is None:
        chain.without_personal.append((record.sequence, record.customer_id))
    elif not _is_intact(record.personal, salt=salt, text=text, customer=customer, data=data):
        chain.add(record.sequence, "was changed: its text or personal data are not those that were recorded")


def _is_intact(digest: str, **part: str) -> bool:
    try:
        return rules.personal_digest(**part) == digest
    except (TypeError, ValueError):
        return False


def _check_outside(chain: Chain, record: Record) -> None:
    """Compare with the head that was sent outside when the entry was the last."""
    sent = chain.outside.pop(record.sequence, None)
    if sent == {record.hash}:
        chain.agreed = record.sequence
    elif sent:
        reason = f"is not the one that was sent outside: all after entry {chain.agreed} is in doubt"
        chain.add(record.sequence, reason)


def _check_end(chain: Chain) -> None:
    """What was sent outside but is not there."""
    for sequence in chain.outside:
        first = min(chain.last + 1, sequence)
        chain.add(first, f"is missing: entry {sequence} was sent outside as the last")


def _note_erasure(chain: Chain, record: Record) -> None:
    if record.tag == CUSTOMER_ERASED:
        chain.erasures[record.customer_id].append(record.sequence)
        chain.erased_documents.update((sha256, record.sequence) for sha256, _ in record.documents)
    else:
        chain.erased_people.add(record.facts)


def _resolve_erasures(chain: Chain) -> None:
    """A part that is gone was erased by a later entry, or it is missing."""
    for sequence, customer_id in chain.without_personal:
        later = chain.erasures.get(customer_id, []) if customer_id is not None else []
        place = bisect_right(later, sequence)
        if place < len(later):
            chain.erased[sequence] = later[place]
        else:
            chain.add(sequence, "has lost its text and personal data, and no entry says they were erased")


def _read_head(session: Session, chain: Chain) -> Row[int, str] | None:
    head = select(ChatterHead.sequence, ChatterHead.hash).where(
        ChatterHead.company_id == chain.company_id, ChatterHead.chain == chain.name
    )
    return session.execute(head).one_or_none()


def _check_head(chain: Chain, head: Row[int, str] | None) -> None:
    if head is None and chain.entries == 0:
        return
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
