"""Letters that were printed, and whether they were posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import RecordedAction
from arfollow.levels.tables import Level
from arfollow.receivables.tables import Customer

MOST = 500
FOLLOW_UP = "follow-up"
"""The purpose of letters of levels, and of plain statements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLetter:
    """A letter that waits to be posted. `level`: of one that is no follow-up's its title; empty: a plain statement."""

    delivery_id: int
    number: str
    name: str
    level: str
    printed_on: date
    printed_by: str
    document: str


def letters_to_post(
    session: Session, *, company_id: int, limit: int | None = MOST
) -> Sequence[PrintedLetter]:
    """Letters that were printed and not yet said to be posted, the oldest first, at most `limit`."""
    rows = session.execute(
        select(
            Delivery,
            Customer.number,
            Customer.name,
            Level.name,
            Company.timezone,
        )
        .join(Company, Company.id == Delivery.company_id)
        .join(Customer, Customer.id == Delivery.customer_id)
        .outerjoin(RecordedAction, RecordedAction.delivery_id == Delivery.id)
        .outerjoin(Level, Level.id == RecordedAction.level_id)
        .where(*_waiting(company_id))
        .order_by(Delivery.queued_at, Delivery.id)
        .limit(limit)
    )
    return [
        PrintedLetter(
            delivery_id=delivery.id,
            number=number,
            name=name,
            level=level or ("" if delivery.purpose == FOLLOW_UP else delivery.outgoing["subject"]),
            printed_on=_day(delivery.queued_at, timezone),
            printed_by=delivery.queued_by,
            document=delivery.outgoing["files"][0][2],
        )
        for delivery, number, name, level, timezone in rows
    ]


def _day(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()


def delivery_of_letter(session: Session, *, customer_id: int, action_id: int) -> int | None:
    """The delivery of a printed letter of the customer's follow-up; None: there is no such letter."""
    return session.scalar(
        select(RecordedAction.delivery_id).where(
            RecordedAction.id == action_id,
            RecordedAction.customer_id == customer_id,
            RecordedAction.kind == "letter",
        )
    )


def count_letters_to_post(session: Session, *, company_id: int) -> int:
    """How many there are."""
    return session.scalar(select(func.count(Delivery.id)).where(*_waiting(company_id))) or 0


def _waiting(company_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.company_id == company_id, Delivery.state == State.PRINTED)


def is_letter_of(session: Session, *, customer_id: int, sha256: str) -> date | None:
    """The day on which this document was printed as a letter to the customer; None: it is none of theirs."""
    return session.scalar(
        select(RecordedAction.recorded_on)
        .where(
            RecordedAction.customer_id == customer_id,
            RecordedAction.kind == "letter",
            RecordedAction.document == sha256,
        )
        .order_by(RecordedAction.id)
        .limit(1)
    )
