"""Files to import: each is copied once, and all that is said about it is about that copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256 as digest_of
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 20


class File:
    """A file's bytes as they were when it was opened, and how it is called in messages.

    Reading goes through them several times: a pipe gives them once, and another program may still be writing.
    They are in a private file, which has no name and ends with this object, whatever happens.
    """

    def __init__(self, *, name: str, content: bytes | Path, sha256: str = "") -> None:
        """Copy the bytes, or what is at that path; raise OSError.

        `sha256`: the digest of the file that the bytes were made of, where they are not the file's own.
        """
        self.name = name
        self._copy = TemporaryFile()  # noqa: SIM115 - open as long as this object
        finalize(self, self._copy.close)
        digest = digest_of()
        for chunk in _chunks(content):
            digest.update(chunk)
            self._copy.write(chunk)
        self._copy.flush()
        self.sha256 = sha256 or digest.hexdigest()

    def open(self) -> BufferedReader:
        """The bytes from the beginning; several may read at a time."""
        return BufferedReader(_Pass(self), CHUNK)

    def read_into(self, buffer: WriteableBuffer, position: int) -> int:
        """Fill the buffer with the bytes from that position on; how many there were."""
        return os.preadv(self._copy.fileno(), [buffer], position)


class _Pass(RawIOBase):
    """One reading of a file, with a position of its own."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = self._file.read_into(buffer, self._position)
        self._position += count
        return count


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as opened:
        yield from iter(lambda: opened.read(CHUNK), b"")
