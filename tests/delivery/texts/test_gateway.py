import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from arfollow import clock
from arfollow.config import TextGateway
from arfollow.delivery.channel import Channels, Envelope
from arfollow.delivery.rules import Cause, Doubtful, Refused, Sent
from arfollow.delivery.sms import BadGatewayError, FolderOfTexts, open_text_channel
from arfollow.delivery.texts.gateway import GatewayChannel
from tests.fixtures.gateway import NUMBER, SECRET, Reply

ENVELOPE = Envelope(
    delivery_id=7,
    message_id="<abc@acme.example>",
    sender="",
    recipient="+491713920012",
    content="Ihr Rad ist fertig. Grüße".encode(),
    channel="sms",
)


def gateway(url, **changes):
    return open_text_channel(TextGateway(**({"url": url, "secret": SECRET, "number": NUMBER} | changes)))


def test_a_gateway_gets_a_signed_message(text_gateway):
    outcome = open_text_channel(text_gateway.settings).send(ENVELOPE)

    [request] = text_gateway.requests
    assert isinstance(outcome, Sent)
    assert outcome.reference == "gw-1"
    assert request.is_genuine
    assert request.path == "/messages"
    assert request.told == {
        "id": "abc@acme.example",
        "to": "+491713920012",
        "from": NUMBER,
        "text": "Ihr Rad ist fertig. Grüße",
    }
    assert request.headers["Idempotency-Key"] == "abc@acme.example"
    assert request.headers["Authorization"] == "Basic dXNlcjpwYXNzL3dvcmQ="


def test_a_redirection_is_not_followed(text_gateway):
    text_gateway.replies = [Reply(307, headers={"Location": "/elsewhere"})]

    outcome = open_text_channel(text_gateway.settings).send(ENVELOPE)

    assert (type(outcome), outcome.permanent) == (Refused, False)
    assert len(text_gateway.requests) == 1


def test_a_gateway_that_hangs_up_without_a_word_leaves_a_doubt(text_gateway):
    text_gateway.replies = [Reply(0)]

    assert isinstance(open_text_channel(text_gateway.settings).send(ENVELOPE), Doubtful)


def test_a_gateway_that_says_nothing_leaves_a_doubt():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = gateway(f"http://127.0.0.1:{silent.getsockname()[1]}/")

        outcome = replace(channel, timeout=0.2).send(ENVELOPE)

    assert outcome == Doubtful(answer="no answer in time.")


def test_a_gateway_that_never_ends_its_answer_is_left():
    with socket.create_server(("127.0.0.1", 0)) as slow:
        channel = gateway(f"http://127.0.0.1:{slow.getsockname()[1]}/")

        outcome = replace(channel, timeout=30, budget=0.3).send(ENVELOPE)

    assert isinstance(outcome, Doubtful)


def test_nobody_there_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    outcome = gateway(f"http://127.0.0.1:{port}/").send(ENVELOPE)

    assert (type(outcome), outcome.permanent, outcome.cause) == (Refused, False, Cause.UNREACHABLE)


def test_what_has_to_have_left_by_now_does_not_leave(text_gateway):
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with clock.moved_to(noon):
        late = replace(ENVELOPE, leave_by=noon - timedelta(seconds=1))

        outcome = open_text_channel(text_gateway.settings).send(late)

    assert (type(outcome), outcome.permanent) == (Refused, False)
    assert text_gateway.requests == []


@pytest.mark.parametrize(
    "address",
    "10.0.0.7 127.0.0.1 169.254.169.254 224.0.0.1 ::1 fd00::7 ::127.0.0.1 fec0::7 ::ffff:10.0.0.7 64:ff9b::a00:7 2002:a00:7::".split(),
)
def test_a_name_that_leads_into_a_private_network_is_refused(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: [(0, 0, 0, "", (address, 443))])

    outcome = gateway("https://gateway.example.com/messages").send(ENVELOPE)

    assert (type(outcome), outcome.permanent) == (Refused, False)
    assert "leads into a private network" in outcome.answer


@pytest.mark.parametrize(
    ("url", "is_private", "is_encrypted", "port"),
    [
        ("https://gateway.example.com/x", False, True, 443),
        ("https://10.0.0.7:8443/x", True, True, 8443),
        ("https://sms.example.com/x?network=private", True, True, 443),
        ("http://sms.example.com/x?network=private", True, False, 80),
        ("http://localhost:8080", True, False, 8080),
    ],
)
def test_a_url_names_a_gateway(url, is_private, is_encrypted, port):
    channel = gateway(url)

    assert isinstance(channel, GatewayChannel)
    assert (channel.is_private, channel.is_encrypted, channel.port) == (is_private, is_encrypted, port)


@pytest.mark.parametrize(
    ("url", "changes", "words"),
    [
        ("ftp://gateway.example.com", {}, "is no way to send text messages"),
        ("https:///x", {}, "names no gateway"),
        ("https://gateway.example.com:port/", {}, "Port could not be cast"),
        ("http://gateway.example.com/x", {}, "in the clear"),
        ("https://gateway.example.com/x?network=all", {}, "not understood"),
        ("https://gateway.example.com/x", {"secret": ""}, "ARFOLLOW_SMS_SECRET"),
        ("https://gateway.example.com/x", {"number": "twelve letters"}, "ARFOLLOW_SMS_NUMBER"),
        ("https://gateway.example.com/x", {"number": ""}, "ARFOLLOW_SMS_NUMBER"),
        ("file://texts", {}, "three slashes"),
    ],
)
def test_a_setting_that_is_not_clear_is_refused(url, changes, words):
    with pytest.raises(BadGatewayError, match=words):
        gateway(url, **changes)


def test_secrets_are_not_shown():
    shown = repr(gateway("https://user:hidden@gateway.example.com/x"))

    assert not [each for each in ("hidden", "aGlkZGVu", SECRET) if each in shown]


def test_a_folder_keeps_what_a_gateway_would_get(tmp_path):
    channel = gateway(tmp_path.as_uri())

    outcome = channel.send(ENVELOPE)

    assert isinstance(channel, FolderOfTexts)
    assert outcome == Sent(answer="00000007-abc.json")
    assert '"to": "+491713920012"' in (tmp_path / "00000007-abc.json").read_text()


def test_without_a_gateway_a_text_waits():
    assert gateway("") is None

    outcome = Channels(ways={}).send(ENVELOPE)

    assert (type(outcome), outcome.permanent, outcome.cause) == (Refused, False, Cause.NOT_SET_UP)
