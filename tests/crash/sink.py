"""A mail server in a process of its own that writes down every message before it says that it has taken it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from aiosmtpd.smtp import SMTP

from tests.crash.processes import fork, kill

_MESSAGE_ID = re.compile(rb"(?im)^Message-ID: *(\S+)")
_SLOWEST = 0.03


@dataclass(frozen=True)
class Taken:
    """A message that the server took."""

    message_id: str
    sha256: str


@dataclass(frozen=True)
class Sink:
    """The running server."""

    port: int
    journal: Path

    @property
    def url(self) -> str:
        """What ARFOLLOW_MAIL_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[Taken]:
        """What it has taken so far, in order."""
        return [Taken(*line.split()) for line in self.journal.read_text().splitlines()]


@dataclass(frozen=True)
class Server:
    """Takes its time before and after it writes a message down; of 100 messages it refuses 2 for now and 1 for good,
    and hangs up on 3 without a word, before or after it has taken them.
    """

    journal: int
    random: Random

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it
        """Take the message, or not."""
        luck = self.random.random()
        await self._wait()
        if luck < 0.02:
            return "451 4.3.0 later"
        if luck < 0.03:
            return "554 5.7.1 never"
        if luck < 0.045:
            return self._hang_up(server)
        self._write_down(envelope.content)
        await self._wait()
        return self._hang_up(server) if luck < 0.06 else "250 2.0.0 taken"

    async def _wait(self) -> None:
        await asyncio.sleep(self.random.uniform(0, _SLOWEST))

    def _write_down(self, content: bytes) -> None:
        found = _MESSAGE_ID.search(content)
        name = found[1].decode() if found else "?"
        os.write(self.journal, f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
        os.fsync(self.journal)

    @staticmethod
    def _hang_up(server) -> str:
        server.transport.abort()
        return "421 gone"


@contextmanager
def listening(folder: Path, *, seed: int) -> Iterator[Sink]:
    """A server that lives as long as the block."""
    journal = folder / "taken"
    journal.touch()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sink = Sink(port=listener.getsockname()[1], journal=journal)
        pid = fork(lambda: _serve(listener, journal, seed), log=folder / "sink.log")
    try:
        yield sink
    finally:
        kill(pid)


def _serve(listener: socket.socket, journal: Path, seed: int) -> None:
    server = Server(os.open(journal, os.O_WRONLY | os.O_APPEND), Random(seed))

    async def serve() -> None:
        accepting = await asyncio.get_running_loop().create_server(lambda: SMTP(server), sock=listener)
        await accepting.serve_forever()

    asyncio.run(serve())
