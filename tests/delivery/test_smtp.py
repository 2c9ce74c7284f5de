import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from aiosmtpd.smtp import AuthResult

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


@dataclass
class Script:
    """An SMTP server that answers by a script, and keeps the messages whose final dot it has seen."""

    answers: dict[str, object]
    taken: list[bytes] = field(default_factory=list)
    end: Event = field(default_factory=Event)

    def serve(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines, suppress(ConnectionError):
            self._talk(connection, lines)

    def _talk(self, connection, lines) -> None:
        if not self._answer(connection, "banner"):
            return
        for line in lines:
            verb = line[:4].decode("ascii", "replace").strip().upper()
            if not self._answer(connection, verb):
                return
            if (
                verb == "DATA"
                and self.answers["DATA"] == POLITE["DATA"]
                and not self._take(connection, lines)
            ):
                return

    def _take(self, connection, lines) -> bool:
        if self.answers.get("body") is CLOSE:
            lines.readline()
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
        if answer is SILENCE:
            self.end.wait(10)
            return False
        if answer is CLOSE:
            return False
        connection.sendall(answer)
        return True


@contextmanager
def playing(script: Script) -> Iterator[int]:
    """Serve one connection; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=script.serve, args=[listener])
        thread.start()
        yield listener.getsockname()[1]
        script.end.set()
        thread.join()


def send(changes: dict[str, object], envelope=ENVELOPE, **options):
    script = Script(POLITE | changes)
    with playing(script) as port:
        channel = SmtpChannel(host="127.0.0.1", port=port, timeout=0.2, patience=0.2, **options)
        outcome = channel.send(envelope)
    return outcome, script.taken


def test_a_message_that_is_accepted_is_sent_dots_and_all():
    outcome, taken = send({})

    assert outcome == Sent(answer="250 queued as 1")
    assert taken == [b"Subject: x\r\n\r\n..\r\n...two\r\nend\r\n"]


BEFORE_THE_DOT = ["banner", "EHLO", "MAIL", "RCPT", "DATA"]
FAULTS = {
    "4xx": (b"451 later\r\n", "temporary"),
    "421 and gone": (b"421 going down\r\n", "temporary"),
    "5xx": (b"550 never\r\n", "permanent"),
    "5xx in many lines": (b"550-never\r\n550 ever\r\n", "permanent"),
    "cut": (CLOSE, "temporary"),
    "silence": (SILENCE, "temporary"),
    "half an answer": (b"25", "temporary"),
    "garbage": (b"\xff\xfe\x00 hi\r\n", "temporary"),
    "an endless line": (b"250 " + b"x" * 9000 + b"\r\n", "temporary"),
    "another answer": (b"334 what?\r\n", "temporary"),
}


def name_of(outcome) -> str:
    match outcome:
        case Refused(permanent=permanent):
            return "permanent" if permanent else "temporary"
        case Sent():
            return "sent"
        case Doubtful():
            return "uncertain"


@pytest.mark.parametrize("verb", BEFORE_THE_DOT)
@pytest.mark.parametrize("fault", FAULTS)
def test_before_the_dot_nothing_was_taken(verb, fault):
    answer, expected = FAULTS[fault]
    # smtplib falls back to HELO, which has the last word.
    changes = {"EHLO": answer, "HELO": answer} if verb == "EHLO" else {verb: answer}

    outcome, taken = send(changes)

    assert name_of(outcome) == expected
    assert taken == []
    assert outcome.answer


def test_a_connection_cut_in_the_middle_of_the_message_is_temporary():
    # More than the network's buffers take in before the other side is missed.
    large = replace(ENVELOPE, content=b"x" * 70 + b"\r\n" * 10_000_000)

    outcome, taken = send({"body": CLOSE}, large)

    assert name_of(outcome) == "temporary"
    assert taken == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"250 ok\r\n", "sent"),
        (b"250-ok\r\n250 queued\r\n", "sent"),
        (b"451 later\r\n", "temporary"),
        (b"421 going down\r\n", "temporary"),
        (b"552 too large\r\n", "permanent"),
        (b"554-no\r\n554 spam\r\n", "permanent"),
        (b"354 again?\r\n", "uncertain"),
        (b"220 hello\r\n", "uncertain"),
        (b"hello\r\n", "uncertain"),
        (b"\xff\xfe\r\n", "uncertain"),
        (b"25", "uncertain"),
        (b"250", "uncertain"),
        (b"250 " + b"x" * 9000 + b"\r\n", "uncertain"),
        (CLOSE, "uncertain"),
        (SILENCE, "uncertain"),
    ],
)
def test_after_the_dot_only_a_clear_answer_counts(answer, expected):
    outcome, taken = send({"dot": answer})

    assert name_of(outcome) == expected
    assert len(taken) == 1


@pytest.mark.parametrize("answer", [b"500 no\r\n", CLOSE, SILENCE])
def test_after_the_acceptance_nothing_counts(answer):
    outcome, _ = send({"QUIT": answer})

    assert name_of(outcome) == "sent"


def test_a_server_that_is_not_there_is_temporary():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = SmtpChannel(host="127.0.0.1", port=port, timeout=1).send(ENVELOPE)

    assert outcome == Refused(answer=f"127.0.0.1:{port}: Connection refused.", permanent=False)


def test_a_host_that_nobody_knows_is_temporary():
    outcome = SmtpChannel(host="no-such-host.invalid", port=25, timeout=1).send(ENVELOPE)

    assert name_of(outcome) == "temporary"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"454 not now\r\n", "temporary"),
        (b"554 never\r\n", "permanent"),
        (b"220 go on\r\n", "temporary"),
        (CLOSE, "temporary"),
        (SILENCE, "temporary"),
    ],
)
def test_without_the_tls_that_was_asked_for_nothing_is_sent(answer, expected):
    ehlo = b"250-hello\r\n250 STARTTLS\r\n"

    outcome, taken = send({"EHLO": ehlo, "STAR": answer}, starttls=True)

    assert name_of(outcome) == expected
    assert taken == []


def test_a_server_that_offers_no_tls_gets_nothing():
    outcome, taken = send({}, starttls=True, user="u", password="p")

    assert name_of(outcome) == "temporary"
    assert "STARTTLS" in outcome.answer
    assert taken == []


def check(server, session, envelope, mechanism, login) -> AuthResult:
    # Handled: without it the server would answer "authentication failed" by itself, then wait.
    return AuthResult(success=(login.login, login.password) == (b"arfollow", b"s3cret"), handled=False)


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


def test_a_message_goes_out_with_starttls_and_login(serve_mail):
    sink = serve_mail(tls_context=server_context(), authenticator=check, auth_required=True)
    channel = SmtpChannel(
        host="127.0.0.1", port=sink.port, starttls=True, user="arfollow", password="s3cret", context=trusting
    )

    outcome = channel.send(ENVELOPE)

    assert outcome == Sent(answer="250 kept")
    assert (sink.contents, sink.recipients) == ([ENVELOPE.content], ["shop@customer.example"])


def test_a_message_goes_out_by_implicit_tls(serve_mail):
    sink = serve_mail(ssl_context=server_context())

    outcome = SmtpChannel(host="127.0.0.1", port=sink.port, implicit_tls=True, context=trusting).send(
        ENVELOPE
    )

    assert outcome == Sent(answer="250 kept")
    assert len(sink.contents) == 1


@pytest.mark.parametrize("options", [{"starttls": True}, {"implicit_tls": True}], ids=str)
def test_a_certificate_that_nobody_vouches_for_stops_the_message(serve_mail, options):
    context = {"ssl_context" if "implicit_tls" in options else "tls_context": server_context()}
    sink = serve_mail(**context)

    outcome = SmtpChannel(host="127.0.0.1", port=sink.port, timeout=2, **options).send(ENVELOPE)

    assert name_of(outcome) == "temporary"
    assert "certificate is not to be trusted" in outcome.answer
    assert sink.contents == []


def test_a_certificate_of_another_host_stops_the_message(serve_mail):
    sink = serve_mail(ssl_context=server_context())

    outcome = SmtpChannel(
        host="127.0.0.2", port=sink.port, timeout=2, implicit_tls=True, context=trusting
    ).send(ENVELOPE)

    assert name_of(outcome) == "temporary"


def test_a_refused_login_is_permanent(serve_mail):
    sink = serve_mail(tls_context=server_context(), authenticator=check, auth_required=True)
    channel = SmtpChannel(
        host="127.0.0.1", port=sink.port, starttls=True, user="arfollow", password="wrong", context=trusting
    )

    outcome = channel.send(ENVELOPE)

    assert name_of(outcome) == "permanent"
    assert sink.contents == []
