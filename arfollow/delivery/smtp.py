"""Mail by SMTP: TLS, login, and an outcome for whatever a server or a network does."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import monotonic
from urllib.parse import SplitResult, parse_qsl, unquote

from arfollow import clock
from arfollow.delivery.causes import LoginRefusedError, cause_of, reason, words
from arfollow.delivery.channel import BadMailUrlError, Envelope
from arfollow.delivery.conversation import Conversation, TlsConversation
from arfollow.delivery.rules import Doubtful, Outcome, Refused, outcome_of

_TLS = ("none", "starttls")
_PORTS = {"smtp": 25, "smtps": 465}
_GO_AHEAD = 354
_GOODBYE_SECONDS = 2
_KEPT_SECONDS = 10
# Mail servers allow about as many before they ask for a new connection.
_MOST = 100


class TooLateError(smtplib.SMTPException):
    """The message was not handed over: by then somebody else may have decided about it."""

    def __init__(self) -> None:
        super().__init__("the mail server was so slow that the message was not handed over any more.")


@dataclass
class _Kept:
    """The connection over which the last messages went, for the next one."""

    server: Conversation | None = None
    messages: int = 0
    since: float = 0


@dataclass(frozen=True, kw_only=True)
class SmtpChannel:
    """A mail server. `timeout`: seconds for each step, `budget` for all of them; `patience`: for its answer to the whole message.

    Patience is long (RFC 5321 asks for ten minutes), because giving up then leaves the delivery uncertain. Both together
    end before the lease of a delivery that is being sent. Up to `most` messages that follow each other closely go over
    one connection: to open one and sign in takes longer than to hand a message over.
    """

    host: str
    port: int
    implicit_tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30
    budget: float = 300
    patience: float = 300
    most: int = 1
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    _kept: _Kept = field(default_factory=_Kept, init=False, repr=False, compare=False)

    def send(self, envelope: Envelope) -> Outcome:
        """Hand the message to the server; certain that it was not taken, certain that it was, or in doubt."""
        try:
            with self._connection(envelope.sender) as server:
                outcome = _hand_over(server, envelope, patience=self.patience)
                if not isinstance(outcome, Doubtful):
                    self._keep_or_leave(server)
                return outcome
        except smtplib.SMTPResponseException as refusal:
            code = refusal.smtp_code
            return outcome_of(code, f"{code} {words(refusal.smtp_error)}", handed_over=False)
        except (smtplib.SMTPException, OSError) as problem:
            answer = f"{self.host}:{self.port}: {reason(problem)}"
            return Refused(answer=answer, permanent=False, cause=cause_of(problem))

    @contextmanager
    def _connection(self, sender: str) -> Iterator[Conversation]:
        """A connection on which the server has accepted the sender."""
        kept = self._take_kept(sender)
        server = kept or self._connect()
        try:
            if kept is None:
                self._sign_in(server)
                _name_sender(server, sender)
            yield server
        finally:
            if self._kept.server is not server:
                # A server that forgets its manners at the end has still taken the message.
                server.close()

    def _sign_in(self, server: Conversation) -> None:
        self._kept.messages = 0
        if self.starttls:
            _expect(*server.starttls(context=self.context()), success=220)
        if self.user:
            self._login(server)

    def _take_kept(self, sender: str) -> Conversation | None:
        """The kept connection; None when its server would have a new one, whatever its reason. Nothing is lost by that."""
        server, self._kept.server = self._kept.server, None
        if server is None:
            return None
        try:
            _limit(server, self.timeout)
            if monotonic() - self._kept.since > _KEPT_SECONDS:
                raise TimeoutError
            _expect(*server.rset(), success=250)
            _name_sender(server, sender)
        except (smtplib.SMTPException, OSError):
            server.close()
            return None
        server.limit(self.budget)
        return server

    def _keep_or_leave(self, server: Conversation) -> None:
        self._kept.messages += 1
        if self._kept.messages >= self.most:
            _say_goodbye(server)
            return
        # It hangs up by itself when no message follows.
        _limit(server, 2 * _KEPT_SECONDS)
        self._kept.server, self._kept.since = server, monotonic()

    def _login(self, server: Conversation) -> None:
        try:
            server.login(self.user, self.password)
        except smtplib.SMTPResponseException as refusal:
            raise LoginRefusedError(refusal) from None

    def _connect(self) -> Conversation:
        options = {"seconds": self.budget, "timeout": self.timeout}
        if self.implicit_tls:
            return TlsConversation(self.host, self.port, context=self.context(), **options)
        return Conversation(self.host, self.port, **options)


def open_channel(url: SplitResult) -> SmtpChannel:
    """The channel of an smtp:// or smtps:// URL; raise BadMailUrlError if a login would travel in the clear."""
    options = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
    unknown = sorted(options.keys() - {"tls", "timeout"})
    if unknown or url.path not in ("", "/") or url.fragment:
        raise BadMailUrlError(f"{unknown[0] if unknown else url.path!r} is not understood.")
    tls = options.get("tls")
    if tls is not None and (url.scheme == "smtps" or tls not in _TLS):
        raise BadMailUrlError(f"tls={tls} is not understood.")
    host, port = _place(url)
    if url.username and url.scheme == "smtp" and tls is None and not is_this_machine(host):
        raise BadMailUrlError("The password would travel in the clear; add ?tls=starttls (or ?tls=none).")
    return SmtpChannel(
        host=host,
        port=port,
        implicit_tls=url.scheme == "smtps",
        starttls=tls == "starttls",
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        timeout=_seconds(options.get("timeout", "30")),
        most=_MOST,
    )


