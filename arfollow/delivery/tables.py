"""Tables of the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Explanation, Table


def _index_of_texts(name: str, *columns: str) -> Index:
    """Few deliveries are text messages, and only they are looked for by these."""
    is_text = text("channel = 'sms'")
    return Index(name, *columns, sqlite_where=is_text, postgresql_where=is_text)


class Delivery(Table):
    """One message on its way out. `key` makes a second send impossible; `facts` are what the click froze.

    `customer_id` is empty for mail to the company's own people. `state` is one of `rules.State`. `token` fences a worker whose lease ran out. `outgoing` is what left, or was about to:
    written before the first byte. `decided_at`: when somebody closed the question that a failed or uncertain one left open.
    `reference`: what the gateway calls a text message; `delivered_at`: when it was on the telephone, as far as the gateway tells.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "customer_id", "state"),
        Index(None, "company_id", "state"),
        _index_of_texts("ix_deliveries_reference", "reference"),
        _index_of_texts("ix_deliveries_texts_message_id", "message_id"),
        _index_of_texts("ix_deliveries_texts_recipient", "recipient", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
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
    explanation: Mapped[str] = mapped_column(Explanation, default="")
    outgoing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reference: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
