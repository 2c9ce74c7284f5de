"""Tables of plans and levels."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class Plan(Table):
    """An ordered set of levels; a used one is retired, never deleted. `minimum_amounts`: minor units by currency."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[str] = mapped_column(String(8), default="step")
    minimum_amounts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    contact_gap_days: Mapped[int] = mapped_column(default=0)
    repeat_last_after_days: Mapped[int | None]
    review_after_days: Mapped[int | None]
    promise_grace_days: Mapped[int] = mapped_column(default=0)
    retired_on: Mapped[date | None]


class Level(Table):
    """A step of a plan; a used one is retired, never deleted. `actions`: of email, letter, todo, in order.

    `responsible`: whom its to-do is for, a `drafts.Responsible`; `responsible_id`: that user, where it is one.
    """

    __tablename__ = "levels"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    timing: Mapped[str] = mapped_column(String(20), default="after_due")
    days: Mapped[int]
    deadline_days: Mapped[int] = mapped_column(default=0)
    actions: Mapped[list[Any]] = mapped_column(default=list)
    attach_statement: Mapped[bool] = mapped_column(default=True)
    attach_letter: Mapped[bool] = mapped_column(default=False)
    attach_items: Mapped[bool] = mapped_column(default=False)
    email_automatic: Mapped[bool] = mapped_column(default=False)
    responsible: Mapped[str] = mapped_column(String(8), default="customer")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    retired_on: Mapped[date | None]


class LevelFile(Table):
    """A file that goes with every e-mail of a level; its bytes are a document of the chatter."""

    __tablename__ = "level_files"
    __table_args__ = (UniqueConstraint("level_id", "filename"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class Wording(Table):
    """One version of a level's words in one language; versions are added, never changed. The highest is in force."""

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("level_id", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"))
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    email_subject: Mapped[str]
    email_body: Mapped[str]
    letter_title: Mapped[str]
    letter_body: Mapped[str]
    todo: Mapped[str] = mapped_column(default="")
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class PlanAssignment(Table):
    """A customer's own plan; a null plan means no follow-up. No row: the company's default plan."""

    __tablename__ = "plan_assignments"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), index=True)


class ItemPlace(Table):
    """Where follow-up has got to with an instalment: last followed at this level on this day."""

    __tablename__ = "item_places"

    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalments.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"), index=True)
    followed_on: Mapped[date]
