"""Tables of profiles; `company_id` is on every row that is asked for by company."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class CustomerField(Table):
    """A field of the company's own. `day`: its value as a date, where it is one."""

    __tablename__ = "customer_fields"
    __table_args__ = (Index(None, "company_id", "name", "day"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    value: Mapped[str]
    day: Mapped[dt.date | None]


class CustomerList(Table):
    """A segment that customers are on; a campaign if it has a `day`. `time`: as HH:MM, or empty."""

    __tablename__ = "customer_lists"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    day: Mapped[dt.date | None]
    time: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(default="")
    map_link: Mapped[str] = mapped_column(default="")


class ListMember(Table):
    """A customer on a list."""

    __tablename__ = "customer_list_members"

    list_id: Mapped[int] = mapped_column(ForeignKey("customer_lists.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True, index=True)
    since: Mapped[dt.date]


class Consent(Table):
    """Whether a customer agreed to marketing by a channel, since when and by what; the last word counts."""

    __tablename__ = "consents"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    given: Mapped[bool]
    at: Mapped[dt.datetime]
    source: Mapped[str]


class CustomerEvent(Table):
    """Something that happened to a customer. `key` tells it from others of its kind; `of`: what it answers, such as a step.

    The database takes the same event of a kind and key but once. `handled`: whoever waits for such events has been told of
    it; those that have not are in an index of their own, since transactions are not committed in the order of their ids.
    """

    __tablename__ = "customer_events"
    __table_args__ = (
        UniqueConstraint("company_id", "customer_id", "kind", "key"),
        Index(None, "customer_id", "at"),
        Index(None, "company_id", "at"),
        Index(
            "ix_customer_events_new",
            "at",
            "id",
            sqlite_where=text("handled = 0"),
            postgresql_where=text("NOT handled"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime]
    of: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    handled: Mapped[bool] = mapped_column(default=False)
