"""Tables of text messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class ReceivedText(Table):
    """A text message that somebody sent to the company's number. `reference`: what the gateway calls it; it is taken once.

    `customer_id` is empty while nobody knows whose it is. `settled_at`: when it was assigned, by `settled_by` or by its number (then
    empty), or put aside.
    """

    __tablename__ = "received_texts"
    __table_args__ = (
        UniqueConstraint("reference", "sender"),
        Index(None, "company_id", "settled_at"),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    reference: Mapped[str] = mapped_column(String(200))
    sender: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(40))
    text: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(default="")
