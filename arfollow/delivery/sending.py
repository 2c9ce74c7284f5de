"""Takes deliveries from their claim to their outcome, a few at a time.

They are claimed in one transaction and made ready outside any. Then, one after the other, "sending" is committed with the bytes that
are about to leave, and the channel is called; the same transaction says what became of the one before. So each message
takes one commit, what the mail server answered waits for no rendering, and whatever stops this process, the next one sees how
far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.delivery import operations, queries
from arfollow.delivery.channel import Channel, Envelope
from arfollow.delivery.message import Paper
from arfollow.delivery.operations.moving import lock_recipients
from arfollow.delivery.operations.sending import LEASES, Claim, Leases
from arfollow.delivery.preparing import Ready, end, facts_of, files_of, rendered, title_of
from arfollow.delivery.rules import Doubtful, Outcome, Refused
from arfollow.delivery.settling import Answered, give_back, jitter, note, release, settle
from arfollow.fence.jobs import keep_count
from arfollow.fence.operations import lets_through

log = structlog.get_logger(__name__)

AT_ONCE = 10
"""So many deliveries are claimed together: what a worker holds, no other takes."""

_RENDERINGS = 5


class FactsKeepChangingError(RuntimeError):
    """The customer's account changed each time the message was ready."""

    def __init__(self) -> None:
        super().__init__("The customer’s account changed each time the message was ready.")


class _NotTogetherError(RuntimeError):
    """The delivery has to begin in a transaction of its own."""


def send_due(session: Session, *, channel: Channel, leases: Leases = LEASES) -> int:
    """Send everything that is due now, and give how many deliveries were worked on; the session has nothing pending."""
    count = 0
    while some := send_some(session, channel=channel, leases=leases):
        count += some
    return count


def send_next(session: Session, *, channel: Channel, leases: Leases = LEASES) -> bool:
    """Work on the delivery that has been due longest; False if none is due."""
    return send_some(session, channel=channel, leases=leases, limit=1) > 0


