"""Writes of the fence. The caller commits; what stands in files is written in the order that survives a crash."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Any

import structlog
from sqlalchemy import BigInteger, Text, cast, func, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import SYSTEM, record
from arfollow.companies.queries import company_names
from arfollow.database import insert_into
from arfollow.fence import witness
from arfollow.fence.queries import Standing, standing
from arfollow.fence.rules import Reason, judge_file, judge_server
from arfollow.fence.server import identity
from arfollow.fence.tables import Fence
from arfollow.values.refusals import N_, Refusal

log = structlog.get_logger(__name__)

FIRST_START = "A new database has nothing that could have been sent."
_LOOKS = 3
_XID = 2**32


class FenceOpenError(Refusal, RuntimeError):
    """Nothing holds the messages back."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing holds the messages back: this is known as the live system already."))


class FenceClosedError(RuntimeError):
    """Messages are held back already."""

    def __init__(self) -> None:
        super().__init__("Messages are held back already.")


def lets_through(session: Session) -> bool:
    """Whether a message may be claimed; asked in the transaction that claims it, which is committed either way.

    A database that is not where it was closes the fence; one that nobody has looked at yet is new and opens it.
    """
    known = standing(session)
    if known is None:
        known = _start(session)
    if known.closed_at is not None:
        return False
    reason = look(session, known)
    if reason is not None:
        close(session, because=reason)
    return reason is None


def look(session: Session, known: Standing) -> Reason | None:
    """What speaks against sending from here; None: nothing. In a transaction that writes, so that nobody is between two steps."""
    database = witness.database_file(session)
    if database is not None:
        return _look_beside(known, database)
    if session.get_bind().dialect.name == "postgresql":
        return judge_server(known=known.server, here=identity(session), is_own_row=known.is_own_row)
    return None


def close(session: Session, *, because: Reason, text: str = "", who: str = SYSTEM) -> None:
    """Hold all messages back until somebody confirms; raise FenceClosedError."""
    known = standing(session) or _start(session)
    if known.closed_at is not None:
        raise FenceClosedError
    _write(session, closed_at=clock.now(), closed_because=because)
    log.warning("sending stopped until an administrator confirms", because=because.value)
    _tell(session, action="closed", who=who, text=text or f"Sending stopped: {because}.", because=because)


def confirm(session: Session, *, reason: str, who: str) -> None:
    """Vouch for this database as the live one: from the commit on it sends. Raise FenceOpenError if nothing is held back.

    The new witness is written first: a crash before the commit leaves the fence as it is, closed.
    """
    known = standing(session) or _start(session)
    if known.closed_at is None and look(session, known) is None:
        raise FenceOpenError
    now = clock.now()
    epoch, number = _bear_witness(session, above=known.count)
    _write(
        session,
        epoch=epoch,
        number=number,
        counted_at=now,
        server=_server(session),
        confirmed_at=now,
        confirmed_by=who,
        confirmed_because=reason,
        closed_at=None,
        closed_because="",
        backed_up_at=None,
    )
    _tell(session, action="confirmed", who=who, text=f"Sending again from here: {reason}")


def raise_count(session: Session, known: Standing) -> int:
    """Count on, and give the new count; its witness is written after the commit (`jobs.keep_count`)."""
    _write(session, number=known.count + 1, counted_at=clock.now())
    return known.count + 1


def close_restored(session: Session, *, made_at: datetime) -> None:
    """Begin the life of a database that was loaded from a backup: closed."""
    now = clock.now()
    _insert(
        session,
        epoch=secrets.token_hex(16),
        number=0,
        closed_at=now,
        closed_because=Reason.RESTORED,
        backed_up_at=made_at,
    )
    text = (
        f"Restored from the backup of {made_at:%Y-%m-%d %H:%M} UTC. Nothing is sent until somebody confirms."
    )
    _tell(session, action="closed", who=SYSTEM, text=text, because=Reason.RESTORED, made_at=made_at)


def _look_beside(known: Standing, database: Path) -> Reason | None:
    reason = None
    for wait in range(_LOOKS):
        # Whoever lists a folder while it changes may miss a file: a bad answer is asked for again.
        sleep(wait * 0.05)
        here = witness.place_of(database)
        found = witness.read(database)
        reason = judge_file(epoch=known.epoch, count=known.count, witness=found, here=here)
        if reason is None:
            return None
    return reason


def _start(session: Session) -> Standing:
    """The first look at a database: nothing has been sent from it, since every claim looks first."""
    epoch, number = _bear_witness(session, above=0)
    _insert(session, epoch=epoch, number=number)
    started = standing(session)
    if started is None:
        raise RuntimeError("The fence's row is not there after it was written.")
    return started


def _bear_witness(session: Session, *, above: int) -> tuple[str, int]:
    """A new epoch and a count higher than any there was, written beside the database if it is a file."""
    epoch, number = secrets.token_hex(16), above + 1
    database = witness.database_file(session)
    if database is not None:
        found = witness.read(database)
        number = max(number, found.count + 1 if found else 0)
        witness.write(database, epoch=epoch, count=number)
    return epoch, number


def _insert(session: Session, **values: Any) -> None:
    """Another worker may have been quicker."""
    now = clock.now()
    common = {"counted_at": now, "confirmed_at": now, "confirmed_because": FIRST_START}
    row = common | _written(session) | {"id": 1, "server": _server(session)} | values
    session.execute(insert_into(session, Fence).values(row).on_conflict_do_nothing())


def _write(session: Session, **values: Any) -> None:
    statement = update(Fence).where(Fence.id == 1).values(**values, **_written(session))
    session.execute(statement, execution_options={"synchronize_session": False})


def _written(session: Session) -> dict[str, Any]:
    """On PostgreSQL the number of this transaction, which the row itself will carry as well. Not within a savepoint."""
    if session.get_bind().dialect.name != "postgresql":
        return {}
    return {"written_by": cast(cast(func.pg_current_xact_id(), Text), BigInteger) % _XID}


def _server(session: Session) -> dict[str, Any]:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return asdict(identity(session)) if is_postgresql else {}


def _tell(session: Session, *, action: str, who: str, text: str, **facts: object) -> None:
    for company in company_names(session):
        record(
            session,
            company_id=company.id,
            customer_id=None,
            tag=f"fence:{action}",
            who=who,
            text=text,
            facts=facts,
        )
