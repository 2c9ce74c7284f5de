"""Tells other programs by signed HTTP: the same outcomes as a gateway for text messages has."""

from __future__ import annotations

import hmac
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from arfollow.delivery.channel import Envelope
from arfollow.delivery.mime import BadMessageError
from arfollow.delivery.rules import Outcome
from arfollow.delivery.texts.gateway import GatewayChannel

CHANNEL = "webhook"
KIND = "webhook"
"""The kind of a signed request that tells another program."""

_HTTPS_PORT = 443
_LONGEST_ADDRESS = 1000


class BadReceiverError(BadMessageError):
    """The address is none that another program may be told at."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The address of the webhook cannot be used: {problem}")


@dataclass(frozen=True, kw_only=True)
class WebhookChannel:
    """Posts to whatever address an envelope names, but never into a private network. `is_private`: it may, in tests."""

    secret_key: str = field(repr=False)
    is_private: bool = False
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message over, signed with the secret of the company that the envelope names as its sender."""
        url = receiver(envelope.recipient)
        to = _Receiver(
            host=url.hostname or "",
            port=url.port or _HTTPS_PORT,
            path=f"{url.path or '/'}{'?' if url.query else ''}{url.query}",
            number="",
            secret=secret_of(int(envelope.sender), key=self.secret_key),
            kind=KIND,
            is_private=self.is_private,
            context=self.context,
        )
        return to.send(envelope)


@dataclass(frozen=True, kw_only=True)
class _Receiver(GatewayChannel):
    def content_of(self, envelope: Envelope) -> bytes:
        """What is posted: as it was written."""
        return envelope.content


def receiver(address: str) -> SplitResult:
    """The address in its parts; raise BadReceiverError. That it leads into no private network is seen when it is looked up."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise BadReceiverError("it is none.") from None
    if url.scheme != "https" or not url.hostname:
        raise BadReceiverError("it has to begin with https://.")
    if url.username or url.password or port == 0:
        raise BadReceiverError("it may name no user, and no port 0.")
    if (
        not address.isascii()
        or not address.isprintable()
        or " " in address
        or len(address) > _LONGEST_ADDRESS
    ):
        raise BadReceiverError("it has characters that addresses do not have, or is too long.")
    return url


def secret_of(company_id: int, *, key: str) -> str:
    """The secret by which receivers know that a company's messages are genuine; it changes with the secret key only."""
    made = hmac.digest(key.encode(), f"webhook:{company_id}".encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")
