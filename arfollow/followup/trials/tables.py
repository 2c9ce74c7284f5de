"""Tables of trials."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class PlanTrial(Table):
    """A plan as it is (`before`) and as it would be (`after`), tried on its customers from `day` on.

    `customers`: how many there are, `done`: of them so far, up to the id `reached`. `now` and `then`: the counts of
    `rules.tally` added up; `different`: the first customers whose contacts differ. `token` fences a worker whose lease ran out.
    `tries`: how often the part after `reached` was taken up; `failed`: it was given up, and what is there is not all.
    """

    __tablename__ = "plan_trials"
    # A page that names a trial which is gone must never show a newer one.
    __table_args__ = (
        Index(None, "company_id", "finished_at"),
        Index(None, "finished_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # No reference: a plan that was never used can be deleted, tried or not.
    plan_id: Mapped[int]
    day: Mapped[date]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    customers: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0)
    now: Mapped[dict[str, Any]] = mapped_column(default=dict)
    then: Mapped[dict[str, Any]] = mapped_column(default=dict)
    different: Mapped[list[Any]] = mapped_column(default=list)
    different_count: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    failed: Mapped[bool] = mapped_column(default=False)
