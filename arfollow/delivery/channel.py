"""What every channel is: it takes an envelope and says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from arfollow.delivery.rules import Outcome


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A built message on its way: addresses in ASCII, `content` its bytes with lines ending in CRLF.

    `leave_by`: when the lease ends; a message that has not been handed over by then must not be.
    """

    delivery_id: int
    message_id: str
    sender: str
    recipient: str
    content: bytes
    leave_by: datetime | None = None


class Channel(Protocol):
    """A way out for messages."""

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message over; what goes wrong is an outcome, never an exception."""
        ...


class BadMailUrlError(ValueError):
    """ARFOLLOW_MAIL_URL does not say where mail goes."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"ARFOLLOW_MAIL_URL: {problem} Give smtp://user:password@host:587?tls=starttls, "
            "smtps://user:password@host or file:///folder."
        )
