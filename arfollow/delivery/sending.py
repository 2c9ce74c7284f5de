"""Takes one delivery from its claim to its outcome; each step is a transaction of its own.

The claim, and "sending" with the bytes that are about to leave, are committed before the channel is called. So whatever stops
this process, the next one sees how far it came.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from time import sleep
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.delivery import mime, operations, queries
from arfollow.delivery.channel import Channel, Envelope
from arfollow.delivery.message import Message
from arfollow.delivery.operations.moving import lock_recipient
from arfollow.delivery.operations.sending import LEASES, Claim, File, Leases
from arfollow.delivery.protocol import Cancel, preparer_of
from arfollow.delivery.rules import Doubtful, Outcome, Refused
from arfollow.fence.jobs import keep_count
from arfollow.fence.operations import lets_through

log = structlog.get_logger(__name__)

_SETTLED = Counter("arfollow_deliveries_settled", "Attempts to send, by what came of them.", ["state"])
_RENDERINGS = 5
_WAITS = (0.1, 0.5, 2, 5)


class FactsKeepChangingError(RuntimeError):
    """The customer's account changed each time the message was ready."""

    def __init__(self) -> None:
        super().__init__("The customer’s account changed each time the message was ready.")


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    envelope: Envelope
    message: Message


def send_due(session: Session, *, channel: Channel, leases: Leases = LEASES) -> int:
    """Send everything that is due now, and give how many deliveries were worked on; the session has nothing pending."""
    count = 0
    while send_next(session, channel=channel, leases=leases):
        count += 1
    return count


def send_next(session: Session, *, channel: Channel, leases: Leases = LEASES) -> bool:
    """Work on the delivery that has been due longest; False if none is due. Begins, commits and ends transactions itself."""
    is_waiting = queries.has_due(session, now=clock.now())
    _end(session)
    if not is_waiting:
        return False
    keep_count(session)
    database.begin_write(session)
    claim = operations.claim(session, leases=leases) if lets_through(session) else None
    database.commit(session)
    if claim is not None:
        _work(session, claim, channel)
    return claim is not None


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
    _end(session)
    return left is not None


def _work(session: Session, claim: Claim, channel: Channel) -> None:
    try:
        # Up to its last commit nothing has left.
        envelope = database.again_if_overtaken(lambda: _begin(session, claim))
    except operations.LeaseLostError as problem:
        _end(session)
        log.warning("lease lost", delivery=claim.delivery.id, reason=str(problem))
    except mime.BadMessageError as problem:
        _end(session)
        log.warning("not prepared", delivery=claim.delivery.id, problem=type(problem).__name__)
        _put_back(session, claim, Refused(answer=str(problem), permanent=True))
    except Exception as problem:  # whatever a purpose's own code raises, the other deliveries must go on
        _end(session)
        log.exception("not prepared", delivery=claim.delivery.id)
        _put_back(session, claim, Refused(answer=str(problem), permanent=False))
    else:
        if envelope is not None:
            _settle(session, claim, _hand_over(channel, envelope))


def _begin(session: Session, claim: Claim) -> Envelope | None:
    """Render outside a transaction, compare inside; gives what is to be sent now, None: it was cancelled."""
    _end(session)
    preparer = preparer_of(claim.delivery.purpose)
    facts = _facts(session, claim, preparer)
    _end(session)
    for _ in range(_RENDERINGS):
        prepared = None if isinstance(facts, Cancel) else _build(preparer.render(facts), claim)
        database.begin_write(session)
        # A payment that is being booked is waited for; the next one waits for us.
        lock_recipient(session, company_id=claim.delivery.company_id, customer_id=claim.delivery.customer_id)
        before, facts = facts, _facts(session, claim, preparer)
        if facts == before:
            return _commit(session, claim, prepared, facts)
        _end(session)
    raise FactsKeepChangingError


def _facts(session: Session, claim: Claim, preparer: Any) -> Any:
    today = queries.company_today(session, company_id=claim.delivery.company_id)
    return preparer.facts(session, claim.delivery, today=today)


def _build(message: Message, claim: Claim) -> _Prepared:
    content = mime.build(message, message_id=claim.delivery.message_id, sent_at=clock.now())
    envelope = Envelope(
        delivery_id=claim.delivery.id,
        message_id=claim.delivery.message_id,
        sender=mime.ascii_address(message.sender, what="The company"),
        recipient=mime.ascii_address(message.to, what="The customer"),
        content=content,
    )
    return _Prepared(envelope=envelope, message=message)


def _commit(session: Session, claim: Claim, prepared: _Prepared | None, facts: Any) -> Envelope | None:
    if prepared is None:
        operations.cancel_claimed(session, claim=claim, reason=facts.reason)
        database.commit(session)
        return None
    leave_by = operations.begin_sending(
        session,
        claim=claim,
        recipient=prepared.envelope.recipient,
        subject=prepared.message.subject,
        facts=prepared.message.facts,
        files=_files(prepared),
    )
    database.commit(session)
    return replace(prepared.envelope, leave_by=leave_by)


def _files(prepared: _Prepared) -> tuple[File, ...]:
    message = prepared.message
    return (
        File(name="message.eml", media_type="message/rfc822", content=prepared.envelope.content),
        File(name="message.html", media_type="text/html", content=message.html.encode()),
        *(
            File(name=mime.safe_filename(one.filename), media_type=one.media_type, content=one.content)
            for one in message.attachments
        ),
    )


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


def _settle(session: Session, claim: Claim, outcome: Outcome) -> None:
    for wait in (*_WAITS, None):
        try:
            _write_outcome(session, claim, outcome)
        except OperationalError:
            # What the server answered is known only here: a deadlock or a restarting database must not lose it.
            _end(session)
            if wait is None:
                raise
            sleep(wait)
        else:
            return


def _write_outcome(session: Session, claim: Claim, outcome: Outcome) -> None:
    database.begin_write(session)
    try:
        state = operations.settle(session, claim=claim, outcome=outcome, jitter=_jitter())
    except operations.LeaseLostError as problem:
        _end(session)
        log.warning(
            "outcome too late", delivery=claim.delivery.id, outcome=repr(outcome), reason=str(problem)
        )
        return
    database.commit(session)
    _SETTLED.labels(state=str(state)).inc()
    log.info("settled", delivery=claim.delivery.id, state=str(state), attempts=claim.delivery.attempts)


def _put_back(session: Session, claim: Claim, refused: Refused) -> None:
    database.begin_write(session)
    try:
        operations.put_back(session, claim=claim, refused=refused, jitter=_jitter())
    except operations.LeaseLostError:
        _end(session)
        return
    database.commit(session)


def _jitter() -> float:
    return secrets.randbelow(1000) / 1000


def _end(session: Session) -> None:
    # Objects loaded before would hide what others have changed since.
    session.rollback()
    session.expunge_all()
