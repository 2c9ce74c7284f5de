"""Tables of the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class Delivery(Table):
    """One message on its way out. `key` makes a second send impossible; `facts` are what the click froze.

    States: queued, sending, sent, failed, uncertain, cancelled. `token` fences a worker whose lease ran out.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_attempt_at"), Index(None, "customer_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    key: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    facts: Mapped[dict[str, Any]]
    message_id: Mapped[str]
    queued_by: Mapped[str]
    queued_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(default=0)
    recipient: Mapped[str] = mapped_column(default="")
    explanation: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]
