"""Checking a company's chatter: each chain and its head, what may be erased, the people, the documents' bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from arfollow.chatter.rules import MAIN, Problem
from arfollow.chatter.tables import (
    ChatterEntry,
    ChatterEntryDocument,
    ChatterHead,
    ChatterPerson,
    ChatterPersonal,
)
from arfollow.chatter.verification.chains import Chain, check_chain
from arfollow.chatter.verification.documents import check_documents
from arfollow.chatter.verification.parts import check_orphans, check_people

_COMPANIES = (
    ChatterHead.company_id,
    ChatterEntry.company_id,
    ChatterPersonal.company_id,
    ChatterEntryDocument.company_id,
    ChatterPerson.company_id,
)


Heads: TypeAlias = Mapping[tuple[str, int], set[str]]
"""Hashes by chain and sequence; more than one for a place, and none of them can be trusted."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome for a company. `erased`: by sequence, the later entry that says why; `problems`: the first
    bad entry first.
    """

    company_id: int
    entries: int
    head: str
    documents: int
    erased: Mapping[int, int]
    problems: Sequence[Problem]

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(session: Session, *, company_id: int, outside: Heads | None = None) -> Report:
    """Read everything, change nothing. Entries that are added meanwhile are checked as well.

    `outside`: heads that were sent outside, to be found where they were.
    """
    outside = outside or {}
    chains = [
        check_chain(session, company_id=company_id, name=name, outside=_of_chain(outside, name))
        for name in sorted({*_chains(session, company_id), *(chain for chain, _ in outside)})
    ]
    documents = check_documents(session, company_id=company_id, chains=chains)
    problems = [
        *(problem for chain in chains for problem in chain.problems),
        *check_people(session, company_id=company_id, chains=chains),
        *check_orphans(session, company_id=company_id),
        *documents.problems,
    ]
    return Report(
        company_id=company_id,
        entries=sum(chain.entries for chain in chains),
        head=_head(chains),
        documents=documents.count,
        erased={sequence: by for chain in chains for sequence, by in chain.erased.items()},
        problems=sorted(problems, key=_place),
    )


def companies_with_chatter(session: Session) -> Sequence[int]:
    """Every company id that stands anywhere in the chatter."""
    return sorted(session.scalars(union(*(select(column).distinct() for column in _COMPANIES))))


def _of_chain(outside: Heads, name: str) -> dict[int, set[str]]:
    return {sequence: hashes for (chain, sequence), hashes in outside.items() if chain == name}


def _chains(session: Session, company_id: int) -> Sequence[str]:
    heads = select(ChatterHead.chain).where(ChatterHead.company_id == company_id)
    entries = select(ChatterEntry.chain).where(ChatterEntry.company_id == company_id).distinct()
    return session.scalars(union(heads, entries)).all()


def _place(problem: Problem) -> tuple[bool, str, int]:
    return problem.chain != MAIN, problem.chain, problem.sequence


def _head(chains: Sequence[Chain]) -> str:
    return next((chain.head for chain in chains if chain.name == MAIN), "")
