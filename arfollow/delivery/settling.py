"""Writes down what came of deliveries that a worker holds: an outcome, a refusal to begin, or that it lets go."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.delivery import mime, operations
from arfollow.delivery.operations.sending import Claim
from arfollow.delivery.preparing import end
from arfollow.delivery.rules import Outcome, Refused, State

log = structlog.get_logger(__name__)

_SETTLED = Counter("arfollow_deliveries_settled", "Attempts to send, by what came of them.", ["state"])
_WAITS = (0.1, 0.5, 2, 5)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A delivery that was handed over, and what came of it."""

    claim: Claim
    outcome: Outcome


def settle(session: Session, answered: Answered) -> None:
    """Write what the channel answered, in a transaction of its own, and try for some seconds; raise OperationalError."""
    for wait in (*_WAITS, None):
        try:
            _write_outcome(session, answered)
        except OperationalError:
            # What the server answered is known only here: a deadlock or a restarting database must not lose it.
            end(session)
            if wait is None:
                raise
            sleep(wait)
        else:
            return


def _write_outcome(session: Session, answered: Answered) -> None:
    database.begin_write(session)
    try:
        state = operations.settle(session, claim=answered.claim, outcome=answered.outcome, jitter=jitter())
    except operations.LeaseLostError as problem:
        end(session)
        log.warning(
            "outcome too late",
            delivery=answered.claim.delivery.id,
            outcome=repr(answered.outcome),
            reason=str(problem),
        )
        return
    database.commit(session)
    note(answered, state)


def note(answered: Answered, state: State) -> None:
    """Count and log what was committed."""
    delivery = answered.claim.delivery
    _SETTLED.labels(state=str(state)).inc()
    log.info("settled", delivery=delivery.id, state=str(state), attempts=delivery.attempts)


def give_back(session: Session, claim: Claim, problem: Exception) -> None:
    """Say why a delivery did not even begin."""
    end(session)
    if isinstance(problem, operations.LeaseLostError):
        log.warning("lease lost", delivery=claim.delivery.id, reason=str(problem))
        return
    is_bad = isinstance(problem, mime.BadMessageError)
    if is_bad:
        log.warning("not prepared", delivery=claim.delivery.id, problem=type(problem).__name__)
    else:
        log.error("not prepared", delivery=claim.delivery.id, exc_info=problem)
    _put_back(session, claim, Refused(answer=str(problem), permanent=is_bad))


def _put_back(session: Session, claim: Claim, refused: Refused) -> None:
    database.begin_write(session)
    try:
        operations.put_back(session, claim=claim, refused=refused, jitter=jitter())
    except operations.LeaseLostError:
        end(session)
        return
    database.commit(session)


def release(session: Session, claims: Sequence[Claim]) -> None:
    """Let others have these at once."""
    end(session)
    database.begin_write(session)
    operations.release(session, claims)
    database.commit(session)


def jitter() -> float:
    """From 0 to 1, so that what was refused together does not come back together."""
    return secrets.randbelow(1000) / 1000
