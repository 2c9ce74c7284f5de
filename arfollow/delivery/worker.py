"""The worker: sends what is due, runs the jobs, sleeps in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.orm import Session

from arfollow.database import again_if_overtaken
from arfollow.delivery.channel import Channel
from arfollow.delivery.jobs import Job, registered_jobs
from arfollow.delivery.operations.sending import LEASES, Leases
from arfollow.delivery.sending import send_some, settle_left_behind

log = structlog.get_logger(__name__)

_SECONDS = Histogram(
    "arfollow_work_seconds",
    "Time for one run of a job, or for one look at the outbox.",
    ["work"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300),
)
_FAILURES = Counter("arfollow_work_failures", "Runs that failed.", ["work"])


def _settle(session: Session) -> None:
    settle_left_behind(session)


_SETTLE = Job(name="settle left behind", function=_settle, every_seconds=0)


@dataclass(kw_only=True)
class Worker:
    """Works until `stop` is set; then it finishes the delivery at hand. `sessions` gives a fresh session for each unit of work."""

    sessions: Callable[[], AbstractContextManager[Session]]
    channel: Channel
    stop: Event
    leases: Leases = LEASES
    _next_run: dict[str, float] = field(default_factory=dict, init=False)
    _more: bool = field(default=False, init=False)

    def run(self, *, interval: float) -> None:
        """Work, looking for something new every `interval` seconds, until stopped."""
        while not self.stop.is_set():
            self.run_once()
            if not self._more:
                self.stop.wait(interval)

    def run_once(self) -> int:
        """Run the jobs whose time has come, send everything that is due, and give how many deliveries were worked on."""
        count = 0
        self._run_jobs()
        while not self.stop.is_set() and (sent := self._guarded(self._send, name="send")):
            count += sent
            # A long queue, or a mail server that is away, must not keep the list from being refreshed.
            self._run_jobs()
        return count

    def _send(self, session: Session) -> int:
        return send_some(
            session, channel=self.channel, leases=self.leases, goes_on=lambda: not self.stop.is_set()
        )

    def _run_jobs(self) -> None:
        self._more = False
        for job in (*registered_jobs(), _SETTLE):
            self._run_job(job)

    def _run_job(self, job: Job) -> None:
        if self.stop.is_set() or monotonic() < self._next_run.get(job.name, 0):
            return
        self._next_run[job.name] = monotonic() + job.every_seconds
        if self._guarded(job.function, name=job.name):
            self._more = True
            del self._next_run[job.name]

    def _guarded(self, work: Callable[[Session], int | None], *, name: str) -> int:
        """What the work gave, such as how much it did, or 0; a failure is logged and tried again next time."""
        with _SECONDS.labels(work=name).time():
            try:
                # All work may be begun again at any time: other workers do the same at once.
                return again_if_overtaken(lambda: self._once(work), wait=self.stop.wait)
            except Exception:  # a database that is away for a moment must not end the worker
                _FAILURES.labels(work=name).inc()
                log.exception("work failed", work=name)
                return 0

    def _once(self, work: Callable[[Session], int | None]) -> int:
        with self.sessions() as session:
            try:
                return work(session) or 0
            except BaseException:
                session.rollback()
                raise
