"""What the worker writes: claim, begin sending, settle. Each is one transaction that the caller commits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter import documents
from arfollow.chatter.operations import SYSTEM
from arfollow.chatter.rules import canonical_json
from arfollow.database import Instant
from arfollow.delivery import queries
from arfollow.delivery.message import Paper
from arfollow.delivery.operations.moving import lock_recipient, move, tell
from arfollow.delivery.protocol import QueuedDelivery
from arfollow.delivery.rules import (
    MAX_ATTEMPTS,
    OPEN_QUESTIONS,
    Doubtful,
    Outcome,
    Refused,
    Sent,
    State,
    wait_after,
)
from arfollow.delivery.tables import Delivery
from arfollow.values.refusals import N_, Remark

PREPARING = timedelta(minutes=5)
SENDING = timedelta(minutes=15)

_TEXTS = {
    State.SENT: "The %s has accepted the message.",
    State.QUEUED: "The %s refused the message for now. It will be tried again.",
    State.FAILED: "The message could not be sent.",
    State.UNCERTAIN: "Nobody can tell whether the message was sent. It will not be sent again by itself.",
}

_TAKERS = {"sms": "gateway", "webhook": "other program"}

_NOW = bindparam("now", type_=Instant())
_FREE = (
    Delivery.state == State.QUEUED,
    Delivery.next_attempt_at <= _NOW,
    Delivery.attempts < bindparam("tried", type_=Integer()),
    or_(Delivery.lease_until.is_(None), Delivery.lease_until < _NOW),
)
# Made once: to build it anew takes longer than to run it.
_TAKE = (
    update(Delivery)
    .where(
        # SKIP LOCKED lets workers on PostgreSQL pass each other; SQLite has one writer at a time and ignores it.
        Delivery.id
        == select(Delivery.id)
        .where(*_FREE)
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery(),
        *_FREE,
    )
    .values(
        token=Delivery.token + 1,
        attempts=Delivery.attempts + 1,
        lease_until=bindparam("until", type_=Instant()),
        outgoing={},
    )
    .returning(Delivery.id, Delivery.token)
)


class LeaseLostError(RuntimeError):
    """Another worker or a clerk has taken over the delivery meanwhile."""

    def __init__(self, delivery_id: int) -> None:
        super().__init__(
            f"Delivery {delivery_id} has been taken over by another worker or decided by a clerk."
        )


@dataclass(frozen=True, kw_only=True)
class Leases:
    """For how long a worker has a delivery to itself.

    A lease that runs out while preparing frees the delivery; one that runs out while sending leaves it uncertain.
    """

    preparing: timedelta = PREPARING
    sending: timedelta = SENDING


LEASES = Leases()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A delivery that is ours until the lease ends; `token` proves it."""

    delivery: QueuedDelivery
    token: int
    leases: Leases = LEASES


@dataclass(frozen=True, kw_only=True)
class File:
    """A document that a delivery is made of."""

    name: str
    media_type: str
    content: bytes


