"""A mail server that answers by a script, and its answers when all goes well."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from arfollow.delivery.channel import Envelope
from arfollow.delivery.rules import Doubtful, Refused, Sent
from arfollow.delivery.smtp import SmtpChannel

CERTIFICATE = Path(__file__).with_name("localhost.pem")
ENVELOPE = Envelope(
    delivery_id=7,
    message_id="<abc@acme.example>",
    sender="office@acme.example",
    recipient="shop@customer.example",
    content=b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n",
)
CLOSE = object()
SILENCE = object()
POLITE = {
    "banner": b"220 hello\r\n",
    "EHLO": b"250 hello\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "dot": b"250 queued as 1\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass(frozen=True)
class Drip:
    """Bytes, one at a time, each in time."""

    content: bytes
    pause: float = 0.05


@dataclass(frozen=True)
class Last:
    """Bytes after which the connection ends."""

    content: bytes


@dataclass
class Script:
    """An SMTP server that answers by a script, and keeps the messages whose final dot it has seen.

    An answer is bytes, `CLOSE`, `SILENCE`, `Drip`, `Last`, or a list of those, used up one by one.
    """

    answers: dict[str, object]
    context: ssl.SSLContext | None = None
    taken: list[bytes] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    end: Event = field(default_factory=Event)
    connection: socket.socket | None = None

    def serve(self, listener: socket.socket) -> None:
        """Serve one connection."""
        connection, _ = listener.accept()
        self.connection = connection
        with suppress(OSError):
            if self._answer(connection, "banner"):
                connection = self._talk(connection)
        connection.close()

    def hang_up(self) -> None:
        """End a connection that the other side keeps."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _talk(self, connection: socket.socket) -> socket.socket:
        lines = connection.makefile("rb")
        while line := lines.readline():
            self.seen.append(line)
            verb = line[:4].decode("ascii", "replace").strip().upper()
            if not self._answer(connection, verb):
                break
            if verb == "STAR" and self.context is not None:
                lines.close()
                connection = self.context.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
            if (
                verb == "DATA"
                and self.answers["DATA"] == POLITE["DATA"]
                and not self._take(connection, lines)
            ):
                break
        lines.close()
        return connection

    def _take(self, connection, lines) -> bool:
        if self.answers.get("body") is CLOSE:
            lines.readline()
            return False
        if self.answers.get("body") is SILENCE:
            self.end.wait(10)
            return False
        content = b""
        for line in lines:
            if line == b".\r\n":
                self.taken.append(content)
                return self._answer(connection, "dot")
            content += line
        return False

    def _answer(self, connection, verb: str) -> bool:
        answer = self.answers.get(verb, b"502 what?\r\n")
        if isinstance(answer, list):
            answer = answer.pop(0)
        if answer is SILENCE:
            self.end.wait(10)
            return False
        if isinstance(answer, Drip):
            for byte in answer.content:
                connection.sendall(bytes([byte]))
                if self.end.wait(answer.pause):
                    return False
            return True
        if isinstance(answer, Last):
            connection.sendall(answer.content)
        if not isinstance(answer, bytes):
            return False
        connection.sendall(answer)
        return True


@contextmanager
def playing(*scripts: Script) -> Iterator[int]:
    """Serve one connection by each script, one after the other; gives the port."""

    def serve() -> None:
        for script in scripts:
            script.serve(listener)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        for script in scripts:
            script.end.set()
        thread.join()


def send(changes: dict[str, object], envelope=ENVELOPE, *, context=None, trust=None, **options):
    """What becomes of a message for a server that answers politely but for `changes`; and the script as it was played."""
    script = Script(POLITE | changes, context=context)
    with playing(script) as port:
        # Short only where it is to run out: elsewhere a busy machine may take its time.
        runs_out = any(map(_keeps_waiting, changes.values()))
        given = dict.fromkeys(("timeout", "patience"), 0.2 if runs_out else 5) | options
        given |= {"budget": 0.5 if runs_out else 5}
        given |= {"context": trust} if trust else {}
        outcome = SmtpChannel(host="127.0.0.1", port=port, **given).send(envelope)
    return outcome, script


def _keeps_waiting(answer: object) -> bool:
    return (
        answer is SILENCE or isinstance(answer, Drip) or (isinstance(answer, bytes) and answer[-1:] != b"\n")
    )


def state_after(outcome) -> str:
    """Where an outcome leaves a delivery that has attempts left; "queued": tried again later."""
    match outcome:
        case Refused(permanent=permanent):
            return "failed" if permanent else "queued"
        case Sent():
            return "sent"
        case Doubtful():
            return "uncertain"


def server_context() -> ssl.SSLContext:
    """The server's side of TLS, for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    """A client's side of TLS that vouches for the server's certificate."""
    return ssl.create_default_context(cafile=CERTIFICATE)