def _place(url: SplitResult) -> tuple[str, int]:
    try:
        host, port = url.hostname, url.port
    except ValueError as problem:
        raise BadMailUrlError(f"{problem}.") from None
    if not host:
        raise BadMailUrlError("It names no mail server.")
    return host, port or _PORTS[url.scheme]


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,3}", text) or int(text) == 0:
        raise BadMailUrlError(f"timeout={text} is no number of seconds.")
    return int(text)


def is_this_machine(host: str) -> bool:
    """Whether the host is the machine that this runs on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _name_sender(server: Conversation, sender: str) -> None:
    server.ehlo_or_helo_if_needed()
    _expect(*server.mail(sender), success=250)


def _hand_over(server: Conversation, envelope: Envelope, *, patience: float) -> Outcome:
    _expect(*server.rcpt(envelope.recipient), success=250)
    _expect(*server.docmd("DATA"), success=_GO_AHEAD)
    # The dot travels apart: as long as it has not left, a broken connection means that nothing was taken.
    server.send(_dots_doubled(envelope.content))
    if envelope.leave_by is not None and clock.now() > envelope.leave_by:
        raise TooLateError
    return _finish(server, patience=patience)


def _finish(server: Conversation, *, patience: float) -> Outcome:
    try:
        _limit(server, patience)
        server.send(b".\r\n")
        code, answer = server.getreply()
    except (smtplib.SMTPException, OSError) as problem:
        return Doubtful(answer=reason(problem))
    return outcome_of(code, f"{code} {words(answer)}", handed_over=True)


def _say_goodbye(server: Conversation) -> None:
    try:
        _limit(server, _GOODBYE_SECONDS)
        server.quit()
    except (smtplib.SMTPException, OSError):
        # What counts was said before.
        return


def _limit(server: Conversation, seconds: float) -> None:
    server.limit(seconds)
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _expect(code: int, answer: bytes, *, success: int) -> None:
    if code // 10 != success // 10:
        raise smtplib.SMTPResponseException(code, answer)


def _dots_doubled(content: bytes) -> bytes:
    doubled = re.sub(rb"(?m)^\.", b"..", content)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"
