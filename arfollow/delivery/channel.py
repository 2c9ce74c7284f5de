"""What every channel is: it takes an envelope and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from arfollow.delivery.rules import Cause, Outcome, Refused


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A built message on its way. An e-mail: addresses in ASCII, `content` its bytes with lines ending in CRLF; a text message:
    the recipient's number as E.164, no sender (the channel has it), `content` its text in UTF-8.

    `leave_by`: when the lease ends; a message that has not been handed over by then must not be.
    """

    delivery_id: int
    message_id: str
    sender: str
    recipient: str
    content: bytes
    leave_by: datetime | None = None
    channel: str = "email"


class Channel(Protocol):
    """A way out for messages."""

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message over; what goes wrong is an outcome, never an exception."""
        ...


@dataclass(frozen=True, kw_only=True)
class Channels:
    """All ways out, by the name of the delivery's channel."""

    ways: Mapping[str, Channel]

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message to its own channel; where there is none, it waits until somebody sets it up."""
        way = self.ways.get(envelope.channel)
        if way is None:
            answer = f"Nothing is set up that sends messages of the channel {envelope.channel}."
            return Refused(answer=answer, permanent=False, cause=Cause.NOT_SET_UP)
        return way.send(envelope)


class BadMailUrlError(ValueError):
    """ARFOLLOW_MAIL_URL does not say where mail goes."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"ARFOLLOW_MAIL_URL: {problem} Give smtp://user:password@host:587?tls=starttls, "
            "smtps://user:password@host or file:///folder."
        )
