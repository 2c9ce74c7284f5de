"""What a clerk decides about a delivery that failed, or that nobody can tell of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.delivery import queries, rules
from arfollow.delivery.operations.moving import changes_one, lock_recipient, tell
from arfollow.delivery.operations.queueing import enqueue
from arfollow.delivery.queries import OutgoingDelivery
from arfollow.delivery.rules import OPEN_QUESTIONS, State
from arfollow.delivery.tables import Delivery
from arfollow.values.refusals import N_, Refusal


class AlreadyDecidedError(Refusal, ValueError):
    """Somebody has decided about this delivery already, or there is nothing to decide."""

    def __init__(self) -> None:
        super().__init__(
            N_("There is nothing to decide here any more: somebody was faster, or the message is on its way.")
        )


def sent_after_all(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> None:
    """Settle an uncertain delivery as sent: somebody knows that it arrived. Raise AlreadyDecidedError."""
    delivery = _locked(session, company_id=company_id, delivery_id=delivery_id)
    _decide(session, delivery, among=[State.UNCERTAIN], becomes=State.SENT)
    tell(session, delivery_id=delivery_id, action="sent", who=who, text=f"Sent after all: {reason}")


def give_up(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> None:
    """Close the question of a failed, uncertain or returned delivery without sending it again. Raise AlreadyDecidedError."""
    delivery = _locked(session, company_id=company_id, delivery_id=delivery_id)
    _decide(session, delivery, among=[*OPEN_QUESTIONS])
    tell(session, delivery_id=delivery_id, action="given-up", who=who, text=f"Given up: {reason}")


def resend(session: Session, *, company_id: int, delivery_id: int, reason: str, who: str) -> int:
    """Queue a delivery of its own that says the same again, and give its id; it is prepared from the facts of then.

    A delivery can be sent again once, then its copy can. Raise AlreadyDecidedError, AlreadyQueuedError.
    """
    delivery = _locked(session, company_id=company_id, delivery_id=delivery_id)
    if delivery.channel == "letter":
        raise AlreadyDecidedError
    if delivery.state is not State.SENT:
        _decide(session, delivery, among=[*OPEN_QUESTIONS])
    copy_id = enqueue(
        session,
        company_id=company_id,
        customer_id=delivery.customer_id,
        key=rules.key_of_next_copy(delivery.key),
        purpose=delivery.purpose,
        channel=delivery.channel,
        facts=delivery.frozen,
        queued_by=who,
        recipient=delivery.recipient,
    )
    record(
        session,
        company_id=company_id,
        customer_id=delivery.customer_id,
        tag=f"{delivery.channel}:queued",
        who=who,
        text=f"Sent again: {reason}",
        facts={"delivery": copy_id, "again": delivery_id},
    )
    return copy_id


def _locked(session: Session, *, company_id: int, delivery_id: int) -> OutgoingDelivery:
    delivery = queries.outgoing_delivery(session, delivery_id=delivery_id, company_id=company_id)
    lock_recipient(session, company_id=company_id, customer_id=delivery.customer_id)
    return queries.outgoing_delivery(session, delivery_id=delivery_id, company_id=company_id)


def _decide(
    session: Session, delivery: OutgoingDelivery, *, among: Sequence[State], becomes: State | None = None
) -> None:
    statement = update(Delivery).where(
        Delivery.id == delivery.id, Delivery.state.in_(among), Delivery.decided_at.is_(None)
    )
    statement = statement.values(decided_at=clock.now(), **({"state": becomes} if becomes else {}))
    if not changes_one(session, statement):
        raise AlreadyDecidedError
