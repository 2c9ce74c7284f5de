"""What the worker does from time to time beside sending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

Work = Callable[[Session], bool | None]


@dataclass(frozen=True, kw_only=True)
class Job:
    """A function called every so many seconds. It begins and commits its own transactions (`database.commit`).

    It may give True: there is more to do, which other jobs and the outbox go before; then it is called again at once.
    """

    name: str
    function: Work
    every_seconds: float


_jobs: dict[str, Job] = {}


def register_job(name: str, function: Work, every_seconds: float) -> None:
    """Have the worker call `function` with a session of its own, at its start and every so often; `app.py` does.

    It should look first in a reading transaction whether there is anything to do, and be safe to run in two workers at once.
    """
    _jobs[name] = Job(name=name, function=function, every_seconds=every_seconds)


def registered_jobs() -> tuple[Job, ...]:
    """All jobs, in the order of their registration."""
    return tuple(_jobs.values())
