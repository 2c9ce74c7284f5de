"""The file beside a SQLite database: `arfollow.sqlite3.fence-17`, the 17 being the count.

The count is in the name, so that an older file that is put back over today's folder stands beside a newer one, which it
does not replace. The one before is kept as well: whoever lists the folder while it changes still finds one.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.orm import Session

from arfollow.fence.rules import Place, Witness

_AT_FDCWD = -100
_STATX_BTIME = 0x800
_BTIME_AT = 0x50
_SECOND = 10**9


def database_file(session: Session) -> Path | None:
    """The file of the session's database; None: it is no SQLite file."""
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).resolve()


def place_of(database: Path) -> Place:
    """Where the file stands now."""
    status = database.stat()
    return Place(device=status.st_dev, inode=status.st_ino, born=_born(database, status), path=str(database))


def read(database: Path) -> Witness | None:
    """The witness with the highest count; None when there is none."""
    for count, path in sorted(_files(database), reverse=True):
        try:
            return _parse(count, path.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            continue  # Another process has just removed it, since there is a newer one.
    return None


def count_of(database: Path) -> int:
    """The highest count of which there is a witness; 0: there is none."""
    return max((count for count, _ in _files(database)), default=0)


def write(database: Path, *, epoch: str, count: int) -> None:
    """Write the witness of this count, lastingly, whole or not at all; then drop those older than the one before."""
    content = {"epoch": epoch, "place": asdict(place_of(database))}
    unfinished = database.with_name(f"{database.name}.fence.{os.getpid()}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(_path(database, count))
    _sync(database.parent)
    for older, path in list(_files(database)):
        if older < count - 1:
            path.unlink(missing_ok=True)


def belongs_to(database: Path, name: str) -> bool:
    """Whether a file of that name, beside the database, is a witness."""
    return name.startswith(f"{database.name}.fence")


def _path(database: Path, count: int) -> Path:
    return database.with_name(f"{database.name}.fence-{count}")


def _files(database: Path) -> Iterator[tuple[int, Path]]:
    prefix = f"{database.name}.fence-"
    with os.scandir(database.parent) as entries:
        for entry in entries:
            number = entry.name.removeprefix(prefix)
            if number != entry.name and number.isdecimal():
                yield int(number), Path(entry.path)


def _parse(count: int, text: str) -> Witness:
    """One that somebody has edited into something else is nobody's."""
    try:
        content = json.loads(text)
        return Witness(epoch=content["epoch"], count=count, place=Place(**content["place"]))
    except (ValueError, TypeError, KeyError):
        return Witness(epoch="", count=count, place=None)


def _born(path: Path, status: os.stat_result) -> int | None:
    """When the inode was made: a number that is used again tells a new file from the old one."""
    known: float | None = getattr(status, "st_birthtime", None)
    return int(known * _SECOND) if known is not None else _linux_birth(path)


def _linux_birth(path: Path) -> int | None:
    """Python has no statx before 3.15."""
    statx = getattr(ctypes.CDLL(None), "statx", None)
    buffer = ctypes.create_string_buffer(256)
    if statx is None or statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, buffer) != 0:
        return None
    (mask,) = struct.unpack_from("<I", buffer)
    seconds, nanoseconds = struct.unpack_from("<qI", buffer, _BTIME_AT)
    return seconds * _SECOND + nanoseconds if mask & _STATX_BTIME else None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