def claim(session: Session, *, leases: Leases = LEASES, fresh: bool = False) -> Claim | None:
    """Take the delivery that has been due longest, for as long as it may be prepared; None if none is due and free.

    `fresh`: only one that nobody has tried yet.
    """
    now = clock.now()
    taken = session.execute(
        _TAKE,
        {"now": now, "tried": 1 if fresh else MAX_ATTEMPTS, "until": now + leases.preparing},
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if taken is None:
        return None
    delivery = queries.queued_delivery(session, delivery_id=taken.id)
    return Claim(delivery=delivery, token=taken.token, leases=leases)


def release(session: Session, claims: Iterable[Claim]) -> None:
    """Let others have these deliveries at once, as if nobody had tried them; those that are not ours any more stay as they are."""
    for each in claims:
        move(
            session,
            delivery_id=each.delivery.id,
            before=State.QUEUED,
            after=State.QUEUED,
            token=each.token,
            lease_until=None,
            attempts=Delivery.attempts - 1,
        )


def begin_sending(
    session: Session,
    *,
    claim: Claim,
    recipient: str,
    subject: str,
    facts: Mapping[str, Any],
    files: tuple[File, ...],
) -> datetime:
    """Note what is about to leave, and give until when it may; commit before its first byte does. Raise LeaseLostError."""
    leave_by = clock.now() + claim.leases.sending
    values = {
        "lease_until": leave_by,
        "recipient": recipient,
        "outgoing": _outgoing(session, subject, facts, files),
    }
    _leave(session, claim=claim, before=State.QUEUED, after=State.SENDING, values=values)
    return leave_by


def keep_letter(session: Session, *, claim: Claim, letter: Paper, files: tuple[File, ...]) -> None:
    """Keep a letter that was written, to be printed and posted by hand. Raise LeaseLostError."""
    values = {
        "lease_until": None,
        "recipient": letter.recipient,
        "outgoing": _outgoing(session, letter.title, letter.facts, files),
    }
    _leave(session, claim=claim, before=State.QUEUED, after=State.PRINTED, values=values)
    delivery = claim.delivery
    tell(session, delivery_id=delivery.id, action="printed", who=delivery.queued_by, text="Letter written")


def cancel_claimed(session: Session, *, claim: Claim, reason: str) -> None:
    """Cancel a claimed delivery that its preparer does not want to go out any more. Raise LeaseLostError."""
    _leave(session, claim=claim, before=State.QUEUED, after=State.CANCELLED, values=_finished(reason))
    tell(session, delivery_id=claim.delivery.id, action="cancelled", who=SYSTEM, text=reason)


def settle(session: Session, *, claim: Claim, outcome: Outcome, jitter: float) -> State:
    """Record what became of a delivery in `sending`; gives its new state. Raise LeaseLostError."""
    return _settle(session, claim=claim, before=State.SENDING, outcome=outcome, jitter=jitter)


def put_back(session: Session, *, claim: Claim, refused: Refused, jitter: float) -> State:
    """Give a claimed delivery back that could not be prepared: for a later attempt, or failed. Raise LeaseLostError."""
    return _settle(session, claim=claim, before=State.QUEUED, outcome=refused, jitter=jitter)


def expire(session: Session) -> bool:
    """Settle one delivery that a worker has left behind: uncertain if it was being sent, failed if it was the last attempt.

    False: there is none.
    """
    left = queries.left_behind(session, now=clock.now())
    if left is None:
        return False
    lock_recipient(session, company_id=left.company_id, customer_id=left.customer_id)
    after = State.UNCERTAIN if left.state is State.SENDING else State.FAILED
    values = _finished(Remark(N_("The worker stopped before it could tell the outcome.")))
    if move(session, delivery_id=left.id, before=left.state, after=after, token=left.token, **values):
        tell(session, delivery_id=left.id, action=after, who=SYSTEM, text=_TEXTS[after])
    return True


def _settle(session: Session, *, claim: Claim, before: State, outcome: Outcome, jitter: float) -> State:
    delivery = claim.delivery
    lock_recipient(session, company_id=delivery.company_id, customer_id=delivery.customer_id)
    wait = wait_after(delivery.attempts, jitter=jitter)
    after = _state_after(outcome, is_last=wait is None)
    values = _finished(outcome.answer)
    if isinstance(outcome, Sent) and outcome.reference:
        values |= {"reference": outcome.reference}
    if after is State.QUEUED and wait is not None:
        values |= {"finished_at": None, "next_attempt_at": clock.now() + wait}
    _leave(session, claim=claim, before=before, after=after, values=values)
    if after is not before:
        action = "delayed" if after is State.QUEUED else after
        tell(
            session,
            delivery_id=delivery.id,
            action=action,
            who=SYSTEM,
            text=_TEXTS[after].replace("%s", _TAKERS.get(delivery.channel, "mail server")),
            # Of a delivery the list shows only what somebody has to decide.
            is_listed=after in OPEN_QUESTIONS,
        )
    return after


def _outgoing(
    session: Session, subject: str, facts: Mapping[str, Any], files: tuple[File, ...]
) -> dict[str, Any]:
    """What is kept of what leaves; its files are stored."""
    stored = [
        [
            file.name,
            file.media_type,
            documents.store(session, media_type=file.media_type, content=file.content),
        ]
        for file in files
    ]
    return {"subject": subject, "facts": json.loads(canonical_json(facts)), "files": stored}


def _leave(session: Session, *, claim: Claim, before: State, after: State, values: Mapping[str, Any]) -> None:
    delivery_id = claim.delivery.id
    if not move(session, delivery_id=delivery_id, before=before, after=after, token=claim.token, **values):
        raise LeaseLostError(delivery_id)


def _state_after(outcome: Outcome, *, is_last: bool) -> State:
    match outcome:
        case Sent():
            return State.SENT
        case Doubtful():
            return State.UNCERTAIN
        case Refused(permanent=permanent):
            return State.FAILED if permanent or is_last else State.QUEUED


def _finished(explanation: str) -> dict[str, Any]:
    return {"explanation": explanation, "finished_at": clock.now(), "lease_until": None}
