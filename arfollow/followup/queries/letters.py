"""Letters that were printed, and whether they were posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import RecordedAction
from arfollow.levels.tables import Level
from arfollow.receivables.tables import Customer

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLetter:
    """A letter that waits to be posted. `level` empty: a plain statement."""

    action_id: int
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
        select(RecordedAction, Customer.number, Customer.name, Level.name)
        .join(Delivery, Delivery.id == RecordedAction.delivery_id)
        .join(Customer, Customer.id == RecordedAction.customer_id)
        .outerjoin(Level, Level.id == RecordedAction.level_id)
        .where(*_waiting(company_id))
        .order_by(RecordedAction.recorded_on, RecordedAction.id)
        .limit(limit)
    )
    return [
        PrintedLetter(
            action_id=action.id,
            number=number,
            name=name,
            level=level or "",
            printed_on=action.recorded_on,
            printed_by=action.recorded_by,
            document=action.document,
        )
        for action, number, name, level in rows
    ]


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
