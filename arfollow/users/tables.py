"""Tables of users."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class User(Table):
    """A person who signs in. `session_key` changes with the password, which ends all sessions; no `language`: the company's."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    password_hash: Mapped[str]
    session_key: Mapped[str]
    one_time_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Membership(Table):
    """A user's role in one company."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))


class Absence(Table):
    """Days on which a user is away and another one stands in; both days are among them."""

    __tablename__ = "absences"
    __table_args__ = (
        Index(None, "company_id", "last_day"),
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("user_id <> stand_in_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]


class SignInFailure(Table):
    """A refused sign-in, kept for throttling."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "email", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str]
    at: Mapped[dt.datetime]
