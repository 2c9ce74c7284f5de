import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from arfollow.cli import main

TOKEN = "a token of some length"
COMMAND = "import sys; from arfollow.cli import main; main(sys.argv[1:])"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(tmp_path, port, root: Path):
    """`arfollow serve` over a folder without a database, as a process of its own."""
    settings = {"ARFOLLOW_DATA_DIR": str(tmp_path / "data"), "ARFOLLOW_METRICS_TOKEN": TOKEN}
    (tmp_path / "metrics").mkdir()
    environment = {**os.environ, **settings, "PYTHONPATH": str(root), "TMPDIR": str(tmp_path / "metrics")}
    environment.pop("ARFOLLOW_DATABASE_URL", None)
    command = [sys.executable, "-c", COMMAND, "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def wait_for(address: str, token: str = "") -> str:
    """The page at the address, once somebody serves it."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    for _ in range(1200):
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"Nobody serves {address}")


def test_the_server_migrates_serves_and_stops_when_it_is_told_to(server, port):
    page = wait_for(f"http://127.0.0.1:{port}/sign-in")

    server.send_signal(signal.SIGTERM)

    assert "Sign in" in page
    assert server.wait(timeout=30) == 0
    assert f"Serving on http://127.0.0.1:{port}" in server.stderr.read()


def test_all_processes_of_a_server_count_together_and_leave_nothing(server, port, tmp_path):
    for _ in range(20):
        wait_for(f"http://127.0.0.1:{port}/sign-in")

    metrics = wait_for(f"http://127.0.0.1:{port}/metrics", TOKEN)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)

    assert 'arfollow_request_seconds_count{endpoint="users.sign_in",status="200"} 20.0' in metrics
    assert list((tmp_path / "metrics").glob("arfollow-metrics-*")) == []


def test_a_server_writes_a_line_of_json_for_each_request(server, port):
    wait_for(f"http://127.0.0.1:{port}/sign-in")

    server.send_signal(signal.SIGTERM)
    said = server.communicate(timeout=30)[1].splitlines()

    requests = [json.loads(line) for line in said if line.startswith("{")]
    assert [each["endpoint"] for each in requests if each["event"] == "request"] == ["users.sign_in"]
    assert [line for line in said if not line.startswith("{")] == [f"Serving on http://127.0.0.1:{port}"]


@pytest.fixture
def taken(port):
    """The port, on which somebody else listens."""
    with socket.create_server(("127.0.0.1", port)):
        yield port


@pytest.mark.parametrize("words", [[], ["--check"]])
def test_a_port_that_is_taken_is_named_before_anything_is_made(taken, tmp_path, monkeypatch, words):
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path / "data"))

    answer = CliRunner().invoke(main, ["serve", *words], env={"PORT": str(taken)})

    assert answer.exit_code == 1
    assert f"Nothing can be served on 127.0.0.1:{taken}" in answer.stderr
    assert "Serving on" not in answer.stderr
    assert not (tmp_path / "data").exists()


def test_a_free_port_is_only_tried(port, tmp_path, monkeypatch):
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path / "data"))

    answer = CliRunner().invoke(main, ["serve", "--check", "--port", str(port)])

    assert (answer.exit_code, answer.output) == (0, "")
    assert not (tmp_path / "data").exists()


def test_the_script_says_how_another_port_is_taken(root):
    said = subprocess.run([root / "script" / "server", "--help"], capture_output=True, text=True, check=True)

    assert "--port PORT" in said.stdout
    assert "PORT=PORT" in said.stdout
