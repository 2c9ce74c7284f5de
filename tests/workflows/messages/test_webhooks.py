"""Webhooks: signed, through the outbox, and never into a private network."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner

from arfollow import clock, database
from arfollow.access import Role
from arfollow.cli import main
from arfollow.delivery.channel import Channels
from arfollow.delivery.sending import send_due
from arfollow.delivery.webhook import BadReceiverError, WebhookChannel, receiver, secret_of
from arfollow.values.signatures import is_genuine
from arfollow.workflows.rules.definition import Kind
from tests.delivery.scripted import server_context, trusting
from tests.workflows.walking import step, wait

KEY = "a secret key"


class Receiver(BaseHTTPRequestHandler):
    """Keeps what is posted, and answers the status in line."""

    requests: list
    statuses: list

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def listening(*statuses):
    handler = type("Handler", (Receiver,), {"requests": [], "statuses": list(statuses)})
    server = HTTPServer(("127.0.0.1", 0), handler)
    server.socket = server_context().wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield handler.requests, f"https://127.0.0.1:{server.server_port}/hook?x=1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def call(address):
    return step("call", Kind.WEBHOOK, address=address)


def send(desk, *, days=0, private=True):
    channel = WebhookChannel(secret_key=KEY, is_private=private, context=trusting)
    with desk.day(days), desk.site.app.app_context():
        send_due(database.current_session(), channel=Channels(ways={"webhook": channel}))


def test_another_program_is_told_of_the_customer_with_a_signature(desk, umit):
    with listening() as (requests, address):
        desk.run(call(address), customer_id=umit)
        desk.work()
        send(desk)

    [(path, headers, body)] = requests
    told = json.loads(body)
    with desk.day():
        genuine = is_genuine(
            secret_of(1, key=KEY),
            kind="webhook",
            at=headers["X-Arfollow-Timestamp"],
            given=headers["X-Arfollow-Signature"],
            body=body,
            now=int(clock.now().timestamp()),
        )
    assert genuine
    assert path == "/hook?x=1"
    assert headers["Idempotency-Key"] == told["id"]
    assert (told["workflow"], told["step"], told["customer"]["number"]) == ("Test", "call", "C-1")
    assert told["facts"]["money.overdue"] == 62_050
    assert [tag for tag, _ in desk.site.entries("webhook")] == ["webhook:queued", "webhook:sent"]


def test_its_page_shows_what_was_told(desk, umit):
    with listening() as (_requests, address):
        desk.run(call(address), customer_id=umit)
        desk.work()
        send(desk)
    with desk.day():
        visitor = desk.site.sign_in(Role.CLERK)
        overview = visitor.get("/deliveries").text
        page = visitor.get(f"/deliveries/{desk.deliveries()[0].id}").text

    assert "Another program" in overview
    assert "To another program" in page
    assert "money.overdue" in page


def test_one_that_was_refused_for_now_is_tried_again(desk, umit):
    with listening(429) as (requests, address):
        desk.run(call(address), wait("w", 3), customer_id=umit)
        desk.work()
        send(desk)
        send(desk, days=1)

    assert len(requests) == 2
    assert [each.state for each in desk.deliveries()] == ["sent"]


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (500, "uncertain")])
def test_what_may_have_been_taken_is_not_told_twice(desk, umit, status, state):
    with listening(status) as (requests, address):
        desk.run(call(address), wait("w", 3), customer_id=umit)
        desk.work()
        send(desk)
        send(desk, days=1)

    assert len(requests) == 1
    assert [each.state for each in desk.deliveries()] == [state]


def test_nothing_in_a_private_network_is_told(desk, umit):
    with listening() as (requests, address):
        desk.run(call(address), wait("w", 3), customer_id=umit)
        desk.work()
        send(desk, private=False)

    [delivery] = desk.deliveries()
    assert requests == []
    assert (delivery.state, "leads into a private network" in delivery.explanation) == ("queued", True)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "https://",
        "https://user:pass@example.com/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: evil",
        "https://[::1/",
        "https://example.com/" + "a" * 1000,
    ],
)
def test_an_address_that_cannot_be_right_is_refused(address):
    with pytest.raises(BadReceiverError):
        receiver(address)


def test_receivers_are_told_the_secret_by_a_command(sqlite_site, monkeypatch):
    settings = sqlite_site.app.config["SETTINGS"]
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ARFOLLOW_SECRET_KEY", KEY)

    answer = CliRunner().invoke(main, ["workflow", "webhook-secret"])

    assert answer.output.strip() == secret_of(sqlite_site.company_id, key=KEY)
