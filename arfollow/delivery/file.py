"""Messages to a folder: one file a message (.eml, .json), for demos, tests and other programs to pick up."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote

from arfollow.delivery.channel import BadMailUrlError, Envelope
from arfollow.delivery.rules import Cause, Doubtful, Outcome, Refused, Sent, identity_of


@dataclass(frozen=True)
class FileChannel:
    """Writes messages into a folder, which it makes."""

    folder: Path
    suffix: str = ".eml"

    def send(self, envelope: Envelope) -> Outcome:
        """Write the message's file: all of it or nothing, and the same file if it is written again."""
        path = self.folder / filename(envelope, self.suffix)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, envelope.content)
        except OSError as problem:
            return Refused(answer=f"{path}: {problem.strerror}", permanent=False, cause=Cause.FOLDER)
        try:
            _keep(path.parent)
        except OSError as problem:
            # By now somebody may have picked the file up.
            return Doubtful(answer=f"{path}: {problem.strerror}")
        return Sent(answer=path.name)


def open_channel(url: SplitResult) -> FileChannel:
    """The channel of a file:///folder URL."""
    if url.netloc not in ("", "localhost") or not url.path.startswith("/") or url.query or url.fragment:
        raise BadMailUrlError("A folder needs three slashes and nothing after its path.")
    return FileChannel(Path(unquote(url.path)))


def filename(envelope: Envelope, suffix: str = ".eml") -> str:
    """The name of a message's file: in the order of their deliveries, and one per Message-ID."""
    return f"{envelope.delivery_id:08d}-{identity_of(envelope.message_id)}{suffix}"


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _keep(folder: Path) -> None:
    """Have the disk remember the names in the folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