def send_some(
    session: Session,
    *,
    channel: Channel,
    leases: Leases = LEASES,
    limit: int = AT_ONCE,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Work on those that have been due longest, at most `limit`, and give how many there were; 0 if none is due.

    Begins, commits and ends transactions itself. Asks `goes_on` before each; those that are left then are free again.
    """
    is_waiting = queries.has_due(session, now=clock.now())
    end(session)
    if not is_waiting:
        return 0
    keep_count(session)
    claims = _claim(session, leases, limit)
    _send(session, channel, _prepared(session, claims), goes_on)
    return len(claims)


def settle_left_behind(session: Session) -> int:
    """Settle deliveries that a stopped worker has left behind, and give how many."""
    count = 0
    while _is_any_left_behind(session):
        database.begin_write(session)
        count += operations.expire(session)
        database.commit(session)
    return count


def _is_any_left_behind(session: Session) -> bool:
    left = queries.left_behind(session, now=clock.now())
    end(session)
    return left is not None


def _claim(session: Session, leases: Leases, limit: int) -> Sequence[Claim]:
    """What was tried before is taken alone: it may be what stops workers, and each time costs all that they hold an attempt."""
    database.begin_write(session)
    claims: list[Claim] = []
    if lets_through(session):
        while len(claims) < limit:
            claim = operations.claim(session, leases=leases, fresh=bool(claims))
            if claim is None:
                break
            claims.append(claim)
            if claim.delivery.attempts > 1:
                break
    database.commit(session)
    return claims


def _prepared(session: Session, claims: Sequence[Claim]) -> Sequence[Ready]:
    """Those that could be rendered, by facts that were read in one transaction."""
    ready: list[Ready] = []
    for claim, facts in _facts(session, claims):
        try:
            ready.append(rendered(claim, facts))
        except Exception as problem:  # noqa: BLE001 - whatever a purpose’s own code raises, the others must go on
            give_back(session, claim, problem)
    return ready


def _facts(session: Session, claims: Sequence[Claim]) -> Sequence[tuple[Claim, Any]]:
    found: list[tuple[Claim, Any]] = []
    for claim in claims:
        try:
            found.append((claim, database.again_if_overtaken(partial(_read, session, claim))))
        except Exception as problem:  # noqa: BLE001 - as above
            give_back(session, claim, problem)
    end(session)
    return found


def _read(session: Session, claim: Claim) -> Any:
    try:
        return facts_of(session, claim)
    except DBAPIError:
        end(session)
        raise


def _send(session: Session, channel: Channel, waiting: Sequence[Ready], goes_on: Callable[[], bool]) -> None:
    answered: Answered | None = None
    for index, ready in enumerate(waiting):
        if not goes_on():
            release(session, [each.claim for each in waiting[index:]])
            break
        envelope = _begin_after(session, answered, ready)
        answered = None
        if envelope is not None:
            answered = Answered(claim=ready.claim, outcome=_hand_over(channel, envelope))
    if answered is not None:
        settle(session, answered)


def _begin_after(session: Session, answered: Answered | None, ready: Ready) -> Envelope | None:
    """Settle the one and begin the next: together, or where that does not go, one after the other. None: it does not leave."""
    if answered is None:
        return _begin(session, ready)
    try:
        return _begin_together(session, answered, ready)
    except Exception as problem:  # noqa: BLE001 - what the mail server has said must not be lost with the next
        end(session)
        log.info("settled apart", delivery=answered.claim.delivery.id, problem=type(problem).__name__)
    settle(session, answered)
    return _begin(session, ready)


def _begin_together(session: Session, answered: Answered, ready: Ready) -> Envelope | None:
    database.begin_write(session)
    lock_recipients(session, [answered.claim.delivery, ready.claim.delivery])
    state = operations.settle(session, claim=answered.claim, outcome=answered.outcome, jitter=jitter())
    if not lets_through(session) or facts_of(session, ready.claim) != ready.facts:
        raise _NotTogetherError
    envelope = _leave(session, ready)
    note(answered, state)
    return envelope


def _begin(session: Session, ready: Ready) -> Envelope | None:
    try:
        # Up to its last commit nothing has left.
        return database.again_if_overtaken(lambda: _begin_alone(session, ready))
    except Exception as problem:  # noqa: BLE001 - as above
        give_back(session, ready.claim, problem)
        return None


def _begin_alone(session: Session, ready: Ready) -> Envelope | None:
    """Compare inside the transaction with what was rendered outside; where it differs, render again."""
    for _ in range(_RENDERINGS):
        end(session)
        database.begin_write(session)
        # A payment that is being booked is waited for; the next one waits for us.
        lock_recipients(session, [ready.claim.delivery])
        if not lets_through(session):
            database.commit(session)
            release(session, [ready.claim])
            return None
        facts = facts_of(session, ready.claim)
        if facts == ready.facts:
            return _leave(session, ready)
        end(session)
        ready = rendered(ready.claim, facts)
    raise FactsKeepChangingError


def _leave(session: Session, ready: Ready) -> Envelope | None:
    """Commit that it is about to leave, or that it does not; a letter waits to be posted by hand."""
    if isinstance(ready.message, Paper):
        operations.keep_letter(session, claim=ready.claim, letter=ready.message, files=files_of(ready))
        database.commit(session)
        return None
    if ready.message is None or ready.envelope is None:
        operations.cancel_claimed(session, claim=ready.claim, reason=ready.facts.reason)
        database.commit(session)
        return None
    leave_by = operations.begin_sending(
        session,
        claim=ready.claim,
        recipient=ready.envelope.recipient,
        subject=title_of(ready.message),
        facts=ready.message.facts,
        files=files_of(ready),
    )
    database.commit(session)
    return replace(ready.envelope, leave_by=leave_by)


def _hand_over(channel: Channel, envelope: Envelope) -> Outcome:
    if envelope.leave_by is not None and clock.now() > envelope.leave_by:
        return Refused(
            answer="The worker stood still for so long that the message did not leave.", permanent=False
        )
    try:
        return channel.send(envelope)
    except Exception as problem:  # a channel's own mistake; how far it came is anybody's guess
        log.exception("channel failed", delivery=envelope.delivery_id)
        return Doubtful(answer=repr(problem))
