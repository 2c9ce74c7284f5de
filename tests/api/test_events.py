import json
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.api import rules
from arfollow.api.operations import make_key, revoke_key
from arfollow.api.rules import LARGEST, REQUESTS_A_MINUTE, secret_of, signature
from arfollow.api.tables import ApiKey
from arfollow.profiles.queries import events_since
from tests.factories import books

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)
SEEN = {"customer": "C-1", "event": "seen", "at": "2026-11-20T10:00:00+01:00", "key": "S-1"}


class Program:
    """Another program that has a key of the company."""

    def __init__(self, site):
        self.site = site
        with site.writing() as session:
            self.key = make_key(session, company_id=site.company_id, name="Shop", who="Paula")
        with site.reading() as session:
            self.public_id = session.get_one(ApiKey, self.key.id).public_id
        self.secret = secret_of(site.app.config["SETTINGS"].secret_key, self.key.nonce)

    def post(self, *events, body=None, now=NOW, **headers):
        body = json.dumps({"events": events}).encode() if body is None else body
        stamp = str(int(now.timestamp()))
        signed = {
            "X-Arfollow-Key": self.public_id,
            "X-Arfollow-Timestamp": stamp,
            "X-Arfollow-Signature": signature(self.secret, stamp, body),
        }
        with clock.moved_to(NOW):
            return self.site.app.test_client().post("/api/events", data=body, headers={**signed, **headers})


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer(number="C-1")


@pytest.fixture
def program(site, customer_id):
    return Program(site)


def events(site, customer_id):
    with site.reading() as session:
        return events_since(session, customer_ids=[customer_id], since=EVER).get(customer_id, [])


def test_events_are_taken_and_told_of_in_the_chatter(site, program, customer_id):
    answer = program.post(SEEN, {**SEEN, "key": "S-2", "data": {"place": "Hall 3"}})

    assert (answer.status_code, answer.json) == (200, {"received": 2, "new": 2})
    assert [event.data for event in events(site, customer_id)] == [{}, {"place": "Hall 3"}]
    assert site.entries("event") == [("event:noted", "Event: seen")] * 2


def test_what_says_that_it_is_a_form_is_told_how_to_say_it(site, program, customer_id):
    """As many programs do when nobody tells them otherwise."""
    answer = program.post(SEEN, **{"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.status_code == 400
    assert "Content-Type: application/json" in answer.json["error"]
    assert events(site, customer_id) == []


def test_the_same_again_is_no_other_event(site, program, customer_id):
    first, second = program.post(SEEN, SEEN), program.post(SEEN)

    assert (first.json["new"], second.json) == (1, {"received": 1, "new": 0})
    assert len(events(site, customer_id)) == 1


def test_all_or_nothing_is_taken(site, program, customer_id):
    answer = program.post(SEEN, {**SEEN, "customer": "C-9"}, {**SEEN, "customer": "C-8"})

    assert answer.status_code == 422
    assert [(each["index"], each["field"]) for each in answer.json["problems"]] == [
        (1, "customer"),
        (2, "customer"),
    ]
    assert events(site, customer_id) == []


def test_a_field_that_is_wrong_is_named(program):
    answer = program.post({**SEEN, "at": "soon"})

    assert answer.status_code == 422
    assert answer.json["problems"][0]["field"] == "at"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Arfollow-Key": "ak_nobody"},
        {"X-Arfollow-Key": ""},
        {"X-Arfollow-Signature": "0" * 64},
        {"X-Arfollow-Signature": "ü"},
        {"X-Arfollow-Timestamp": "1"},
        {"X-Arfollow-Timestamp": ""},
    ],
)
def test_what_is_not_signed_is_refused(site, program, customer_id, headers):
    answer = program.post(SEEN, **headers)

    assert answer.status_code == 401
    assert events(site, customer_id) == []


def test_an_old_request_is_refused(program):
    assert program.post(SEEN, now=NOW - timedelta(minutes=6)).status_code == 401


def test_a_revoked_key_signs_nothing_more(site, program):
    with site.writing() as session:
        revoke_key(session, company_id=site.company_id, key_id=program.key.id, who="Paula")

    assert program.post(SEEN).status_code == 401


def test_a_key_reaches_its_own_company_only(site, program):
    other = site.company()
    with site.writing() as session:
        program.key = make_key(session, company_id=other, name="Other", who="Paula")
        program.public_id = session.get_one(ApiKey, program.key.id).public_id
    program.secret = secret_of(site.app.config["SETTINGS"].secret_key, program.key.nonce)

    assert program.post(SEEN).json["problems"][0]["field"] == "customer"


def test_too_many_requests_of_a_minute_are_refused(program, monkeypatch):
    monkeypatch.setattr("arfollow.api.operations.REQUESTS_A_MINUTE", 2)
    answers = [program.post(SEEN) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    assert REQUESTS_A_MINUTE >= 60


def test_a_request_that_is_too_large_is_refused(program):
    assert program.post(body=b" " * (LARGEST + 1)).status_code == 413


def test_a_body_that_is_no_json_is_refused_in_words(program):
    answer = program.post(body=b"{")

    assert (answer.status_code, answer.json) == (400, {"error": "The body is no JSON."})


def test_an_administrator_makes_a_key_sees_its_secret_once_and_revokes_it(site):
    admin = site.sign_in(Role.ADMINISTRATOR)
    made = admin.post("/settings/keys", {"name": "Web shop"})
    with site.reading() as session:
        key = session.query(ApiKey).one()
        secret = secret_of(site.app.config["SETTINGS"].secret_key, key.nonce)
        key_id, public_id = key.id, key.public_id
    later = admin.get("/settings/keys").text
    admin.post(f"/settings/keys/{key_id}/revoke")

    assert secret in made.text
    assert made.headers["Cache-Control"] == "no-store"
    assert public_id in later
    assert secret not in later
    assert "revoked" in admin.get("/settings/keys").text
    assert [tag for tag, _ in site.entries("api-key")] == ["api-key:made", "api-key:revoked"]


def test_the_example_of_the_guide_works_as_it_stands(site, program, customer_id, root, live_server, tmp_path):
    guide = (root / "docs" / "events.md").read_text()
    script = re.search(r"```sh\n(.+?)```", guide, re.DOTALL)[1]
    script = re.sub(r"^ADDRESS=.*$", f"ADDRESS={live_server(site.app)}", script, flags=re.MULTILINE)
    script = re.sub(r"^KEY=.*$", f"KEY={program.public_id}", script, flags=re.MULTILINE)
    script = re.sub(r"^SECRET=.*$", f"SECRET={program.secret}", script, flags=re.MULTILINE)
    script = script.replace("C-1043", "C-1")

    done = subprocess.run(
        ["sh", "-eu", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )

    assert json.loads(done.stdout) == {"received": 1, "new": 1}, done.stderr
    assert [event.kind for event in events(site, customer_id)] == ["service_arrived"]
    assert str(rules.MOST_EVENTS // 1000) in guide


def test_what_no_database_keeps_is_left_out_of_what_an_event_tells(site, program, customer_id):
    answer = program.post({**SEEN, "data": {"place": "Hall\0 3\ud800", "gifts": ["cup\0"]}})

    assert answer.status_code == 200
    assert [event.data for event in events(site, customer_id)] == [{"place": "Hall 3", "gifts": ["cup"]}]
