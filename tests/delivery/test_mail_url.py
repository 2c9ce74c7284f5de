from importlib import import_module
from pkgutil import iter_modules

import pytest

from arfollow import delivery
from arfollow.delivery.channel import BadMailUrlError
from arfollow.delivery.file import FileChannel
from arfollow.delivery.mail_url import CHANNELS, open_mail_channel
from arfollow.delivery.smtp import SmtpChannel


@pytest.mark.parametrize(
    ("url", "host", "port", "implicit_tls", "starttls", "user", "password"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False, "", ""),
        ("smtp://mail.example:2525/", "mail.example", 2525, False, False, "", ""),
        ("smtp://u:p@mail.example:587?tls=starttls", "mail.example", 587, False, True, "u", "p"),
        ("smtp://u%40x.example:p%2F%3A@h?tls=starttls", "h", 25, False, True, "u@x.example", "p/:"),
        ("smtp://u:p@h?tls=none", "h", 25, False, False, "u", "p"),
        ("smtp://u:p@127.0.0.1:25", "127.0.0.1", 25, False, False, "u", "p"),
        ("smtps://u:p@[::1]", "::1", 465, True, False, "u", "p"),
    ],
)
def test_a_url_names_a_mail_server(url, host, port, implicit_tls, starttls, user, password):
    channel = open_mail_channel(url)

    assert isinstance(channel, SmtpChannel)
    assert (channel.host, channel.port, channel.implicit_tls) == (host, port, implicit_tls)
    assert (channel.starttls, channel.user, channel.password) == (starttls, user, password)


def test_a_url_names_a_folder(tmp_path):
    assert open_mail_channel(tmp_path.as_uri()) == FileChannel(tmp_path)


def test_a_password_is_not_shown():
    assert "secret" not in repr(open_mail_channel("smtps://u:secret@h"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "It has no scheme"),
        ("mail.example", "It has no scheme"),
        ("http://mail.example", "'http' is no way to send mail"),
        ("smtp://", "names no mail server"),
        ("smtp://h:99999", "Port out of range"),
        ("smtp://h:x", "Port could not be cast"),
        ("smtp://[::1", "Invalid IPv6 URL"),
        ("smtp://h?tls=maybe", "tls=maybe"),
        ("smtps://h?tls=starttls", "tls=starttls"),
        ("smtp://h?ssl=1", "'?ssl'? is not understood"),
        ("smtp://h?timeout=0", "timeout=0"),
        ("smtp://h?timeout=soon", "timeout=soon"),
        ("smtp://h/folder", "/folder"),
        ("smtp://u:p@mail.example", "in the clear"),
    ],
)
def test_a_url_that_is_not_clear_is_refused_in_words(url, words):
    with pytest.raises(BadMailUrlError, match=words) as problem:
        open_mail_channel(url)

    assert "smtp://user:password@host:587?tls=starttls" in str(problem.value)
    assert ":p@" not in str(problem.value)


def test_every_channel_is_registered():
    found = {info.name for info in iter_modules(delivery.__path__)}
    channels = {
        name for name in found if hasattr(import_module(f"{delivery.__name__}.{name}"), "open_channel")
    }

    assert {opener.__module__.rpartition(".")[2] for opener in CHANNELS.values()} == channels
