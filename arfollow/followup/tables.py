"""Tables of follow-ups and of the stored list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Minor, Table


class CustomerState(Table):
    """Where follow-up stands with a customer. `number` counts its follow-ups and is raised by Done.

    `other_message_on`: the day of the last message about money that was no follow-up's, and `other_message_of` what sent it.
    """

    __tablename__ = "customer_states"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    number: Mapped[int] = mapped_column(default=1)
    snoozed_until: Mapped[date | None]
    snoozed_on: Mapped[date | None]
    manual_on: Mapped[date | None]
    last_done_on: Mapped[date | None]
    last_deadline_days: Mapped[int] = mapped_column(default=0)
    last_message_on: Mapped[date | None]
    other_message_on: Mapped[date | None]
    other_message_of: Mapped[str] = mapped_column(String(20), default="", server_default="")
    last_contact_on: Mapped[date | None]
    last_contact_kind: Mapped[str] = mapped_column(String(8), default="")


class FollowUp(Table):
    """One cycle, from its first recorded action to Done. `before` holds what Undo puts back."""

    __tablename__ = "follow_ups"
    __table_args__ = (UniqueConstraint("customer_id", "number"), Index(None, "company_id", "done_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("levels.id"))
    opened_on: Mapped[date]
    last_action_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)


class FollowUpItem(Table):
    """An item frozen by the first recorded action, and the level it moves to at Done."""

    __tablename__ = "follow_up_items"

    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalments.id"), primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"), index=True)


class RecordedAction(Table):
    """An action taken with a customer; outside a follow-up (`follow_up_id` null) it moves no level."""

    __tablename__ = "recorded_actions"
    __table_args__ = (
        Index(None, "customer_id", "recorded_on"),
        Index(None, "company_id", "kind", "posted_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    recorded_on: Mapped[date]
    recorded_by: Mapped[str]
    level_id: Mapped[int | None] = mapped_column(ForeignKey("levels.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    document: Mapped[str] = mapped_column(String(64), default="")
    posted_on: Mapped[date | None]


_FILTERS = ("level_id", "responsible_id")
"""At the end of each sort's index, so that who is filtered out is passed over without opening its row."""


class ListRow(Table):
    """What the list shows of a customer on the company's today; see DESIGN section 4, the stored list.

    `changes_on`: the next day on which any of it changes by itself. `band` orders the list: a smaller one is more urgent.
    The keys are never null, so that every sort reads an index in order: `name_key` is the folded name and number, `due_key`
    is `oldest_due_on` or the last of all days, `next_key` the first of all days once listed, else `follow_up_on` or the last.
    A row is stale whose `rules_version` is below the company's; see ListRules.
    """

    __tablename__ = "list_rows"
    __table_args__ = (
        Index(
            "ix_list_rows_action_band", "company_id", "status", "band", "due_key", "customer_id", *_FILTERS
        ),
        Index("ix_list_rows_action_name", "company_id", "status", "name_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_action_due", "company_id", "status", "due_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_action_next", "company_id", "status", "next_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_overdue_name", "company_id", "has_overdue", "name_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_overdue_due", "company_id", "has_overdue", "due_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_overdue_next", "company_id", "has_overdue", "next_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_all_name", "company_id", "name_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_all_due", "company_id", "due_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_all_next", "company_id", "next_key", "customer_id", *_FILTERS),
        Index("ix_list_rows_level", "company_id", "level_id", "responsible_id", "status", "band"),
        Index("ix_list_rows_responsible", "company_id", "responsible_id", "status", "band"),
        Index("ix_list_rows_changes_on", "company_id", "changes_on"),
        Index("ix_list_rows_rules_version", "company_id", "rules_version"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(20), default="")
    band: Mapped[int]
    has_overdue: Mapped[bool]
    level_id: Mapped[int | None] = mapped_column(ForeignKey("levels.id"))
    actions: Mapped[list[Any]] = mapped_column(default=list)
    follow_up_on: Mapped[date | None]
    next_key: Mapped[date]
    oldest_due_on: Mapped[date | None]
    due_key: Mapped[date]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changes_on: Mapped[date | None]
    rules_version: Mapped[int] = mapped_column(default=0)


class ListRules(Table):
    """How often what decides about all of a company's list has changed: 1 without a row. So nobody has to touch all rows."""

    __tablename__ = "list_rules"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    version: Mapped[int]


class ListAmount(Table):
    """What a customer owes in one currency on the list's day; `unapplied` is credit not yet applied.

    `dues`: what it owes by due date, the earliest first: `[["2026-11-20", items, amount], …]`.
    """

    __tablename__ = "list_amounts"
    __table_args__ = (
        Index("ix_list_amounts_action_overdue", "company_id", "status", "currency", "overdue", "customer_id"),
        Index("ix_list_amounts_action_total", "company_id", "status", "currency", "total", "customer_id"),
        Index("ix_list_amounts_overdue", "company_id", "currency", "overdue", "customer_id"),
        Index("ix_list_amounts_total", "company_id", "currency", "total", "customer_id"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("list_rows.customer_id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    status: Mapped[str] = mapped_column(String(8))
    overdue: Mapped[int] = mapped_column(Minor)
    total: Mapped[int] = mapped_column(Minor)
    unapplied: Mapped[int] = mapped_column(Minor)
    dues: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class ListFigure(Table):
    """How many customers the list has that are alike in all that its filters ask, and what is overdue of theirs.

    A row without a currency (empty) counts customers. One with a currency counts those with an amount in it, and adds up
    `overdue`. No key is null: 0 stands for no level and for nobody. Changed with the rows, in the same transaction.
    """

    __tablename__ = "list_figures"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    status: Mapped[str] = mapped_column(String(8), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    has_overdue: Mapped[bool] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(primary_key=True)
    responsible_id: Mapped[int] = mapped_column(primary_key=True)
    customers: Mapped[int]
    overdue: Mapped[int] = mapped_column(Minor)


class ListDue(Table):
    """How many items of the list's customers are open that fall due on a day, and what they leave open.

    Added up from `ListAmount.dues`, and changed with them in the same transaction.
    """

    __tablename__ = "list_dues"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    due_date: Mapped[date] = mapped_column(primary_key=True)
    items: Mapped[int]
    amount: Mapped[int] = mapped_column(Minor)


class Presence(Table):
    """Who has a customer's page open; old rows mean nothing."""

    __tablename__ = "presences"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime]


class AutomaticDay(Table):
    """A company's day of automatic sending: announced, begun, finished. One that was not finished is taken up again."""

    __tablename__ = "automatic_days"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    announced_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
