"""Lets workers and web processes work, kills them at random moments, and starts others in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep

from sqlalchemy import func, select

from arfollow import clock
from arfollow.database import current_session
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from tests.crash.processes import exit_code, fork, kill
from tests.crash.sink import listening
from tests.crash.site import LEASES, Site, open_site
from tests.crash.verdict import Verdict, judge

WORKERS, WEBS = 3, 2
_ROUNDS = 20


@dataclass(frozen=True, kw_only=True)
class Run:
    """What was done, and how it ended. `failures`: how often a process logged that a piece of work failed."""

    workers_killed: int
    webs_killed: int
    seconds: float
    failures: int
    verdict: Verdict


@dataclass
class _Place:
    """A place where a process works; another takes over when it is killed."""

    work: Callable[[], object]
    pid: int = 0


@dataclass
class _Crew:
    site: Site
    random: Random
    log: Path
    places: list[_Place] = field(default_factory=list)

    def begin(self) -> None:
        self.places = [_Place(self.site.work) for _ in range(WORKERS)]
        self.places += [_Place(self._click) for _ in range(WEBS)]
        for place in self.places:
            self._fill(place)

    def kill_one(self) -> bool:
        """Kill one at random and start another in its place; whether it was a worker."""
        index = self.random.randrange(len(self.places))
        kill(self.places[index].pid)
        self._fill(self.places[index])
        return index < WORKERS

    def end(self) -> None:
        for place in self.places:
            kill(place.pid)

    def _click(self) -> None:
        self.site.click(seed=self.seed)

    def _fill(self, place: _Place) -> None:
        self.seed = self.random.getrandbits(32)
        place.pid = fork(place.work, log=self.log)


def run(url: str, folder: Path, *, kills: int, seed: int, pause: float = 0.3) -> Run:
    """Kill that many processes over the empty migrated database of `url`, `pause` seconds apart at most; then judge."""
    began, random = monotonic(), Random(seed)
    with listening(folder, seed=seed) as sink:
        site = open_site(url, folder, mail_url=sink.url, customers=max(60, 2 * kills))
        _warm_up(site)
        crew = _Crew(site, random, folder / "log")
        crew.begin()
        workers = 0
        for _ in range(kills):
            sleep(random.uniform(0, pause))
            workers += crew.kill_one()
        crew.end()
        settle(site, folder / "log")
        verdict = judge(site, sink)
    return Run(
        workers_killed=workers,
        webs_killed=kills - workers,
        seconds=monotonic() - began,
        failures=(folder / "log").read_text().count("work failed"),
        verdict=verdict,
    )


def _warm_up(site: Site) -> None:
    # What the first request and the first message load is not to be loaded again by every process.
    site.client.post("/customers/C0/email", data={"number": "1", "csrf_token": site.token})
    site.work_once()
    site.disconnect()


def settle(site: Site, log: Path) -> None:
    """Let workers go on, nobody kills them; refused messages wait longer each time, so the clock is moved on."""
    sleep(max(LEASES.preparing, LEASES.sending).total_seconds())
    for day in range(_ROUNDS):
        with clock.moved_to(clock.now() + timedelta(hours=day)):
            processes = [fork(site.work_once, log=log) for _ in range(2)]
            codes = [exit_code(pid) for pid in processes]
        if any(codes):
            raise RuntimeError(f"A worker that nobody killed ended with {codes}; see {log}.")
        if not _is_anything_on_its_way(site):
            return


def _is_anything_on_its_way(site: Site) -> bool:
    with site.app.app_context():
        open_ = (State.QUEUED, State.SENDING)
        count = current_session().scalar(select(func.count()).where(Delivery.state.in_(open_)))
    site.disconnect()
    return bool(count)
