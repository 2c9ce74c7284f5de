"""One delivery, what is due, and what the worker asks about a company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.database import Instant, plain_rows
from arfollow.delivery import rules
from arfollow.delivery.protocol import QueuedDelivery
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery

# Made once: to build them anew would take longer than to run them.
_TIMEZONE = select(Company.timezone).where(Company.id == bindparam("company_id", type_=Integer()))
_ADDRESSES = select(Company.email, Company.website).where(
    Company.id == bindparam("company_id", type_=Integer())
)
_DELIVERY = select(*Delivery.__table__.columns).where(
    Delivery.id == bindparam("delivery_id", type_=Integer())
)
_DUE = (
    select(Delivery.id)
    .where(Delivery.state == State.QUEUED, Delivery.next_attempt_at <= bindparam("now", type_=Instant()))
    .limit(1)
)


class DeliveryNotFoundError(LookupError):
    """The company has no such delivery."""

    def __init__(self, delivery_id: int) -> None:
        super().__init__(f"There is no delivery {delivery_id}.")


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A document of a delivery: the message itself first, then its HTML, then its attachments."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class OutgoingDelivery:
    """A delivery with what left, or was about to. `frozen`: the facts of the click; `facts`: those of the message."""

    id: int
    company_id: int
    customer_id: int | None
    key: str
    purpose: str
    channel: str
    state: State
    message_id: str
    queued_by: str
    queued_at: datetime
    finished_at: datetime | None
    delivered_at: datetime | None
    attempts: int
    next_attempt_at: datetime
    recipient: str
    explanation: str
    is_decided: bool
    frozen: Mapping[str, Any]
    subject: str
    facts: Mapping[str, Any]
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """A delivery in the hands of a worker that is gone."""

    id: int
    company_id: int
    customer_id: int | None
    state: State
    token: int


def mail_domain(session: Session, *, company_id: int) -> str:
    """The domain that the company's Message-IDs end in."""
    company = plain_rows(session, _ADDRESSES, {"company_id": company_id}).one()
    return rules.domain_of(email=company.email, website=company.website)


def company_today(session: Session, *, company_id: int) -> date:
    """Today in the company's time zone."""
    return clock.today(plain_rows(session, _TIMEZONE, {"company_id": company_id}).scalar_one())


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether a delivery may be waiting for a worker; cheap, and a claim may still find none."""
    return plain_rows(session, _DUE, {"now": now}).first() is not None


def left_behind(session: Session, *, now: datetime) -> LeftBehind | None:
    """A delivery whose lease ran out while it was being sent, or for the last time while being prepared."""
    was_last = and_(Delivery.state == State.QUEUED, Delivery.attempts >= rules.MAX_ATTEMPTS)
    query = (
        select(Delivery.id, Delivery.company_id, Delivery.customer_id, Delivery.state, Delivery.token)
        .where(Delivery.lease_until < now, or_(Delivery.state == State.SENDING, was_last))
        .order_by(Delivery.id)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return LeftBehind(
        id=row.id,
        company_id=row.company_id,
        customer_id=row.customer_id,
        state=State(row.state),
        token=row.token,
    )


def queued_delivery(session: Session, *, delivery_id: int) -> QueuedDelivery:
    """The delivery as its preparer sees it; raise DeliveryNotFoundError."""
    found = outgoing_delivery(session, delivery_id=delivery_id)
    return QueuedDelivery(
        id=found.id,
        company_id=found.company_id,
        customer_id=found.customer_id,
        key=found.key,
        purpose=found.purpose,
        channel=found.channel,
        facts=found.frozen,
        message_id=found.message_id,
        queued_by=found.queued_by,
        queued_at=found.queued_at,
        attempts=found.attempts,
    )


def outgoing_delivery(
    session: Session, *, delivery_id: int, company_id: int | None = None
) -> OutgoingDelivery:
    """The delivery, of this company if one is named; raise DeliveryNotFoundError."""
    row = plain_rows(session, _DELIVERY, {"delivery_id": delivery_id}).one_or_none()
    if row is None or company_id not in (None, row.company_id):
        raise DeliveryNotFoundError(delivery_id)
    return OutgoingDelivery(
        id=row.id,
        company_id=row.company_id,
        customer_id=row.customer_id,
        key=row.key,
        purpose=row.purpose,
        channel=row.channel,
        state=State(row.state),
        message_id=row.message_id,
        queued_by=row.queued_by,
        queued_at=row.queued_at,
        finished_at=row.finished_at,
        delivered_at=row.delivered_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        recipient=row.recipient,
        explanation=row.explanation,
        is_decided=row.decided_at is not None,
        frozen=row.facts,
        subject=row.outgoing.get("subject", ""),
        facts=row.outgoing.get("facts", {}),
        files=tuple(
            StoredFile(name=name, media_type=media_type, sha256=sha256)
            for name, media_type, sha256 in row.outgoing.get("files", [])
        ),
    )
