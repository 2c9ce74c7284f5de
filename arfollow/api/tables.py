"""Tables of what other programs tell."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class ApiKey(Table):
    """A key by which another program signs. Its secret is nowhere: it is made anew of `nonce` and the installation's secret.

    `requests`: how many there were in `minute`.
    """

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("public_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    name: Mapped[str]
    public_id: Mapped[str] = mapped_column(String(24))
    nonce: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str] = mapped_column(default="")
    minute: Mapped[dt.datetime | None]
    requests: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None]
