"""One step of a delivery: the conditional update, and the chatter entry of what became of it.

Whoever takes a step locks the customer first, then the delivery, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import Table, plain_rows, touch
from arfollow.delivery import queries
from arfollow.delivery.protocol import QueuedDelivery
from arfollow.delivery.queries import OutgoingDelivery
from arfollow.delivery.rules import State, may_follow
from arfollow.delivery.tables import Delivery
from arfollow.receivables.operations.lookup import lock_customers
from arfollow.values.refusals import Remark
from arfollow.values.remarks import kept

_listeners: list[Callable[[Session, OutgoingDelivery, str], None]] = []


def on_outcome(listener: Callable[[Session, OutgoingDelivery, str], None]) -> None:
    """Register who is told, in the transaction, what became of a delivery: sent, failed, cancelled, …; `app.py` does."""
    if listener not in _listeners:
        _listeners.append(listener)


def lock_recipient(session: Session, *, company_id: int, customer_id: int | None) -> None:
    """Lock the customer that a delivery goes to; mail to the company's own people has none."""
    if customer_id is not None:
        lock_customers(session, company_id=company_id, customer_ids=[customer_id])


def lock_recipients(session: Session, deliveries: Iterable[QueuedDelivery]) -> None:
    """The same for several deliveries, in the order of their ids, so that no two wait for each other."""
    of: dict[int, set[int]] = {}
    for each in deliveries:
        if each.customer_id is not None:
            of.setdefault(each.company_id, set()).add(each.customer_id)
    for company_id in sorted(of):
        lock_customers(session, company_id=company_id, customer_ids=of[company_id])


def move(
    session: Session,
    *,
    delivery_id: int,
    before: State,
    after: State,
    token: int | None = None,
    **values: Any,
) -> bool:
    """Set state and values; False: it was not in state `before` any more, or another claim has raised the token."""
    if before is not after and not may_follow(before, after):
        raise ValueError(f"A delivery does not go from {before} to {after}.")
    # The plain table: past the ORM, which takes longer about it than the database.
    deliveries = Table.metadata.tables[Delivery.__tablename__]
    statement = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state == before)
    if token is not None:
        statement = statement.where(deliveries.c.token == token)
    return changes_one(session, statement.values(state=after, **values))


def changes_one(session: Session, statement: Any) -> bool:
    """Run an UPDATE; whether it changed its one row."""
    return plain_rows(session, statement, {}).rowcount == 1


def tell(
    session: Session, *, delivery_id: int, action: str, who: str, text: str, is_listed: bool = True
) -> None:
    """Record in the chatter what became of the delivery, with what was sent, or was about to be.

    A notice to colleagues is told of the customer that its frozen facts name as `customer`, and goes with it when it is erased.
    `is_listed`: the list may show it; to refresh a customer takes as long as to record.
    """
    delivery = queries.outgoing_delivery(session, delivery_id=delivery_id)
    record(
        session,
        company_id=delivery.company_id,
        customer_id=delivery.customer_id or delivery.frozen.get("customer"),
        tag=f"{_subject(delivery)}:{action}",
        who=who,
        text=str(text),
        facts={
            **delivery.facts,
            "delivery": delivery.id,
            "key": delivery.key,
            "message_id": delivery.message_id,
            "attempts": delivery.attempts,
            "files": [[file.name, file.sha256] for file in delivery.files],
            **_why(delivery, action),
        },
        personal={"recipient": delivery.recipient, "answer": str(delivery.explanation)},
        documents=[file.sha256 for file in delivery.files],
    )
    if is_listed and delivery.customer_id is not None:
        touch(session, [delivery.customer_id])
    for listener in _listeners:
        listener(session, delivery, action)


def _why(delivery: OutgoingDelivery, action: str) -> dict[str, Any]:
    """Why it was cancelled, as readers of any language can be told; nothing where somebody said it in their own words."""
    why = delivery.explanation
    return {"why": kept(why)} if action == State.CANCELLED and isinstance(why, Remark) else {}


def _subject(delivery: OutgoingDelivery) -> str:
    is_notice = delivery.channel == "email" and delivery.customer_id is None and "customer" in delivery.frozen
    return "notice" if is_notice else delivery.channel
