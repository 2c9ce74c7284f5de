"""Tables of bulk runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table
from arfollow.followup.runs.rules import RowState, RunState


class BulkRun(Table):
    """Customers that somebody works at once, on `day`. `state` is a RunState; `who` is recorded with each action.

    `has_more`: more were chosen than a run takes, and these are the first. `list_query`: the view of the list that
    it was chosen from, without what was searched for, which may name somebody who is erased later. `ended_by`: who cancelled it.
    """

    __tablename__ = "bulk_runs"
    # A preflight that was replaced takes its id with it: what an old page names must never be a newer one.
    __table_args__ = (
        Index(None, "company_id", "state"),
        Index(None, "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str]
    day: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default=RunState.PREPARED)
    marks_done: Mapped[bool] = mapped_column(default=True)
    has_more: Mapped[bool] = mapped_column(default=False)
    list_query: Mapped[str] = mapped_column(default="")
    prepared_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")


class BulkRunRow(Table):
    """One customer of a run, in the list's order. `state` is a RowState, `why` a Why or empty, `explanation` whose doing it is.

    The preflight froze `number` (of the follow-up), `level_id`, `sends`, `remains` and `claimed` (minor units by currency).
    `token` fences a worker whose lease ran out, and counts how often the row was begun.
    """

    __tablename__ = "bulk_run_rows"
    __table_args__ = (UniqueConstraint("run_id", "customer_id"), Index(None, "run_id", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_runs.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[int]
    level_id: Mapped[int | None] = mapped_column(ForeignKey("levels.id"))
    sends: Mapped[list[Any]] = mapped_column(default=list)
    remains: Mapped[list[Any]] = mapped_column(default=list)
    claimed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(8), default=RowState.WAITING)
    why: Mapped[str] = mapped_column(String(16), default="")
    explanation: Mapped[str] = mapped_column(default="")
    marked_done: Mapped[bool] = mapped_column(default=False)
    email_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
