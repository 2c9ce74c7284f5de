"""Whose e-mail goes out by itself, and what went out so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM
from arfollow.followup.rules import Status
from arfollow.followup.tables import AutomaticDay, ListAmount, ListRow, RecordedAction
from arfollow.levels.rules.explaining import Code
from arfollow.levels.tables import Level, Plan
from arfollow.receivables.tables import Customer
from arfollow.values.money import Money

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticCustomer:
    """A customer, the level whose e-mail goes out or went out, and what is overdue."""

    number: str
    name: str
    level: str
    overdue: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """How far a company's day of automatic sending has come."""

    announced_at: datetime | None
    is_finished: bool


def day_of(session: Session, *, company_id: int, day: date) -> DayState:
    """The state of the company's day, also of one that has not begun."""
    row = session.get(AutomaticDay, (company_id, day), populate_existing=True)
    return DayState(
        announced_at=row.announced_at if row else None,
        is_finished=row is not None and row.finished_at is not None,
    )


def companies_with_automatic_levels(session: Session) -> Sequence[int]:
    """The companies in which a manager has marked a level that is in use."""
    return session.scalars(
        select(Plan.company_id)
        .join(Level, Level.plan_id == Plan.id)
        .where(Level.email_automatic, Level.retired_on.is_(None), Plan.retired_on.is_(None))
        .distinct()
        .order_by(Plan.company_id)
    ).all()


def due_customers(session: Session, *, company_id: int) -> Iterator[int]:
    """The ids of the customers whose level is due and has an automatic e-mail, a batch at a time.

    Nothing is held while the caller works on one: it may end the transaction.
    """
    after = 0
    while True:
        rows = session.execute(
            select(ListRow.customer_id, ListRow.actions)
            .join(Level, Level.id == ListRow.level_id)
            .where(*_due(company_id), ListRow.customer_id > after)
            .order_by(ListRow.customer_id)
            .limit(_BATCH)
        ).all()
        session.rollback()
        if not rows:
            return
        yield from (row.customer_id for row in rows if "email" in row.actions)
        after = rows[-1].customer_id


def count_due(session: Session, *, company_id: int) -> int:
    """How many they are."""
    actions = session.scalars(
        select(ListRow.actions).join(Level, Level.id == ListRow.level_id).where(*_due(company_id))
    )
    return sum("email" in each for each in actions)


def next_to_go_out(session: Session, *, company_id: int, limit: int | None) -> list[AutomaticCustomer]:
    """The first of them, by name."""
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, Level.name.label("level"), ListRow.actions)
        .join(ListRow, ListRow.customer_id == Customer.id)
        .join(Level, Level.id == ListRow.level_id)
        .where(*_due(company_id))
        .order_by(ListRow.name_key)
        .limit(limit)
    ).all()
    return _with_amounts(session, [row for row in rows if "email" in row.actions])


def gone_out(session: Session, *, company_id: int, day: date, limit: int | None) -> list[AutomaticCustomer]:
    """The first of those whose e-mail was queued by the program on the day, by name."""
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, func.coalesce(Level.name, "").label("level"))
        .join(RecordedAction, RecordedAction.customer_id == Customer.id)
        .outerjoin(Level, Level.id == RecordedAction.level_id)
        .where(*_sent(company_id, day))
        .order_by(Customer.name, Customer.id)
        .limit(limit)
    ).all()
    return _with_amounts(session, rows)


def count_gone_out(session: Session, *, company_id: int, day: date) -> int:
    """How many e-mails the program has queued by itself on the day."""
    return session.scalar(select(func.count(RecordedAction.id)).where(*_sent(company_id, day))) or 0


def _due(company_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ListRow.company_id == company_id,
        ListRow.status == Status.ACTION.value,
        ListRow.reason == Code.LEVEL.value,
        Level.email_automatic.is_(True),
    )


def _sent(company_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        RecordedAction.company_id == company_id,
        RecordedAction.recorded_on == day,
        RecordedAction.recorded_by == SYSTEM,
        RecordedAction.kind == "email",
    )


def _with_amounts(session: Session, rows: Sequence[Any]) -> list[AutomaticCustomer]:
    amounts: dict[int, list[Money]] = {}
    for amount in session.scalars(
        select(ListAmount)
        .where(ListAmount.customer_id.in_([row.id for row in rows]), ListAmount.overdue > 0)
        .order_by(ListAmount.currency)
    ):
        amounts.setdefault(amount.customer_id, []).append(Money(amount.currency, amount.overdue))
    return [
        AutomaticCustomer(
            number=row.number, name=row.name, level=row.level, overdue=tuple(amounts.get(row.id, ()))
        )
        for row in rows
    ]
