import json
import subprocess
import sys

import pytest

from arfollow.logs import without_values

LOGS = """
import logging, structlog
from arfollow.logs import configure_logs
configure_logs()
structlog.contextvars.bind_contextvars(request_id="r1")
structlog.get_logger().info("told", who=7)
logging.getLogger("another.package").warning("noticed %s", "it")
secret = "hidden"
try:
    int("x")
except ValueError:
    structlog.get_logger().exception("failed")
    logging.getLogger("another.package").exception("failed too")
"""


@pytest.fixture
def lines() -> list[dict[str, object]]:
    """What a process without a terminal writes."""
    process = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    assert process.stdout == ""
    return [json.loads(line) for line in process.stderr.splitlines()]


def test_a_process_without_a_terminal_writes_lines_of_json(lines):
    assert [line["event"] for line in lines] == ["told", "noticed it", "failed", "failed too"]
    assert [line["level"] for line in lines] == ["info", "warning", "error", "error"]
    assert {line["request_id"] for line in lines} == {"r1"}
    assert lines[0]["who"] == 7


def test_a_traceback_is_in_its_line_and_shows_no_values(lines):
    assert all("ValueError: invalid literal" in line["exception"] for line in lines[2:])
    assert not any("hidden" in line["exception"] for line in lines[2:])


def test_what_a_database_says_of_a_row_is_left_out():
    text = (
        "UniqueViolation: duplicate key\nDETAIL:  Key (email)=(mallory@x.example) already exists.\n[SQL: x]"
    )

    event = without_values(None, "error", {"exception": text})

    assert event["exception"] == "UniqueViolation: duplicate key\n[SQL: x]"
