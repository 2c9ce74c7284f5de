"""Where deliveries stand, in a line each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from arfollow.delivery.rules import OPEN_QUESTIONS, State, key_of_next_copy
from arfollow.delivery.tables import Delivery


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a delivery stands, for a line on a page. `is_open`: it waits for somebody to decide."""

    id: int
    key: str
    customer_id: int
    channel: str
    state: State
    explanation: str
    at: datetime
    is_open: bool


def progress(session: Session, *, delivery_ids: Collection[int]) -> dict[int, Progress]:
    """Where these deliveries stand, by id; one that was sent again stands where its latest copy does."""
    if not delivery_ids:
        return {}
    latest = {one.id: one for one in _progress(session, Delivery.id.in_(delivery_ids))}
    originals = {key_of_next_copy(one.key): one.id for one in latest.values()}
    while originals:
        copies = _progress(session, Delivery.key.in_(list(originals)))
        latest |= {originals[copy.key]: copy for copy in copies}
        originals = {key_of_next_copy(copy.key): originals[copy.key] for copy in copies}
    return latest


def open_questions(session: Session, *, customer_ids: Collection[int]) -> dict[int, tuple[Progress, ...]]:
    """Failed and uncertain deliveries that wait for a decision, by customer, oldest first: these customers do not escalate."""
    found: dict[int, tuple[Progress, ...]] = {}
    is_open = and_(Delivery.state.in_(OPEN_QUESTIONS), Delivery.decided_at.is_(None))
    for one in _progress(session, and_(Delivery.customer_id.in_(customer_ids), is_open)):
        found[one.customer_id] = (*found.get(one.customer_id, ()), one)
    return found


def _progress(session: Session, condition: Any) -> list[Progress]:
    query = select(
        Delivery.id,
        Delivery.key,
        Delivery.customer_id,
        Delivery.channel,
        Delivery.state,
        Delivery.explanation,
        Delivery.queued_at,
        Delivery.finished_at,
        Delivery.decided_at,
    ).where(condition)
    return [
        Progress(
            id=row.id,
            key=row.key,
            customer_id=row.customer_id,
            channel=row.channel,
            state=State(row.state),
            explanation=row.explanation,
            at=row.finished_at or row.queued_at,
            is_open=row.state in OPEN_QUESTIONS and row.decided_at is None,
        )
        for row in session.execute(query.order_by(Delivery.id))
    ]
