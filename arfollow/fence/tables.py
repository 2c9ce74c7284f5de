"""The table of the fence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class Fence(Table):
    """One row, its id always 1: what the database is to find around it, and whether something else was found.

    `number` is the count, raised while messages go out. `server` holds the PostgreSQL server's identity, and `written_by` the transaction
    that wrote the row last: a row that another one has put there was restored. `closed_because` is one of `rules.Reason`.
    """

    __tablename__ = "fence"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(BigInteger)
    counted_at: Mapped[datetime]
    server: Mapped[dict[str, Any]] = mapped_column(default=dict)
    written_by: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(default="")
    confirmed_because: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str] = mapped_column(String(16), default="")
    backed_up_at: Mapped[datetime | None]
