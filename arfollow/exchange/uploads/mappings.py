"""Mappings that are kept under a name, for files of the same program to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.exchange.formats import CANONICAL, Format
from arfollow.exchange.mapping import mapping_of, shipped_mappings
from arfollow.exchange.uploads.tables import ImportMapping
from arfollow.values.refusals import N_, Refusal

LONGEST_NAME = 60


class MappingNameError(Refusal, ValueError):
    """A mapping cannot be kept under that name."""

    def __init__(self, name: str) -> None:
        if name:
            super().__init__(
                N_("The name “%(name)s” comes along with the program. Choose another one."), name=name
            )
        else:
            super().__init__(N_("The name is empty. Choose another one."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """A mapping with who kept it last, and the columns by which its files are recognised."""

    id: int
    name: str
    heading: tuple[str, ...]
    saved_at: datetime
    saved_by: str


def saved_mappings(session: Session, *, company_id: int) -> Sequence[SavedMapping]:
    """The company's mappings by name."""
    rows = session.scalars(
        select(ImportMapping).where(ImportMapping.company_id == company_id).order_by(ImportMapping.name)
    )
    return [
        SavedMapping(
            id=row.id,
            name=row.name,
            heading=tuple(row.definition.get("heading", ())),
            saved_at=row.saved_at,
            saved_by=row.saved_by,
        )
        for row in rows
    ]


def saved_formats(session: Session, *, company_id: int) -> Sequence[Format]:
    """The formats that the company's mappings describe."""
    rows = session.scalars(select(ImportMapping).where(ImportMapping.company_id == company_id))
    return [mapping_of(row.name, row.definition) for row in rows]


def save_mapping(
    session: Session, *, company_id: int, name: str, definition: Mapping[str, Any], who: str
) -> None:
    """Keep the mapping under the name, in place of what had it. Raise MappingNameError, MappingError."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or name in {each.name for each in (*shipped_mappings(), *CANONICAL)}:
        raise MappingNameError(name)
    mapping_of(name, definition)
    found = session.scalar(
        select(ImportMapping).where(ImportMapping.company_id == company_id, ImportMapping.name == name)
    )
    before = None if found is None else dict(found.definition)
    if before == definition:
        return
    if found is None:
        found = ImportMapping(
            company_id=company_id, name=name, definition={}, saved_at=clock.now(), saved_by=who
        )
        session.add(found)
    found.definition, found.saved_at, found.saved_by = dict(definition), clock.now(), who
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="mapping:saved" if before is None else "mapping:changed",
        who=who,
        text=f"Mapping “{name}” {'saved' if before is None else 'changed'}",
        facts={"mapping": name, **({} if before is None else {"before": before}), "after": dict(definition)},
    )


def remove_mapping(session: Session, *, company_id: int, mapping_id: int, who: str) -> str | None:
    """Forget the mapping; gives its name, None: the company has no such mapping."""
    found = session.scalar(
        select(ImportMapping).where(ImportMapping.id == mapping_id, ImportMapping.company_id == company_id)
    )
    if found is None:
        return None
    session.delete(found)
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="mapping:removed",
        who=who,
        text=f"Mapping “{found.name}” removed",
        facts={"mapping": found.name, "before": dict(found.definition)},
    )
    return found.name
