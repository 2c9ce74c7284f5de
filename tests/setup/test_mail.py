import socket
import ssl
from collections.abc import Iterator
from threading import Thread

import pytest
from aiosmtpd.smtp import AuthResult

from arfollow.delivery.channel import BadMailUrlError
from arfollow.delivery.rules import Cause
from arfollow.setup.mail import MailServer, Result, Security, mail_server, send_test
from arfollow.setup.trial import trial_message


@pytest.fixture
def message(sqlite_site):
    with sqlite_site.app.test_request_context():
        return trial_message(company="ACME GmbH", sender="acme@example.com", to="ana@example.com", who="Ana")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://ana:s%40cret@mail.example.com:587?tls=starttls",
            MailServer(
                host="mail.example.com", port=587, security=Security.STARTTLS, user="ana", has_password=True
            ),
        ),
        ("smtps://mail.example.com", MailServer(host="mail.example.com", port=465, security=Security.TLS)),
        ("smtp://127.0.0.1", MailServer(host="127.0.0.1", port=25)),
        ("file:///tmp/outbox", MailServer(folder="/tmp/outbox")),
        ("gopher://mail.example.com", MailServer(is_unclear=True)),
    ],
)
def test_what_is_set_is_told_without_the_password(url, server):
    found = mail_server(url)

    assert found == server
    assert "s@cret" not in repr(found)


def test_two_settings_are_told_apart_by_their_place():
    urls = ["smtp://a.example.com", "smtp://a.example.com:587", "smtps://a.example.com:25", "file:///a"]

    assert len({mail_server(url).place for url in urls}) == len(urls)


def test_a_message_that_is_taken_arrives(mail_sink, message):
    trial = send_test(mail_sink.url, message, key="test:1")

    assert trial.result == Result.ACCEPTED
    assert mail_sink.recipients == ["ana@example.com"]
    assert mail_sink.messages[0]["From"] == "ACME GmbH <acme@example.com>"


def test_a_folder_is_no_mail_server(tmp_path, message):
    assert send_test(tmp_path.as_uri(), message, key="test:1").result == Result.WRITTEN


def test_a_folder_that_cannot_be_written_is_said(tmp_path, message):
    (tmp_path / "file").touch()

    assert send_test((tmp_path / "file").as_uri(), message, key="test:1").result == Cause.FOLDER


def test_a_refused_login_is_said(serve_mail, message):
    def refuse(*_):
        return AuthResult(success=False, handled=False)

    sink = serve_mail(authenticator=refuse, auth_require_tls=False)

    trial = send_test(f"smtp://ana:wrong@127.0.0.1:{sink.port}", message, key="test:1")

    assert trial.result == Cause.LOGIN
    assert "535" in trial.answer
    assert "wrong" not in trial.answer


def test_a_server_without_tls_is_said(mail_sink, message):
    assert send_test(f"{mail_sink.url}?tls=starttls", message, key="test:1").result == Cause.TLS


def test_a_server_that_speaks_in_the_clear_on_a_port_for_tls_is_said(mail_sink, message):
    assert send_test(f"smtps://127.0.0.1:{mail_sink.port}", message, key="test:1").result == Cause.TLS


def test_a_certificate_that_is_not_trusted_is_said(serve_mail, message, root):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root / "tests" / "delivery" / "localhost.pem")
    sink = serve_mail(tls_context=context)

    trial = send_test(f"smtp://127.0.0.1:{sink.port}?tls=starttls", message, key="test:1")

    assert trial.result == Cause.TLS
    assert "certificate" in trial.answer


def test_a_server_that_is_not_there_is_said(message):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert send_test(f"smtp://127.0.0.1:{port}", message, key="test:1").result == Cause.UNREACHABLE


def test_a_name_that_is_none_is_said(message):
    assert send_test("smtp://nobody.invalid", message, key="test:1").result == Cause.NO_HOST


def test_a_server_that_says_nothing_is_not_waited_for(message):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}?timeout=1"
        trial = send_test(url, message, key="test:1")

    assert trial.result == Cause.TIMED_OUT


@pytest.fixture
def hanging_up() -> Iterator[int]:
    """A port where somebody answers and goes away at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            listener.accept()[0].close()

        thread = Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_server_that_hangs_up_is_said(hanging_up, message):
    assert send_test(f"smtp://127.0.0.1:{hanging_up}", message, key="test:1").result == Cause.BROKEN_OFF


def test_a_server_that_refuses_the_recipient_is_quoted(serve_mail, message):
    sink = serve_mail()

    async def handle_RCPT(*_):  # noqa: N802 - aiosmtpd calls it
        return "550 5.1.1 no such user"

    sink.handle_RCPT = handle_RCPT

    trial = send_test(sink.url, message, key="test:1")

    assert (trial.result, trial.answer) == (Cause.ANSWER, "550 5.1.1 no such user")


def test_a_setting_that_is_none_is_refused(message):
    with pytest.raises(BadMailUrlError):
        send_test("gopher://x", message, key="test:1")
