"""`script/crash`: kills workers and web processes at random moments, then compares the outbox with the mail server."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Engine, event

from arfollow.database import migrate
from tests.bench.databases import ENGINES, empty_database
from tests.crash.rig import Run, run
from tests.crash.same_day import CUSTOMERS, DAYS, fill, live_through, outcome
from tests.crash.years import live_two_years
from tests.fixtures.apps import make_settings

_MOST_PROBLEMS = 20
_PROCESSES = 8


def main() -> None:
    """Run on each engine and print the figures; exit code 1 if anything went out twice, got lost or is told wrongly."""
    arguments = _arguments()
    # Through the descriptor, which `fork` points to its log.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if arguments.years:
        _live(arguments.years)
        return
    if arguments.same_day:
        _write_table({engine: _same_day(engine, arguments.same_day) for engine in arguments.engine})
        return
    runs = {
        engine: _run(engine, kills=arguments.kills, seed=arguments.seed, pause=arguments.pause)
        for engine in arguments.engine
    }
    figures = {engine: _figures(each) for engine, each in runs.items()}
    if arguments.json:
        for engine, row in figures.items():
            _write(json.dumps({"engine": engine, "seed": arguments.seed, **row}))
    else:
        _write_table(figures)
    problems = [problem for each in runs.values() for problem in each.verdict.problems]
    for problem in problems[:_MOST_PROBLEMS]:
        _write(problem)
    sys.exit(1 if problems else 0)


def _live(times: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    start = time.monotonic()
    live_two_years(times)
    _write(f"two years, {times:,} times: no violation, {time.monotonic() - start:,.0f} seconds")


def _same_day(engine: str, runs: int) -> dict[str, int | float]:
    """Each of DAYS, run so many times by each of eight processes at once: a customer gets one e-mail, then its one repeat."""
    start = time.monotonic()
    with _folder() as folder:
        settings = make_settings(empty_database(engine, folder), folder)
        migrate(settings.database_url)
        fill(settings)
        for day in DAYS:
            live_through(settings, day, processes=_PROCESSES, runs=runs)
        found = outcome(settings)
    wanted = 2 * CUSTOMERS
    left = {to: count for to, count in found.left.items() if to.startswith("c")}
    return {
        "runs of a day": _PROCESSES * runs,
        "e-mails wanted": wanted,
        "e-mails queued": found.queued.total(),
        "e-mails that left": sum(left.values()),
        "customers without their two": sum(count != len((1, 2)) for count in left.values())
        + CUSTOMERS
        - len(left),
        "seconds": round(time.monotonic() - start, 1),
    }


def _run(engine: str, *, kills: int, seed: int, pause: float) -> Run:
    with _folder() as folder:
        url = empty_database(engine, folder)
        migrate(url)
        return run(url, folder, kills=kills, seed=seed, pause=pause)


@event.listens_for(Engine, "connect")
def _wait_for_the_disk(connection: object, _record: object) -> None:
    # As in production, and unlike the tests, whose settings come with their servers.
    if "sqlite3" in type(connection).__module__:
        connection.execute("PRAGMA synchronous=FULL")


def _figures(each: Run) -> dict[str, int | float]:
    return {
        "kills of workers": each.workers_killed,
        "kills of web processes": each.webs_killed,
        **each.verdict.figures(),
        "failures logged": each.failures,
        "seconds": round(each.seconds, 1),
    }


def _write_table(figures: dict[str, dict[str, int | float]]) -> None:
    names = list(next(iter(figures.values())))
    width = max(map(len, names))
    _write(" " * width + "".join(f"{engine:>12}" for engine in figures))
    for name in names:
        _write(f"{name:{width}}" + "".join(f"{row[name]:>12,}" for row in figures.values()))


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arfollow-crash-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kills processes at random and counts what went wrong.")
    parser.add_argument("--engine", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--pause", type=float, default=0.3, metavar="S", help="the longest time between two kills, in seconds"
    )
    parser.add_argument(
        "--years", type=int, default=0, metavar="N", help="kill nothing, but live two years, N times"
    )
    parser.add_argument(
        "--same-day",
        type=int,
        default=0,
        metavar="N",
        help="kill nothing, but run a day N times in 8 processes",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object an engine")
    return parser.parse_args()


if __name__ == "__main__":
    main()
