import os
import stat
from urllib.parse import urlsplit

import pytest

from arfollow.delivery.channel import BadMailUrlError, Envelope
from arfollow.delivery.file import FileChannel, open_channel
from arfollow.delivery.rules import Doubtful, Refused, Sent

ENVELOPE = Envelope(
    delivery_id=7, message_id="<abc@acme.example>", sender="a@b.c", recipient="d@e.f", content=b"Hello\r\n"
)


def test_a_message_becomes_one_file(tmp_path):
    channel = FileChannel(tmp_path / "out" / "box")

    outcome = channel.send(ENVELOPE)

    assert outcome == Sent(answer="00000007-abc.eml")
    assert (tmp_path / "out" / "box" / "00000007-abc.eml").read_bytes() == b"Hello\r\n"


def test_a_second_write_is_the_same_file(tmp_path):
    channel = FileChannel(tmp_path)

    channel.send(ENVELOPE)
    channel.send(ENVELOPE)

    assert [path.name for path in tmp_path.iterdir()] == ["00000007-abc.eml"]


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    outcome = FileChannel(tmp_path).send(ENVELOPE)

    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert outcome.answer.endswith("00000007-abc.eml: No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_somebody_may_have_picked_up_leaves_it_uncertain(tmp_path, monkeypatch):
    fsync = os.fsync

    def fail_for_folders(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_for_folders)

    outcome = FileChannel(tmp_path).send(ENVELOPE)

    assert isinstance(outcome, Doubtful)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_made_refuses(tmp_path):
    (tmp_path / "file").touch()

    outcome = FileChannel(tmp_path / "file" / "box").send(ENVELOPE)

    assert isinstance(outcome, Refused)


def test_the_folder_of_a_url_is_decoded():
    channel = open_channel(urlsplit("file:///srv/out%20box"))

    assert str(channel.folder) == "/srv/out box"


@pytest.mark.parametrize(
    "url", ["file:outbox", "file://outbox", "file://host/outbox", "file:///a?b=c", "file:///a#b"]
)
def test_a_folder_that_is_not_clear_is_refused(url):
    with pytest.raises(BadMailUrlError, match="three slashes"):
        open_channel(urlsplit(url))
