"""The mail server that is set, and a test message to it. Nothing here touches the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from arfollow import clock
from arfollow.delivery.channel import BadMailUrlError, Channel, Envelope
from arfollow.delivery.file import FileChannel
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.message import Message
from arfollow.delivery.mime import ascii_address, build
from arfollow.delivery.rules import Doubtful, Outcome, Refused, Sent, message_id
from arfollow.delivery.smtp import SmtpChannel, is_this_machine

# Somebody sits before the screen and waits: each step, all of them, and the answer to the whole message, in seconds.
_TIMEOUT, _BUDGET, _PATIENCE = 8, 20, 15


class Security(StrEnum):
    """How what is sent is hidden from others on the way."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Result(StrEnum):
    """What became of a test message, beside the causes of `delivery.rules.Cause`."""

    ACCEPTED = "accepted"
    WRITTEN = "written"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes, without the password. `folder`: into files, to nobody; `is_unclear`: the setting cannot be understood."""

    host: str = ""
    port: int = 0
    security: Security = Security.NONE
    user: str = ""
    has_password: bool = False
    folder: str = ""
    is_unclear: bool = False

    @property
    def place(self) -> str:
        """Tells one setting from another: what a test has shown is true of this one alone."""
        return self.folder or f"{self.user}@{self.host}:{self.port}:{self.security}"

    @property
    def is_server(self) -> bool:
        """Whether mail goes to a server, and not into files."""
        return bool(self.host)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, from where it sends on by itself."""
        return is_this_machine(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a test message came to: one of `Result` or of the causes, and the server's own answer."""

    result: str
    answer: str


def mail_server(mail_url: str) -> MailServer:
    """What ARFOLLOW_MAIL_URL says."""
    try:
        channel = open_mail_channel(mail_url)
    except BadMailUrlError:
        # Its words may quote a piece of the password.
        return MailServer(is_unclear=True)
    match channel:
        case SmtpChannel():
            return MailServer(
                host=channel.host,
                port=channel.port,
                security=_security(channel),
                user=channel.user,
                has_password=bool(channel.password),
            )
        case FileChannel():
            return MailServer(folder=str(channel.folder))
    return MailServer(is_unclear=True)


def send_test(mail_url: str, message: Message, *, key: str) -> Trial:
    """Send the message at once, and give what became of it within a minute; raise BadMailUrlError, BadMessageError."""
    channel = open_mail_channel(mail_url)
    outcome = _impatient(channel).send(_envelope(message, key))
    return _trial(outcome, is_folder=isinstance(channel, FileChannel))


def _envelope(message: Message, key: str) -> Envelope:
    identity = message_id(key=key, domain=message.sender.email.rpartition("@")[2])
    return Envelope(
        delivery_id=0,
        message_id=identity,
        sender=ascii_address(message.sender, what="The company"),
        recipient=ascii_address(message.to, what="The recipient"),
        content=build(message, message_id=identity, sent_at=clock.now()),
    )


def _impatient(channel: Channel) -> Channel:
    if isinstance(channel, SmtpChannel):
        return replace(
            channel, timeout=min(channel.timeout, _TIMEOUT), budget=_BUDGET, patience=_PATIENCE, most=1
        )
    return channel


def _trial(outcome: Outcome, *, is_folder: bool) -> Trial:
    match outcome:
        case Refused():
            return Trial(result=outcome.cause, answer=outcome.answer)
        case Doubtful():
            return Trial(result=Result.DOUBTFUL, answer=outcome.answer)
        case Sent():
            return Trial(result=Result.WRITTEN if is_folder else Result.ACCEPTED, answer=outcome.answer)


def _security(channel: SmtpChannel) -> Security:
    if channel.implicit_tls:
        return Security.TLS
    return Security.STARTTLS if channel.starttls else Security.NONE
