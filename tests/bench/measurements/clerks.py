"""Twenty clerks at once, against the real server: how long they wait, what goes wrong, what memory the server has then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread

from tests.bench import commands
from tests.bench.browser import Browser
from tests.bench.clerk import Clerk
from tests.bench.ledger import CLERKS
from tests.bench.mail_server import free_port
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_PATIENCE = 60


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Serves the site, and lets them work for the time that the setup says."""
    site.disconnect()

    def probe() -> Taken:
        port = free_port()
        with commands.running(site.settings, "serve", "--port", str(port)) as pid:
            _wait(port)
            clerks = _work(site, port)
            memory = _memory(pid)
        return {
            **_answers(clerks, site.setup.clerks_seconds),
            Figure("web processes, the largest", "MiB"): [max(memory)],
            Figure("web processes, all", "MiB"): [sum(memory)],
        }

    yield probe


def _work(site: Site, port: int) -> Sequence[Clerk]:
    clerks = [
        Clerk(Browser(port), email=email, today=site.setup.today, random=Random(email)) for email in CLERKS
    ]
    for clerk in clerks:
        clerk.sign_in()
    until = time.monotonic() + site.setup.clerks_seconds
    threads = [Thread(target=clerk.work, args=[until]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clerks


def _answers(clerks: Sequence[Clerk], seconds: float) -> Mapping[Figure, Sequence[float]]:
    waits: dict[str, list[float]] = {}
    for clerk in clerks:
        for what, taken in clerk.answers.items():
            waits.setdefault(what, []).extend(taken)
    errors = [error for clerk in clerks for error in clerk.errors]
    for error in errors[:5]:
        sys.stderr.write(f"{error}\n")
    return {
        **{Figure(f"{len(clerks)} clerks: {what}", "ms"): taken for what, taken in sorted(waits.items())},
        Figure(f"{len(clerks)} clerks: clicks", "clicks/s"): [sum(map(len, waits.values())) / seconds],
        Figure(f"{len(clerks)} clerks: errors", "errors"): [len(errors)],
    }


def _wait(port: int) -> None:
    """Until somebody serves."""
    deadline = time.monotonic() + _PATIENCE
    browser = Browser(port)
    while browser.get("/sign-in").is_error:
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nobody serves port {port}.")
        time.sleep(0.05)
    browser.close()


def _memory(pid: int) -> Sequence[float]:
    """MiB of the server and each of its processes; what several share is divided among them."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [_proportional(int(each)) for each in (str(pid), *children)]


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            kibibytes = value.split()[0]
            return int(kibibytes) / 1024
    return 0


MEASUREMENT = Measurement(name="clerks", begin=begin)
