"""Reads of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.api.tables import ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key as its page shows it."""

    id: int
    name: str
    public_id: str
    made_at: datetime
    made_by: str
    revoked_at: datetime | None
    revoked_by: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """What a request is verified by."""

    id: int
    company_id: int
    name: str
    nonce: str


def keys(session: Session, *, company_id: int) -> Sequence[KeyLine]:
    """The company's keys: those in force first, the latest first."""
    rows = session.scalars(
        select(ApiKey)
        .where(ApiKey.company_id == company_id)
        .order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    )
    return [
        KeyLine(
            id=row.id,
            name=row.name,
            public_id=row.public_id,
            made_at=row.made_at,
            made_by=row.made_by,
            revoked_at=row.revoked_at,
            revoked_by=row.revoked_by,
            used_at=row.used_at,
        )
        for row in rows
    ]


def signing_key(session: Session, *, public_id: str) -> SigningKey | None:
    """The key of that id, of whichever company; None where there is none in force."""
    row = session.scalar(select(ApiKey).where(ApiKey.public_id == public_id, ApiKey.revoked_at.is_(None)))
    if row is None:
        return None
    return SigningKey(id=row.id, company_id=row.company_id, name=row.name, nonce=row.nonce)
