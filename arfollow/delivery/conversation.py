"""An SMTP conversation that ends in time, and in which only a whole, well-formed answer counts."""

from __future__ import annotations

import re
import smtplib
import socket
from contextlib import suppress
from threading import Condition, Thread
from time import monotonic
from typing import Any

_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])([^\r\n]*))?\r?\n")
_LONGEST = 2048
_MOST_LINES = 100
_AGAIN_SECONDS = 0.5


class GarbledAnswerError(smtplib.SMTPException):
    """The mail server's answer is none: nobody can tell what it means."""

    def __init__(self, line: bytes) -> None:
        super().__init__(f"its answer makes no sense: {line[:80]!r}" if line else "it hung up.")


class Conversation(smtplib.SMTP):
    """A connection that hangs up by itself after `seconds`, whatever the other side does: each of its bytes may come in time,
    and yet no end. `smtplib` takes half a line for an answer, and reads answers without end; this one does not.
    """

    def __init__(self, host: str, port: int, *, seconds: float, **options: Any) -> None:
        self._is_over = False
        self._ends_at = self._looks_at = monotonic() + seconds
        self._change = Condition()
        Thread(target=self._watch, daemon=True).start()
        try:
            super().__init__(host, port, **options)
        except BaseException:
            self._end()
            raise

    def limit(self, seconds: float) -> None:
        """Hang up in so many seconds, unless the conversation is over or limited anew."""
        with self._change:
            self._ends_at = monotonic() + seconds
            # Who looks up too early looks again; to be woken for each limit would cost more than the conversation.
            if self._ends_at < self._looks_at:
                self._change.notify()

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        # The dot travels apart from the message: without this it waits until the other side has confirmed the message.
        sock = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # smtplib's own way to another socket
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer, its lines joined; raise GarbledAnswerError, OSError. What is no answer ends the conversation."""
        try:
            return self._answer()
        except (GarbledAnswerError, OSError):
            self.close()
            raise

    def close(self) -> None:
        """End the conversation at once."""
        self._end()
        super().close()

    def _end(self) -> None:
        with self._change:
            self._is_over = True
            self._change.notify()

    def _answer(self) -> tuple[int, bytes]:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("it hung up.")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        code, texts = b"", list[bytes]()
        while len(texts) < _MOST_LINES:
            line = self.file.readline(_LONGEST)
            found = _LINE.fullmatch(line)
            if found is None or (texts and found[1] != code):
                raise GarbledAnswerError(line)
            code = found[1]
            texts.append(found[3] or b"")
            if found[2] != b"-":
                return int(code), b"\n".join(texts)
        raise GarbledAnswerError(b"lines without end")

    def _watch(self) -> None:
        with self._change:
            while not self._is_over:
                if self._ends_at <= monotonic():
                    self._hang_up()
                    # Again and again: STARTTLS puts another socket in the place of the first.
                    self._ends_at = monotonic() + _AGAIN_SECONDS
                self._looks_at = self._ends_at
                self._change.wait(self._ends_at - monotonic())

    def _hang_up(self) -> None:
        with suppress(OSError):
            # The method of the plain socket: that of TLS would let what follows travel in the clear.
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class TlsConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
