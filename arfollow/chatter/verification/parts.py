"""What stands beside the chain: people, and rows that belong to no entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from arfollow.chatter import rules
from arfollow.chatter.rules import Problem
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument, ChatterPerson, ChatterPersonal
from arfollow.chatter.verification.chains import Chain


def check_people(session: Session, *, company_id: int, chains: Sequence[Chain]) -> Iterator[Problem]:
    """Every `who` stands for a name that is as it was recorded, or that an entry says was erased; and nobody else is there."""
    columns = select(ChatterPerson.digest, ChatterPerson.salt, ChatterPerson.name)
    intact = set[str]()
    known = {digest for chain in chains for digest in chain.first_by_person}
    end = max((chain.last for chain in chains if chain.name == rules.MAIN), default=0) + 1
    for digest, salt, name in session.execute(columns.where(ChatterPerson.company_id == company_id)):
        if rules.person_digest(salt=salt, name=name) == digest:
            intact.add(digest)
        if digest not in known and not _has_written(session, company_id, digest):
            yield Problem(sequence=end, reason="does not exist, but a person is there who wrote no other")
    for chain in chains:
        for digest, sequence in chain.first_by_person.items():
            if digest not in intact and rules.canonical_json({"person": digest}) not in chain.erased_people:
                reason = "names a person who was changed or is gone, and no entry says they were erased"
                yield Problem(chain=chain.name, sequence=sequence, reason=reason)


def _has_written(session: Session, company_id: int, digest: str) -> bool:
    """Whether an entry was added meanwhile whose author this is."""
    entry = select(ChatterEntry.sequence).where(
        ChatterEntry.company_id == company_id, ChatterEntry.who == digest
    )
    return session.scalar(entry.limit(1)) is not None


def check_orphans(session: Session, *, company_id: int) -> Iterator[Problem]:
    """Rows that were added for entries that do not exist."""
    for part in (ChatterPersonal, ChatterEntryDocument):
        entry = select(ChatterEntry.sequence).where(
            and_(
                ChatterEntry.company_id == part.company_id,
                ChatterEntry.chain == part.chain,
                ChatterEntry.sequence == part.sequence,
            )
        )
        orphans = select(part.chain, part.sequence).where(part.company_id == company_id, ~entry.exists())
        for chain, sequence in session.execute(orphans.order_by(part.sequence).limit(1)):
            reason = f"does not exist, but a row of {part.__tablename__} belongs to it"
            yield Problem(chain=chain, sequence=sequence, reason=reason)
