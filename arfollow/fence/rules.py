"""Rules of the fence: whether a database still is where it was when somebody last vouched for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why the fence is closed."""

    RESTORED = "restored"
    BY_HAND = "by hand"
    NO_FILE = "no file"
    OTHER_EPOCH = "other epoch"
    OLDER_DATABASE = "older database"
    OLDER_FILE = "older file"
    ELSEWHERE = "elsewhere"
    OTHER_SERVER = "other server"
    OTHER_TIMELINE = "other timeline"
    OTHER_DATABASE = "other database"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a database's file stands. `born`: when its inode was made, in ns; None where the file system does not tell."""

    device: int
    inode: int
    born: int | None
    path: str

    def is_at(self, other: Place) -> bool:
        """Whether both are one file. The device's number may change with a restart, the path when a folder is renamed."""
        is_same_age = self.born == other.born or None in (self.born, other.born)
        is_near = self.device == other.device or self.path == other.path
        return self.inode == other.inode and is_same_age and is_near


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What stands in the file beside a SQLite database. `place`: where the database stood when it was written."""

    epoch: str
    count: int
    place: Place | None


@dataclass(frozen=True, kw_only=True)
class Server:
    """What tells one PostgreSQL database from another; None: the server does not let us know."""

    system: str | None
    timeline: str | None
    database: int | None


def judge_file(*, epoch: str, count: int, witness: Witness | None, here: Place) -> Reason | None:
    """Why a SQLite database may not send; None: it may.

    The count is raised in the database first, so the file may be one behind: somebody stopped in between. It can't be ahead.
    """
    if witness is None:
        return Reason.NO_FILE
    if witness.epoch != epoch:
        return Reason.OTHER_EPOCH
    if witness.place is None or not witness.place.is_at(here):
        return Reason.ELSEWHERE
    if witness.count > count:
        return Reason.OLDER_DATABASE
    return Reason.OLDER_FILE if witness.count < count - 1 else None


def judge_server(*, known: Server, here: Server, is_own_row: bool) -> Reason | None:
    """Why a PostgreSQL database may not send; None: it may. `is_own_row`: the fence's row is as the fence wrote it."""
    if _differ(known.system, here.system):
        return Reason.OTHER_SERVER
    if _differ(known.database, here.database):
        return Reason.OTHER_DATABASE
    if _differ(known.timeline, here.timeline):
        return Reason.OTHER_TIMELINE
    return None if is_own_row else Reason.REWRITTEN


def _differ(known: object, here: object) -> bool:
    return None not in (known, here) and known != here
