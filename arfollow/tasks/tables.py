"""Tables of tasks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class Task(Table):
    """A to-do about a customer; state: open, done or skipped (then `outcome` is the reason). `text`: what helps to do it."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index(None, "customer_id", "state", "due_on"),
        Index(None, "company_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="", server_default="")
    due_on: Mapped[date]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(8), default="open")
    outcome: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
