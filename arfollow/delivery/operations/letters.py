"""Letters as deliveries: printed, posted, returned. They leave the house by hand, so no worker ever claims one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.rules import canonical_json
from arfollow.delivery import queries, rules
from arfollow.delivery.operations.deciding import AlreadyDecidedError
from arfollow.delivery.operations.moving import lock_recipient, move, tell
from arfollow.delivery.operations.queueing import insert_delivery
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery

CHANNEL = "letter"
GONE = (State.RETURNED, State.CANCELLED)
"""States of a letter that the customer does not have."""


def add_letter(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    key: str,
    purpose: str,
    title: str,
    filename: str,
    sha256: str,
    facts: Mapping[str, Any],
    recipient: str,
    who: str,
) -> int:
    """Enter a letter that was printed, and give its delivery's id; raise AlreadyQueuedError if the key exists.

    A letter that came back, or was never posted, makes room for the next of the same key. The caller records the entry `letter:printed`.
    """
    plain = json.loads(canonical_json(facts))
    while session.scalar(select(Delivery.id).where(Delivery.key == key, Delivery.state.in_(GONE))):
        key = rules.key_of_next_copy(key)
    return insert_delivery(
        session,
        company_id=company_id,
        customer_id=customer_id,
        key=key,
        purpose=purpose,
        channel=CHANNEL,
        state=State.PRINTED,
        facts=plain,
        message_id="",
        queued_by=who,
        recipient=recipient,
        outgoing={"subject": title, "facts": plain, "files": [[filename, "application/pdf", sha256]]},
    )


def post_letters(
    session: Session, *, company_id: int, delivery_ids: Collection[int], who: str
) -> frozenset[int]:
    """Say that these letters are in the post; gives the ids of those that were not said to be before."""
    waiting = session.execute(
        select(Delivery.id, Delivery.customer_id)
        .where(
            Delivery.company_id == company_id,
            Delivery.channel == CHANNEL,
            Delivery.state == State.PRINTED,
            Delivery.id.in_(sorted(delivery_ids)),
        )
        .order_by(Delivery.customer_id, Delivery.id)
    ).all()
    posted = set()
    for delivery_id, customer_id in waiting:
        lock_recipient(session, company_id=company_id, customer_id=customer_id)
        if move(
            session,
            delivery_id=delivery_id,
            before=State.PRINTED,
            after=State.POSTED,
            finished_at=clock.now(),
        ):
            tell(session, delivery_id=delivery_id, action="posted", who=who, text="Letter posted")
            posted.add(delivery_id)
    return frozenset(posted)


def letter_returned(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> None:
    """Say that a posted letter came back: its customer is listed until somebody decides. Raise AlreadyDecidedError."""
    letter = queries.outgoing_delivery(session, delivery_id=delivery_id, company_id=company_id)
    lock_recipient(session, company_id=company_id, customer_id=letter.customer_id)
    _move(session, delivery_id, State.POSTED, State.RETURNED, reason)
    tell(session, delivery_id=delivery_id, action="returned", who=who, text=f"Letter came back: {reason}")


def discard_letter(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> None:
    """Say that a printed letter was not posted and will not be. Raise AlreadyDecidedError."""
    letter = queries.outgoing_delivery(session, delivery_id=delivery_id, company_id=company_id)
    lock_recipient(session, company_id=company_id, customer_id=letter.customer_id)
    _move(session, delivery_id, State.PRINTED, State.CANCELLED, reason)
    tell(session, delivery_id=delivery_id, action="cancelled", who=who, text=f"Letter not posted: {reason}")


def _move(session: Session, delivery_id: int, before: State, after: State, reason: str) -> None:
    if not move(
        session,
        delivery_id=delivery_id,
        before=before,
        after=after,
        explanation=reason,
        finished_at=clock.now(),
    ):
        raise AlreadyDecidedError
