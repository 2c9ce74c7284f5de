"""Many at once; where something goes wrong, each by itself, so that one that nobody can handle does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)


def all_or_apart(session: Session, ids: Sequence[int], work: Callable[[Sequence[int]], None]) -> None:
    """Do the work for them; what one cannot be worked for is logged, and left out."""
    try:
        with session.begin_nested():
            work(ids)
    except OperationalError:
        # About the database, not about one of them: all are tried again.
        raise
    except Exception as problem:  # noqa: BLE001 - whose it is comes out below
        log.info("worked one by one", problem=type(problem).__name__)
        for each in ids:
            _alone(session, each, work)


def _alone(session: Session, each: int, work: Callable[[Sequence[int]], None]) -> None:
    try:
        with session.begin_nested():
            work([each])
    except OperationalError:
        raise
    except Exception:
        log.exception("left out", id=each)
