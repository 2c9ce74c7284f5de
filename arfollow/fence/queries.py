"""Reads of the fence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, literal_column, null, select
from sqlalchemy.orm import Session

from arfollow.database import plain_rows
from arfollow.fence.rules import Reason, Server
from arfollow.fence.tables import Fence

_CLOSED = select(Fence.id).where(Fence.id == 1, Fence.closed_at.is_not(None))
_COLUMNS = [column for column in Fence.__table__.columns if column.name != "id"]
# Made once: to build it anew would take longer than to run it.
_STANDING = {
    dialect: select(*_COLUMNS, cast(version, Text).label("version")).where(Fence.id == 1)
    for dialect, version in (("postgresql", literal_column("xmin")), ("sqlite", null()))
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the fence stands, as far as the database knows. `closed_because` is None while it is open.

    `backed_up_at`: when the backup was made that the database was restored from.
    """

    epoch: str
    count: int
    counted_at: datetime
    server: Server
    is_own_row: bool
    confirmed_at: datetime
    confirmed_by: str
    confirmed_because: str
    closed_at: datetime | None
    closed_because: Reason | None
    backed_up_at: datetime | None


def standing(session: Session) -> Standing | None:
    """How the fence stands; None: nobody has looked yet, the database is new."""
    statement = _STANDING[session.get_bind().dialect.name]
    row = plain_rows(session, statement, {}).one_or_none()
    if row is None:
        return None
    return Standing(
        epoch=row.epoch,
        count=row.number,
        counted_at=row.counted_at,
        server=Server(**{"system": None, "timeline": None, "database": None, **row.server}),
        is_own_row=row.version is None or int(row.version) == row.written_by,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        confirmed_because=row.confirmed_because,
        closed_at=row.closed_at,
        closed_because=Reason(row.closed_because) if row.closed_at else None,
        backed_up_at=row.backed_up_at,
    )


def is_closed(session: Session) -> bool:
    """Whether nothing is sent, as far as has been noticed: the worker looks before each message, a page only reads."""
    return session.scalar(_CLOSED) is not None
