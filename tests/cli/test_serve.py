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

COMMAND = "import sys; from arfollow.cli import main; main(sys.argv[1:])"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(tmp_path, port, root: Path):
    """`arfollow serve` over a folder without a database, as a process of its own."""
    environment = {**os.environ, "ARFOLLOW_DATA_DIR": str(tmp_path), "PYTHONPATH": str(root)}
    environment.pop("ARFOLLOW_DATABASE_URL", None)
    command = [sys.executable, "-c", COMMAND, "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def wait_for(address: str) -> str:
    """The page at the address, once somebody serves it."""
    for _ in range(1200):
        try:
            with urllib.request.urlopen(address) as answer:
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
