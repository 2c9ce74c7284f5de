import socket

import pytest
from aiosmtpd.smtp import AuthResult

from arfollow.delivery.conversation import Conversation
from arfollow.delivery.rules import Refused, Sent
from arfollow.delivery.smtp import SmtpChannel
from tests.delivery.scripted import ENVELOPE, send, server_context, state_after, trusting


def test_a_message_that_is_accepted_is_sent_dots_and_all():
    outcome, script = send({})

    assert outcome == Sent(answer="250 queued as 1")
    assert script.taken == [b"Subject: x\r\n\r\n..\r\n...two\r\nend\r\n"]


def test_a_server_that_is_not_there_is_temporary():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = SmtpChannel(host="127.0.0.1", port=port, timeout=1).send(ENVELOPE)

    assert outcome == Refused(answer=f"127.0.0.1:{port}: Connection refused.", permanent=False)


def test_a_host_that_nobody_knows_is_temporary():
    outcome = SmtpChannel(host="no-such-host.invalid", port=25, timeout=1).send(ENVELOPE)

    assert state_after(outcome) == "queued"


def check(server, session, envelope, mechanism, login) -> AuthResult:
    # Handled: without it the server would answer "authentication failed" by itself, then wait.
    return AuthResult(success=(login.login, login.password) == (b"arfollow", b"s3cret"), handled=False)


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

    assert state_after(outcome) == "queued"
    assert "certificate is not to be trusted" in outcome.answer
    assert sink.contents == []


def test_a_certificate_of_another_host_stops_the_message(serve_mail):
    sink = serve_mail(ssl_context=server_context())

    outcome = SmtpChannel(
        host="127.0.0.2", port=sink.port, timeout=2, implicit_tls=True, context=trusting
    ).send(ENVELOPE)

    assert state_after(outcome) == "queued"


def test_a_refused_login_leaves_the_message_waiting(serve_mail):
    sink = serve_mail(tls_context=server_context(), authenticator=check, auth_required=True)
    channel = SmtpChannel(
        host="127.0.0.1", port=sink.port, starttls=True, user="arfollow", password="wrong", context=trusting
    )

    outcome = channel.send(ENVELOPE)

    assert state_after(outcome) == "queued"
    assert sink.contents == []


def test_the_dot_does_not_wait_for_the_message_to_be_confirmed(mail_sink):
    conversation = Conversation("127.0.0.1", mail_sink.port, seconds=10)

    assert conversation.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    conversation.close()
