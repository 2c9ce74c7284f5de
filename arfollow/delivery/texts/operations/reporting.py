"""What a gateway reports of text messages that left. It may come twice, late, or in any order."""

from __future__ import annotations

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import SYSTEM
from arfollow.delivery import queries
from arfollow.delivery.operations.moving import changes_one, lock_recipient, move, tell
from arfollow.delivery.queries import OutgoingDelivery
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.delivery.texts.rules import Fate, Report, step_of
from arfollow.profiles.operations import record_event

_DELIVERED = "The message was delivered."
_UNDELIVERED = "The message was not delivered."
_LEFT = frozenset({State.SENT, State.UNCERTAIN, State.RETURNED})


class UnknownMessageError(LookupError):
    """No text message is called so."""

    def __init__(self) -> None:
        super().__init__("No message is known by that id.")


class TooEarlyError(RuntimeError):
    """The report overtook the gateway's own answer."""

    def __init__(self) -> None:
        super().__init__("This message is being sent at this moment. Report again in a minute.")


def report(session: Session, *, told: Report) -> None:
    """Note what became of a text message; a report that says nothing new changes nothing.

    That it was delivered counts, whatever is reported before or later. Raise UnknownMessageError, TooEarlyError.
    """
    delivery = _locked(session, told)
    if delivery.state is State.SENDING:
        raise TooEarlyError
    if delivery.state not in _LEFT or _is_delivered(session, delivery.id):
        return
    if told.fate is Fate.DELIVERED:
        _delivered(session, delivery)
    else:
        _undelivered(session, delivery, told.reason)


def _locked(session: Session, told: Report) -> OutgoingDelivery:
    """The delivery, its customer locked first."""
    found = _find(session, told)
    if found is None:
        raise UnknownMessageError
    delivery = queries.outgoing_delivery(session, delivery_id=found)
    lock_recipient(session, company_id=delivery.company_id, customer_id=delivery.customer_id)
    return queries.outgoing_delivery(session, delivery_id=found)


def _find(session: Session, told: Report) -> int | None:
    names = []
    if told.id:
        names.append(Delivery.reference == told.id)
    if told.reference:
        names.append(Delivery.message_id == f"<{told.reference}>")
    query = select(Delivery.id).where(Delivery.channel == "sms", or_(*names))
    # A gateway may use an id again after years.
    return session.scalar(query.order_by(Delivery.id.desc()).limit(1))


def _is_delivered(session: Session, delivery_id: int) -> bool:
    at = session.scalar(select(Delivery.delivered_at).where(Delivery.id == delivery_id))
    return at is not None


def _delivered(session: Session, delivery: OutgoingDelivery) -> None:
    arrived = update(Delivery).where(Delivery.id == delivery.id, Delivery.delivered_at.is_(None))
    changes_one(session, arrived.values(delivered_at=clock.now()))
    if delivery.state is not State.SENT:
        move(
            session, delivery_id=delivery.id, before=delivery.state, after=State.SENT, explanation=_DELIVERED
        )
    tell(
        session,
        delivery_id=delivery.id,
        action="delivered",
        who=SYSTEM,
        text=_DELIVERED,
        # One that was open is one question less.
        is_listed=delivery.state is not State.SENT,
    )


def _undelivered(session: Session, delivery: OutgoingDelivery, reason: str) -> None:
    if delivery.state is State.RETURNED:
        return
    words = reason or _UNDELIVERED
    move(session, delivery_id=delivery.id, before=delivery.state, after=State.RETURNED, explanation=words)
    tell(session, delivery_id=delivery.id, action="undelivered", who=SYSTEM, text=_UNDELIVERED)
    _note_failure(session, delivery)


def _note_failure(session: Session, delivery: OutgoingDelivery) -> None:
    """As an event, which a workflow may wait for."""
    step = step_of(delivery.key)
    if step is None or delivery.customer_id is None:
        return
    record_event(
        session,
        company_id=delivery.company_id,
        customer_id=delivery.customer_id,
        kind="failed",
        at=clock.now(),
        key=f"delivery:{delivery.id}",
        of=step[1],
        data={"channel": delivery.channel, "enrolment": step[0]},
        who=SYSTEM,
    )
