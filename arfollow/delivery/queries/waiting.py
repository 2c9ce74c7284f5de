"""Messages that wait while nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.receivables.tables import Customer


@dataclass(frozen=True, kw_only=True)
class WaitingMessage:
    """A queued message. The customer's number and name are empty for mail to the company's own people."""

    id: int
    customer_number: str
    customer_name: str
    recipient: str
    queued_at: datetime
    queued_by: str


def waiting_messages(session: Session, *, company_id: int, limit: int | None) -> Sequence[WaitingMessage]:
    """The company's queued messages, those that have waited longest first."""
    query = (
        select(Delivery, Customer.number, Customer.name)
        .outerjoin(Customer, Customer.id == Delivery.customer_id)
        .where(Delivery.company_id == company_id, Delivery.state == State.QUEUED)
        .order_by(Delivery.queued_at, Delivery.id)
        .limit(limit)
    )
    return [
        WaitingMessage(
            id=delivery.id,
            customer_number=number or "",
            customer_name=name or "",
            recipient=delivery.recipient,
            queued_at=delivery.queued_at,
            queued_by=delivery.queued_by,
        )
        for delivery, number, name in session.execute(query)
    ]


def count_waiting(session: Session, *, company_id: int | None = None) -> int:
    """How many messages are queued: of the company, or of all."""
    query = select(func.count()).select_from(Delivery).where(Delivery.state == State.QUEUED)
    return (
        session.scalar(query if company_id is None else query.where(Delivery.company_id == company_id)) or 0
    )


def waiting_ids(session: Session, *, company_id: int) -> Sequence[int]:
    """The ids of all of them, by customer: in that order they are locked."""
    query = select(Delivery.id).where(Delivery.company_id == company_id, Delivery.state == State.QUEUED)
    return session.scalars(query.order_by(Delivery.customer_id, Delivery.id)).all()
