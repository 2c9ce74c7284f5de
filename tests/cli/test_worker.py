import os
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

import arfollow.cli
from arfollow import database
from arfollow.companies.tables import Company
from arfollow.delivery.message import Mailbox, Message
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import QueuedDelivery, register_preparer
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.tables import Delivery
from arfollow.receivables.tables import Customer


class Greetings:
    """Prepares messages of the purpose "greeting"."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> str:
        secret = "s3cret"
        if not delivery.facts["subject"]:
            raise ValueError(f"no subject, {len(secret)}")
        return delivery.facts["subject"]

    def render(self, facts: str) -> Message:
        mailbox = Mailbox(email="office@acme.example")
        return Message(sender=mailbox, to=mailbox, subject=facts, text="Hello", html="<p>Hello</p>")


def main() -> None:
    """The command, in a process that knows this file's purpose."""
    register_preparer("greeting", Greetings())
    arfollow.cli.main()


if __name__ == "__main__":
    main()


@pytest.fixture
def environment(engine_url, tmp_path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "ARFOLLOW_DATABASE_URL": engine_url,
        "ARFOLLOW_DATA_DIR": str(tmp_path / "data"),
        "ARFOLLOW_MAIL_URL": (tmp_path / "out box").as_uri(),
    }


@pytest.fixture
def delivery_id(engine) -> int:
    """A greeting in the queue."""
    with Session(engine) as session:
        database.begin_write(session)
        session.add(Company(name="ACME", country="DE", currency="EUR", email="office@acme.example"))
        session.flush()
        session.add(Customer(company_id=1, number="C-1", name="Ümit"))
        session.flush()
        identity = {"company_id": 1, "customer_id": 1, "key": "k", "purpose": "greeting", "channel": "email"}
        found = enqueue(session, **identity, facts={"subject": "Grüße"}, queued_by="Ana")
        database.commit(session)
        return found


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "worker", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str]) -> str:
    """What the process said; it has ended well."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def test_a_worker_run_once_sends_what_is_queued(environment, delivery_id, engine, tmp_path):
    said = end(start(environment, "--once"))

    [file] = (tmp_path / "out box").iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "Grüße"
    with Session(engine) as session:
        assert outgoing_delivery(session, delivery_id=delivery_id).state == "sent"
    assert "settled" in said


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_log_shows_where_a_failure_happened_and_no_values(environment, engine, delivery_id):
    with Session(engine) as session:
        database.begin_write(session)
        session.get(Delivery, delivery_id).facts = {"subject": ""}
        database.commit(session)

    said = end(start(environment, "--once"))

    assert "ValueError: no subject" in said
    assert "s3cret" not in said.replace('secret = "s3cret"', "")


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_worker_that_is_stopped_finishes_the_message_at_hand(environment, delivery_id, engine, mail_sink):
    processes = []
    # The signal comes while the worker waits for the answer to the whole message.
    mail_sink.on_message = lambda: processes[0].send_signal(signal.SIGTERM)

    processes.append(start({**environment, "ARFOLLOW_MAIL_URL": mail_sink.url}, "--interval", "0.1"))
    end(processes[0])

    assert [message["Subject"] for message in mail_sink.messages] == ["Grüße"]
    with Session(engine) as session:
        assert outgoing_delivery(session, delivery_id=delivery_id).state == "sent"


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_ends_by_a_signal(environment, number):
    process = start(environment, "--interval", "60")
    process.stderr.readline()

    process.send_signal(number)

    end(process)


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_worker_shows_what_it_has_counted(environment, delivery_id, engine, mail_sink):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    mail = {"ARFOLLOW_MAIL_URL": mail_sink.url}
    process = start({**environment, **mail}, "--interval", "0.1", "--metrics", f"127.0.0.1:{port}")
    # Its lines come as it works: the message is settled.
    while "settled" not in process.stderr.readline():
        pass

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        metrics = answer.read().decode()
    process.send_signal(signal.SIGTERM)
    end(process)

    assert 'arfollow_deliveries_settled_total{state="sent"} 1.0' in metrics
    assert 'arfollow_work_seconds_count{work="bring the list up to date"}' in metrics


@pytest.mark.parametrize("address", ["9100", "host:", "127.0.0.1:99999", ":9100"])
def test_an_address_that_is_none_ends_with_words(address):
    answer = CliRunner().invoke(arfollow.cli.main, ["worker", "--metrics", address])

    assert answer.exit_code == 2
    assert "Give HOST:PORT, such as 127.0.0.1:9100." in answer.stderr


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_mail_url_that_is_not_clear_ends_with_words(environment):
    process = start({**environment, "ARFOLLOW_MAIL_URL": "mail.example"}, "--once")
    _, said = process.communicate(timeout=120)

    assert process.returncode == 2
    assert "ARFOLLOW_MAIL_URL: It has no scheme." in said


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_worker_without_a_ledger_ends_with_words(environment, tmp_path):
    empty = {**environment, "ARFOLLOW_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    process = start(empty, "--once")
    _, said = process.communicate(timeout=120)

    assert process.returncode == 1
    assert "There is no ledger in this database yet" in said
