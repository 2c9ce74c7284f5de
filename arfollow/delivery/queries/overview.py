"""The page of all deliveries of a company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from arfollow.delivery.queries.outgoing import DeliveryNotFoundError
from arfollow.delivery.rules import OPEN_QUESTIONS, State
from arfollow.delivery.tables import Delivery
from arfollow.receivables.tables import Customer

PAGE_SIZE = 50
_BATCH = 500


class View(StrEnum):
    """Which deliveries are shown."""

    ALL = "all"
    TO_DECIDE = "to-decide"
    ON_THE_WAY = "on-the-way"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class CustomerName:
    """Whom a delivery goes to."""

    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """A delivery as the page lists it, in the order of `at`, when it was queued."""

    id: int
    at: datetime
    customer: CustomerName | None
    channel: str
    recipient: str
    subject: str
    state: State
    explanation: str
    is_open: bool
    is_delivered: bool
    next_attempt_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    """One page of deliveries, newest first; `first` and `last` count from 1 and are 0 when there are none."""

    rows: tuple[DeliveryRow, ...]
    first: int
    last: int
    total: int


_IS_OPEN = and_(Delivery.state.in_(list(OPEN_QUESTIONS)), Delivery.decided_at.is_(None))
_STATES = {
    View.ON_THE_WAY: (State.QUEUED, State.SENDING, State.PRINTED),
    View.SENT: (State.SENT, State.POSTED),
    View.FAILED: (State.FAILED, State.RETURNED),
}
_CONDITIONS: dict[View, ColumnElement[bool]] = {
    View.TO_DECIDE: _IS_OPEN,
    View.ON_THE_WAY: Delivery.state.in_(_STATES[View.ON_THE_WAY]),
    View.SENT: Delivery.state.in_(_STATES[View.SENT]),
    View.FAILED: Delivery.state.in_(_STATES[View.FAILED]),
    View.UNCERTAIN: Delivery.state == State.UNCERTAIN,
    View.CANCELLED: Delivery.state == State.CANCELLED,
}


def counts(session: Session, *, company_id: int) -> dict[View, int]:
    """How many deliveries each view shows."""
    is_open = case((_IS_OPEN, 1), else_=0)
    query = select(Delivery.state, func.count(), func.sum(is_open)).where(Delivery.company_id == company_id)
    by_state = {
        State(state): (count, open_)
        for state, count, open_ in session.execute(query.group_by(Delivery.state))
    }

    def count(*states: State) -> int:
        return sum(by_state[state][0] for state in states if state in by_state)

    return {
        View.ALL: count(*State),
        View.TO_DECIDE: sum(open_ for _, open_ in by_state.values()),
        View.ON_THE_WAY: count(*_STATES[View.ON_THE_WAY]),
        View.SENT: count(*_STATES[View.SENT]),
        View.FAILED: count(*_STATES[View.FAILED]),
        View.UNCERTAIN: count(State.UNCERTAIN),
        View.CANCELLED: count(State.CANCELLED),
    }


def deliveries(session: Session, *, company_id: int, view: View, page: int) -> DeliveryPage:
    """The page (from 1) of a view; one beyond the last is empty."""
    total = counts(session, company_id=company_id)[view]
    query = _deliveries(company_id, view).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    rows = tuple(_row(delivery, number, name) for delivery, number, name in session.execute(query))
    first = (page - 1) * PAGE_SIZE + 1 if rows else 0
    return DeliveryPage(rows=rows, first=first, last=first + len(rows) - 1 if rows else 0, total=total)


def every_delivery(session: Session, *, company_id: int, view: View) -> Iterator[DeliveryRow]:
    """All of a view, newest first, read a few hundred at a time."""
    query, before = _deliveries(company_id, view).limit(_BATCH), None
    while True:
        older = query if before is None else query.where(Delivery.id < before)
        rows = [_row(delivery, number, name) for delivery, number, name in session.execute(older)]
        yield from rows
        if len(rows) < _BATCH:
            return
        before = rows[-1].id


def customer_of(session: Session, *, company_id: int, delivery_id: int) -> CustomerName | None:
    """Whom the delivery goes to, None: to the company's own people; raise DeliveryNotFoundError."""
    query = (
        select(Customer.number, Customer.name)
        .select_from(Delivery)
        .outerjoin(Customer, Customer.id == Delivery.customer_id)
        .where(Delivery.id == delivery_id, Delivery.company_id == company_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise DeliveryNotFoundError(delivery_id)
    return CustomerName(number=row.number, name=row.name) if row.number else None


def _deliveries(company_id: int, view: View) -> Select[Delivery, str, str]:
    query = (
        select(Delivery, Customer.number, Customer.name)
        .outerjoin(Customer, Customer.id == Delivery.customer_id)
        .where(Delivery.company_id == company_id)
        .order_by(Delivery.id.desc())
    )
    return query.where(_CONDITIONS[view]) if view in _CONDITIONS else query


def _row(delivery: Delivery, number: str | None, name: str | None) -> DeliveryRow:
    state = State(delivery.state)
    waits = state is State.QUEUED and delivery.attempts > 0
    return DeliveryRow(
        id=delivery.id,
        at=delivery.queued_at,
        customer=CustomerName(number=number, name=name) if number and name else None,
        channel=delivery.channel,
        recipient=delivery.recipient,
        subject=delivery.outgoing.get("subject", ""),
        state=state,
        explanation=delivery.explanation,
        is_open=state in OPEN_QUESTIONS and delivery.decided_at is None,
        is_delivered=delivery.delivered_at is not None,
        next_attempt_at=delivery.next_attempt_at if waits else None,
    )
