"""Chooses the way out for text messages that ARFOLLOW_SMS_URL names."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from arfollow.config import TextGateway
from arfollow.delivery import file
from arfollow.delivery.channel import BadMailUrlError, Channel, Envelope
from arfollow.delivery.file import FileChannel
from arfollow.delivery.rules import Outcome
from arfollow.delivery.smtp import is_this_machine
from arfollow.delivery.texts.gateway import GatewayChannel, payload
from arfollow.values.phones import PhoneError, parse_number

CHANNEL = "sms"
_LONGEST_NAME = 11
_PORTS = {"http": 80, "https": 443}


class BadGatewayError(ValueError):
    """The environment does not say where text messages go."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"ARFOLLOW_SMS_URL: {problem} Give https://user:secret@gateway.example.com/messages or file:///folder."
        )


@dataclass(frozen=True)
class FolderOfTexts:
    """Text messages as files, for demos and for trying out: one .json a message, as a gateway would get it."""

    files: FileChannel
    number: str

    def send(self, envelope: Envelope) -> Outcome:
        """Write the message's file."""
        return self.files.send(replace(envelope, content=payload(envelope, number=self.number)))


def open_text_channel(settings: TextGateway) -> Channel | None:
    """The way out that is set, None: none is; nothing is connected yet. Raise BadGatewayError."""
    if not settings.url:
        return None
    try:
        url = urlsplit(settings.url)
        if url.scheme == "file":
            folder = file.open_channel(url).folder
            return FolderOfTexts(FileChannel(folder, suffix=".json"), settings.number)
        return _gateway(url, settings)
    except BadMailUrlError:
        raise BadGatewayError("A folder needs three slashes and nothing after its path.") from None
    except ValueError as problem:
        raise problem if isinstance(problem, BadGatewayError) else BadGatewayError(f"{problem}.") from None


def checked_sender(text: str) -> str:
    """A sender as gateways take it: a number as E.164, or a name of up to 11 letters and digits. Raise BadGatewayError."""
    name = text.strip()
    if name.isascii() and name.isalnum() and not name.isdigit() and len(name) <= _LONGEST_NAME:
        return name
    try:
        return parse_number(name, country="")
    except PhoneError:
        raise BadGatewayError(
            "ARFOLLOW_SMS_NUMBER has to be the sender's number, such as +4915155500000."
        ) from None


def _gateway(url: SplitResult, settings: TextGateway) -> GatewayChannel:
    if url.scheme not in _PORTS:
        raise BadGatewayError(f"{url.scheme!r} is no way to send text messages.")
    if not url.hostname:
        raise BadGatewayError("It names no gateway.")
    if not settings.secret:
        raise BadGatewayError("ARFOLLOW_SMS_SECRET is missing, by which the gateway knows us.")
    is_private = _is_private(url)
    if url.scheme == "http" and not is_private:
        raise BadGatewayError("The messages would travel in the clear: it has to begin with https://.")
    return GatewayChannel(
        host=url.hostname,
        port=url.port or _PORTS[url.scheme],
        path=url.path or "/",
        number=checked_sender(settings.number),
        secret=settings.secret,
        authorization=_authorization(url),
        is_encrypted=url.scheme == "https",
        is_private=is_private,
    )


def _is_private(url: SplitResult) -> bool:
    """Whether the setting itself names a place in a private network, or says that its name leads to one."""
    options = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
    if options not in ({}, {"network": "private"}) or url.fragment:
        raise BadGatewayError("What follows its path is not understood.")
    host = url.hostname or ""
    return bool(options) or is_this_machine(host) or _is_private_address(host)


def _is_private_address(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _authorization(url: SplitResult) -> str:
    if not url.username:
        return ""
    login = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return "Basic " + b64encode(login.encode()).decode()
