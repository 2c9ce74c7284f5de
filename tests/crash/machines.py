"""Machines that share nothing but PostgreSQL and the secret key: each a real `arfollow` command with a folder of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = "import sys; from arfollow.cli import main; main(sys.argv[1:])"
_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')
_LONGEST_START = 300
_MOST_TRIES = 300


@dataclass
class Machine:
    """A command that runs, and what it has written to standard error."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0

    def kill_one_of_its_processes(self, random: Random) -> None:
        """Kill -9 one of the processes that its master has forked, unless there is none just now."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)


@dataclass
class Park:
    """All machines over one database."""

    url: str
    folder: Path
    mail_url: str
    secret_key: str
    webs: list[Machine] = field(default_factory=list)
    workers: list[Machine] = field(default_factory=list)

    def start(self, name: str, *words: str, port: int = 0) -> Machine:
        """Start a command on a new machine."""
        folder = self.folder / name
        folder.mkdir()
        settings = {
            "ARFOLLOW_DATABASE_URL": self.url,
            "ARFOLLOW_DATA_DIR": str(folder / "data"),
            "ARFOLLOW_MAIL_URL": self.mail_url,
            "ARFOLLOW_SECRET_KEY": self.secret_key,
            "PYTHONPATH": str(ROOT),
        }
        log = folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, *words],
                cwd=folder,
                env={**os.environ, **settings},
                stderr=file,
            )
        return Machine(process, log, port)


@contextmanager
def machines(park: Park, *, webs: int, workers: int) -> Iterator[Park]:
    """Start that many web servers, of two processes each, and workers; gives the park once every server is ready."""
    with ExitStack() as at_end:
        for number in range(webs):
            port = _free_port()
            words = ("serve", "--port", str(port), "--workers", "2", "--threads", "2")
            park.webs.append(park.start(f"web{number}", *words, port=port))
            at_end.callback(_stop, park.webs[-1])
        for number in range(workers):
            park.workers.append(park.start(f"worker{number}", "worker", "--interval", "0.2"))
            at_end.callback(_stop, park.workers[-1])
        for web in park.webs:
            _wait_until_ready(web)
        yield park


def _stop(machine: Machine) -> None:
    machine.process.terminate()
    try:
        machine.process.wait(60)
    except subprocess.TimeoutExpired:
        machine.process.kill()
        machine.process.wait()


def _wait_until_ready(web: Machine) -> None:
    until = monotonic() + _LONGEST_START
    while monotonic() < until:
        if web.process.poll() is not None:
            break
        try:
            if Browser([web]).ask("GET", "/ready")[0] == http.HTTPStatus.OK:
                return
        except OSError:
            sleep(0.1)
    raise RuntimeError(f"A web server did not become ready:\n{web.log.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Browser:
    """Somebody whose every request goes to the next machine, as behind a proxy that takes turns."""

    def __init__(self, webs: list[Machine]) -> None:
        self._webs = webs
        self._turn = 0
        self._cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of one answer; raise OSError or http.client.HTTPException when there is none."""
        web = self._webs[self._turn % len(self._webs)]
        self._turn += 1
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=120)
        headers = {"Cookie": self._cookie} if self._cookie else {}
        body = None
        if form is not None:
            body = urlencode({**form, "csrf_token": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        if found := _TOKEN.search(text):
            self.token = found[1]
        return answer.status, text

    def insist(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bool]:
        """Ask again when the process that was asked died before it answered; whether it was asked more than once."""
        for number in range(_MOST_TRIES):
            try:
                return *self.ask(method, path, form), number > 0
            except (OSError, http.client.HTTPException):
                sleep(0.2)
        raise RuntimeError(f"Nobody answers {method} {path}.")

    def sign_in(self, email: str, password: str) -> None:
        """Begin a session, and get the token of its forms."""
        self.insist("GET", "/sign-in")
        self.insist("POST", "/sign-in", {"email": email, "password": password})
        status, _, _ = self.insist("GET", "/account")
        if status != http.HTTPStatus.OK:
            raise RuntimeError(f"The sign-in did not last from one machine to another: {status}")
