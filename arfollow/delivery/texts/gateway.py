"""Text messages to a gateway by signed HTTP: an outcome for whatever it or the network does."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer

from arfollow import clock
from arfollow.delivery.causes import cause_of, reason
from arfollow.delivery.channel import Envelope
from arfollow.delivery.rules import Cause, Doubtful, Outcome, Refused
from arfollow.delivery.texts.answers import Answer, outcome_of_answer
from arfollow.values.signatures import signature

SEND = "send"
"""The kind of a signed request that hands a message over."""

_LARGEST_ANSWER = 65_536
# Sources: RFC 4291, section 2.4 (what is given out of it), and RFC 6052, section 2.1.
_UNICAST, _TRANSLATED = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")


class PrivateNetworkError(OSError):
    """The gateway's name leads into a private network, which the setting does not say."""

    def __init__(self, host: str) -> None:
        super().__init__(0, f"{host} leads into a private network; add ?network=private if that is meant")


@dataclass(frozen=True, kw_only=True)
class GatewayChannel:
    """A gateway. `timeout`: seconds for each step, `budget` for all of them, which end before the lease of a delivery that is being
    sent. `is_private`: it may stand in a private network. `authorization`: what the header of that name says, or nothing.
    """

    host: str
    port: int
    path: str
    number: str
    secret: str = field(repr=False)
    authorization: str = field(default="", repr=False)
    kind: str = SEND
    is_encrypted: bool = True
    is_private: bool = False
    timeout: float = 30
    budget: float = 120
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message over; certain that it was not taken, certain that it was, or in doubt. Follows no redirection."""
        body = self.content_of(envelope)
        try:
            with self._connection() as connection:
                self._announce(connection, envelope, body)
                if envelope.leave_by is not None and clock.now() > envelope.leave_by:
                    return _refused("the gateway was so slow that the message was not handed over any more.")
                return _finish(connection, body)
        except (OSError, HTTPException) as problem:
            answer = f"{self.host}:{self.port}: {reason(problem)}"
            return Refused(answer=answer, permanent=False, cause=cause_of(problem))

    def content_of(self, envelope: Envelope) -> bytes:
        """What is posted."""
        return payload(envelope, number=self.number)

    @contextmanager
    def _connection(self) -> Iterator[HTTPConnection]:
        """A connection that hangs up by itself: each byte of an answer may come in time, and yet no end."""
        connection = HTTPConnection(self.host, self.port)
        connection.sock = self._socket()
        # The plain socket's method: that of TLS would let what follows travel in the clear.
        hang_up = Timer(self.budget, _shut, [connection.sock])
        hang_up.daemon = True
        hang_up.start()
        try:
            yield connection
        finally:
            hang_up.cancel()
            connection.close()

    def _socket(self) -> socket.socket:
        plain = socket.create_connection(self._address(), timeout=self.timeout)
        if not self.is_encrypted:
            return plain
        try:
            return self.context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _address(self) -> tuple[str, int]:
        """Looked up once: what is connected to is what was looked at."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        allowed = [each for each in addresses if self.is_private or _is_public(each)]
        if not allowed:
            raise PrivateNetworkError(self.host)
        return allowed[0], self.port

    def _announce(self, connection: HTTPConnection, envelope: Envelope, body: bytes) -> None:
        """The headers: without its body nobody can take the message."""
        at = int(clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Idempotency-Key": _name(envelope),
            "X-Arfollow-Timestamp": str(at),
            "X-Arfollow-Signature": signature(self.secret, kind=self.kind, at=at, body=body),
            "User-Agent": "arfollow",
            "Connection": "close",
        }
        if self.authorization:
            headers["Authorization"] = self.authorization
        connection.putrequest("POST", self.path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()


def payload(envelope: Envelope, *, number: str) -> bytes:
    """What a gateway is told, as JSON."""
    message = {
        "id": _name(envelope),
        "to": envelope.recipient,
        "from": number,
        "text": envelope.content.decode(),
    }
    return json.dumps(message, ensure_ascii=False).encode()


def _name(envelope: Envelope) -> str:
    """What the message is called, by us and at each try."""
    return envelope.message_id.strip("<>")


def _finish(connection: HTTPConnection, body: bytes) -> Outcome:
    try:
        connection.send(body)
        response = connection.getresponse()
    except (OSError, HTTPException) as problem:
        return Doubtful(answer=reason(problem))
    said = b""
    with suppress(OSError, HTTPException):
        # The first line has said it; what breaks off after it was only its words.
        said = response.read(_LARGEST_ANSWER)
    retries = response.headers.get("Retry-After") is not None
    return outcome_of_answer(Answer(status=response.status, body=said, retries=retries))


def _refused(answer: str) -> Refused:
    return Refused(answer=answer, permanent=False, cause=Cause.TIMED_OUT)


def _is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inside = _inside(found)
        if inside is None:
            return found.is_global and found in _UNICAST
        found = inside
    return found.is_global and not found.is_multicast


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The address of the older kind that a translator on the way would connect to; None: there is none in it."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
