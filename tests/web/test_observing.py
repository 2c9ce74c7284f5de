import re

import pytest
import structlog
from structlog.testing import capture_logs

from arfollow.access import Role
from tests.fixtures.apps import make_settings

OWN = re.compile(r"[0-9a-f]{16}")


def test_every_answer_has_an_id_of_its_own(sqlite_site):
    client = sqlite_site.app.test_client()

    ids = [client.get(path).headers["X-Request-ID"] for path in ("/sign-in", "/nowhere", "/health")]

    assert all(OWN.fullmatch(each) for each in ids)
    assert len(set(ids)) == 3


def test_an_id_from_outside_is_nobodys(sqlite_site):
    answer = sqlite_site.app.test_client().get("/sign-in", headers={"X-Request-ID": "mine"})

    assert OWN.fullmatch(answer.headers["X-Request-ID"])


@pytest.mark.parametrize(
    ("given", "taken"), [("a-1.b_2", True), ("", False), ("a b", False), ("x" * 65, False)]
)
def test_a_trusted_proxys_id_is_taken_over_if_it_is_one(sqlite_site, sqlite_url, tmp_path, given, taken):
    sqlite_site.app.config["SETTINGS"] = make_settings(sqlite_url, tmp_path, trusted_proxies=1)

    answer = sqlite_site.app.test_client().get("/sign-in", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) is taken


def test_a_request_leaves_one_line_that_names_its_page_and_nobody(sqlite_site, logging):
    clerk = sqlite_site.sign_in(Role.CLERK)

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = clerk.get("/follow-ups?q=Mallory")
        clerk.get("/health")

    [line] = lines
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "endpoint": "followup.follow_ups",
        "method": "GET",
        "status": 200,
        "request_id": answer.headers["X-Request-ID"],
    }


def test_a_failure_is_logged_under_the_requests_id(new_sqlite_site, logging):
    @new_sqlite_site.app.get("/crash/<name>")
    def crash(name):
        raise RuntimeError("no values")

    new_sqlite_site.app.config["PROPAGATE_EXCEPTIONS"] = False

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = new_sqlite_site.app.test_client().get("/crash/Mallory")

    assert [line["event"] for line in lines] == ["request failed", "request"]
    assert {line["request_id"] for line in lines} == {answer.headers["X-Request-ID"]}
    assert lines[0]["endpoint"] == "crash"
    assert "Mallory" not in str(lines[1])
