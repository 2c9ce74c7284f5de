"""What the worker does for the fence beside asking it: it looks at its start, and keeps the count rising."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.database import begin_write, commit
from arfollow.fence import operations, witness
from arfollow.fence.queries import standing

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)
"""How often the count rises while messages go out: the shortest life of a copy that is noticed when it is put back in place."""


class Watch:
    """The worker's job: look, and say once in words that nothing is sent."""

    def __init__(self) -> None:
        self._has_said = False

    def __call__(self, session: Session) -> None:
        """Look at the fence; the first look confirms a new database."""
        begin_write(session)
        is_open = operations.lets_through(session)
        commit(session)
        if not is_open and not self._has_said:
            log.warning("nothing is sent: an administrator has to confirm that this is the live system")
        self._has_said = not is_open
        keep_count(session)


def keep_count(session: Session, *, every: timedelta = EVERY) -> None:
    """Raise the count if it is older than `every`; a transaction of its own, of a session that has none open.

    The database first, then the file: whoever stops in between leaves a file that is one behind, which the next one mends.
    """
    database = witness.database_file(session)
    known = standing(session) if database is not None else None
    session.rollback()
    if database is None or known is None or known.closed_at is not None:
        return
    if abs(clock.now() - known.counted_at) < every:
        return
    begin_write(session)
    known = standing(session)
    if known is None or known.closed_at is not None or operations.look(session, known) is not None:
        session.rollback()
        return
    if witness.count_of(database) < known.count:
        witness.write(database, epoch=known.epoch, count=known.count)
    number = operations.raise_count(session, known)
    commit(session)
    witness.write(database, epoch=known.epoch, count=number)
