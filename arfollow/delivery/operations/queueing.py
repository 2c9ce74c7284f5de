"""Queueing a message, and taking it back while it has not left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.database import insert_into, touch
from arfollow.delivery import queries, rules
from arfollow.delivery.operations.moving import lock_recipient, move, tell
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.values.refusals import N_, Refusal


class AlreadyQueuedError(Refusal, ValueError):
    """This message has been queued before; nothing was queued again."""

    def __init__(self, key: str, who: str | None) -> None:
        if who:
            words = N_("This message has already been queued by %(who)s. It will not go out a second time.")
            super().__init__(words, who=who)
        else:
            super().__init__(N_("This message has already been queued. It will not go out a second time."))
        self.key = key


class NotQueuedError(Refusal, ValueError):
    """The message has left already, or was cancelled before."""

    def __init__(self) -> None:
        super().__init__(N_("This message is not waiting any more, so it cannot be taken back."))


def enqueue(
    session: Session,
    *,
    company_id: int,
    customer_id: int | None,
    key: str,
    purpose: str,
    channel: str,
    facts: Mapping[str, Any],
    queued_by: str,
    recipient: str = "",
) -> int:
    """Queue a message and give its delivery's id; raise AlreadyQueuedError if the key exists (the transaction survives).

    `facts` is what the click froze, as JSON (level, wording version, items); `recipient` is shown until the claim re-reads it.
    The caller records the chatter entry `<channel>:queued` with this id as its fact "delivery".
    """
    return insert_delivery(
        session,
        company_id=company_id,
        customer_id=customer_id,
        key=key,
        purpose=purpose,
        channel=channel,
        facts=dict(facts),
        message_id=rules.message_id(key=key, domain=queries.mail_domain(session, company_id=company_id)),
        queued_by=queued_by,
        recipient=recipient,
    )


def insert_delivery(session: Session, *, customer_id: int | None, key: str, **fields: object) -> int:
    """A new delivery of these columns, as of now; gives its id. Raise AlreadyQueuedError if the key exists."""
    now = clock.now()
    statement = (
        insert_into(session, Delivery)
        .values(customer_id=customer_id, key=key, queued_at=now, next_attempt_at=now, **fields)
        .on_conflict_do_nothing(index_elements=[Delivery.key])
        .returning(Delivery.id)
    )
    delivery_id = session.execute(statement).scalar_one_or_none()
    if delivery_id is None:
        first = session.scalar(select(Delivery.queued_by).where(Delivery.key == key))
        raise AlreadyQueuedError(key, first)
    if customer_id is not None:
        touch(session, [customer_id])
    return delivery_id


def cancel(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> None:
    """Take a queued message back, also from a worker that is preparing it; raise NotQueuedError if it has left.

    `reason` is a sentence for the chatter, without personal data.
    """
    delivery = queries.outgoing_delivery(session, delivery_id=delivery_id, company_id=company_id)
    lock_recipient(session, company_id=company_id, customer_id=delivery.customer_id)
    is_cancelled = move(
        session,
        delivery_id=delivery.id,
        before=State.QUEUED,
        after=State.CANCELLED,
        explanation=reason,
        finished_at=clock.now(),
        lease_until=None,
        outgoing={},
    )
    if not is_cancelled:
        raise NotQueuedError
    tell(session, delivery_id=delivery.id, action="cancelled", who=who, text=reason)
