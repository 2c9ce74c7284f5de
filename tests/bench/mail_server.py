"""A mail server on this machine that takes everything at once, and knows when."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """The running server. `taken_at`: a moment for each message, in seconds."""

    port: int
    taken_at: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What ARFOLLOW_MAIL_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 - aiosmtpd calls it
        """Take the message."""
        self.taken_at.append(time.monotonic())
        return "250 2.0.0 taken"

    def rate(self, *, after: int) -> float:
        """Messages a second from that one on; 0 when there are fewer than two."""
        counted = self.taken_at[after:]
        return (len(counted) - 1) / (counted[-1] - counted[0]) if len(counted) > 1 else 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def receiving() -> Iterator[MailServer]:
    """The server, as long as the block lives."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
