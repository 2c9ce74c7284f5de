"""Heads go outside once a day, by whichever worker comes first, and show later what was cut off."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from arfollow import clock
from arfollow.access import Role
from arfollow.chatter.heads import OutsideHead, write_outside
from arfollow.chatter.operations import record
from arfollow.chatter.verification import verify
from arfollow.chatter.verifier import read_heads
from arfollow.companies.operations import change_auditor
from arfollow.config import from_environment
from arfollow.delivery.channel import Envelope
from arfollow.delivery.heads import send_heads
from arfollow.delivery.rules import Outcome, Sent
from arfollow.delivery.sending import send_next
from arfollow.delivery.tables import Delivery

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Sink:
    """Takes every message."""

    sent: list[Envelope] = field(default_factory=list)

    def send(self, envelope: Envelope) -> Outcome:
        self.sent.append(envelope)
        return Sent(answer="250 taken")


def run(site, at: datetime = NOON) -> None:
    """The job, as a worker runs it."""
    with clock.moved_to(at), site.reading() as session:
        send_heads(session)


def note(site) -> None:
    with site.writing() as session:
        record(
            session, company_id=site.company_id, customer_id=None, tag="note:written", who="Ana", text="More"
        )


def lines(folder: Path) -> list[dict]:
    files = sorted(folder.glob("heads/company-*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_line_a_day_says_where_the_log_ended(site, tmp_path):
    for day in range(2):
        run(site, NOON + timedelta(days=day))
        note(site)
        run(site, NOON + timedelta(days=day, hours=1))

    written = lines(tmp_path)

    assert [line["date"] for line in written] == ["2026-11-21", "2026-11-22"]
    assert [line["sequence"] for line in written] == [1, 2]
    with site.reading() as session:
        outside = read_heads(str(tmp_path / "heads"), site.company_id)
        assert verify(session, company_id=site.company_id, outside=outside).is_intact


def test_a_file_that_is_finished_is_for_reading(site, tmp_path):
    run(site)

    (file,) = tmp_path.glob("heads/company-*/2026-11-21.jsonl")

    assert stat.S_IMODE(file.stat().st_mode) == 0o444


def test_every_company_has_its_own(site, tmp_path):
    other = site.company()

    run(site)

    assert {line["company_id"] for line in lines(tmp_path)} == {site.company_id, other}


def test_many_workers_at_the_same_moment_write_one_line(tmp_path):
    start, day = Barrier(8), date(2026, 11, 21)
    written: list[bool] = []

    def write(number: int) -> None:
        head = OutsideHead(
            date=day.isoformat(),
            at="",
            company="ACME",
            company_id=1,
            chain="main",
            sequence=number,
            hash="0" * 64,
            documents=0,
        )
        start.wait()
        written.append(write_outside(tmp_path / "heads", company_id=1, day=day, heads=[head]))

    threads = [Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(written) == [False] * 7 + [True]
    assert len(lines(tmp_path)) == 1


def test_a_line_that_was_not_finished_is_written_by_the_next(site, tmp_path):
    folder = tmp_path / "heads" / f"company-{site.company_id}"
    folder.mkdir(parents=True)
    (folder / "2026-11-21.jsonl").touch()

    run(site)

    assert len(lines(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_stops_nothing(site, tmp_path):
    (tmp_path / "heads").write_text("in the way")

    run(site)

    with site.reading() as session:
        assert session.scalars(select(Delivery)).all() == []


@pytest.fixture
def auditor(site) -> str:
    """The address of the company's auditor."""
    with site.writing() as session:
        change_auditor(session, company_id=site.company_id, email="audit@example.com", who="Adam")
    return "audit@example.com"


def test_an_auditor_gets_one_mail_a_day_with_the_line_of_the_file(site, auditor, tmp_path):
    for hour in range(3):
        run(site, NOON + timedelta(hours=hour))
    with clock.moved_to(NOON + timedelta(hours=4)), site.reading() as session:
        channel = Sink()
        while send_next(session, channel=channel):
            pass

    (envelope,) = channel.sent
    message = message_from_bytes(envelope.content, policy=policy.default)
    text = message.get_body(["plain"]).get_content()
    (line,) = lines(tmp_path)
    assert envelope.recipient == auditor
    assert f"{line['sequence']}:{line['hash']}" in text


def test_without_an_auditor_nothing_is_queued(site):
    run(site)

    with site.reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_administrators_enter_the_auditor_and_everybody_sees_what_went_out(site, tmp_path):
    administrator, clerk = site.sign_in(Role.ADMINISTRATOR), site.sign_in(Role.CLERK)

    saved = administrator.post("/chatter/heads", {"auditor": "audit@example.com"})
    wrong = administrator.post("/chatter/heads", {"auditor": "nobody"})
    refused = clerk.post("/chatter/heads", {"auditor": "eve@example.com"})
    run(site, clock.now())
    (line,) = lines(tmp_path)

    assert (saved.status_code, refused.status_code) == (303, 403)
    assert "is-invalid" in wrong.text
    assert line["hash"] in clerk.get("/chatter/heads").text


def test_another_folder_is_a_setting(tmp_path):
    here = {"ARFOLLOW_DATA_DIR": str(tmp_path), "ARFOLLOW_SECRET_KEY": "x"}

    assert from_environment(here).heads_folder == tmp_path / "heads"
    assert from_environment({**here, "ARFOLLOW_HEADS_DIR": "/mnt/worm"}).heads_folder == Path("/mnt/worm")
