"""`script/bench`: how fast the program is, at several sizes of a seeded ledger.

Machines differ and are noisy: what counts most are the growth factors from the smallest size to the largest, in one run.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, event

from arfollow import clock
from arfollow.database import migrate
from tests.bench.databases import ENGINES, empty_database
from tests.bench.ledger import CLERKS, COUNTRY, CURRENCY, Size, write_ledger
from tests.bench.logs import measure_log
from tests.bench.measurements import MEASUREMENTS
from tests.bench.measuring import take
from tests.bench.results import Row, read_rows, rows_of
from tests.bench.sites import TIMEZONE, Setup
from tests.bench.snapshots import Snapshots
from tests.bench.tables import comparison, size_table


@event.listens_for(Engine, "connect")
def _wait_for_the_disk(connection: object, _record: object) -> None:
    # As in production, and unlike the tests, whose settings come with their servers.
    if "sqlite3" in type(connection).__module__:
        connection.execute("PRAGMA synchronous=FULL")  # type: ignore[attr-defined]  # a driver's own


def main() -> None:
    """Write a ledger, or measure what was asked for and print it."""
    arguments = _arguments().parse_args()
    # Whoever is told to end still ends the servers and workers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if arguments.ledger:
        _write_ledger(arguments)
    elif arguments.verify:
        _verify(arguments)
    else:
        _measure(arguments)


def _write_ledger(arguments: argparse.Namespace) -> None:
    arguments.ledger.mkdir(parents=True, exist_ok=True)
    size = Size(arguments.customers[0], arguments.items, arguments.seed)
    for path in write_ledger(arguments.ledger, size=size, today=arguments.day):
        _write(str(path))
    _tell(f"For a company made by: arfollow init --country {COUNTRY} --currency {CURRENCY}")
    _tell(f"Before the import add its clerks by arfollow users add: {CLERKS[0]} to {CLERKS[-1]}")


def _verify(arguments: argparse.Namespace) -> None:
    for engine in arguments.engine:
        with tempfile.TemporaryDirectory(prefix="arfollow-bench-") as folder:
            url = empty_database(engine, Path(folder))
            migrate(url)
            figures = measure_log(Path(folder), url, entries=arguments.verify)
        width = max(map(len, figures))
        _write(f"{engine:{width}}{arguments.verify:>12,}")
        for name, value in figures.items():
            _write(f"{name:{width}}{value:>12,.1f}")


def _measure(arguments: argparse.Namespace) -> None:
    # Read first: nobody waits for hours to hear that there is no such file.
    old = read_rows(arguments.compare) if arguments.compare else ()
    measured: list[Row] = []
    failed: list[str] = []
    with _folder(arguments.keep) as folder:
        for engine in arguments.engine:
            rows = list(_rows(arguments, engine, Snapshots(folder), failed))
            measured += rows
            if not arguments.json:
                _write_all(size_table(engine, rows, with_budgets=arguments.budget))
    if old:
        _write_all(comparison(old, measured), to=_tell if arguments.json else _write)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def _rows(
    arguments: argparse.Namespace, engine: str, snapshots: Snapshots, failed: list[str]
) -> Iterator[Row]:
    """The rows of one engine; with --json each is printed as soon as it is there. What fails is told, and added to `failed`."""
    setups = _setups(arguments, engine)
    for measurement in [each for each in MEASUREMENTS if not arguments.only or each.name in arguments.only]:
        runs = []
        try:
            for number in range(1, arguments.runs + 1):
                _tell(f"{engine}: {measurement.name}, run {number} of {arguments.runs}")
                runs.append(take(measurement, setups, snapshots, times=arguments.times))
        except Exception:  # noqa: BLE001 - hours of other measurements are not lost for one
            _tell(traceback.format_exc())
            failed.append(f"{measurement.name} on {engine}")
        for setup in setups:
            for row in rows_of(setup, [run[setup] for run in runs]):
                if arguments.json:
                    _write(row.json())
                yield row


def _setups(arguments: argparse.Namespace, engine: str) -> Sequence[Setup]:
    return [
        Setup(
            engine=engine,
            size=Size(customers, arguments.items, arguments.seed),
            today=arguments.day,
            by_cpu=arguments.cpu,
            clerks_seconds=60 * arguments.minutes,
        )
        for customers in sorted(arguments.customers)
    ]


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _write_all(lines: Iterable[str], *, to: Callable[[str], None] = _write) -> None:
    for line in (*lines, ""):
        to(line)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="arfollow-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _arguments() -> argparse.ArgumentParser:
    names = [each.name for each in MEASUREMENTS]
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    add = parser.add_argument
    add("--customers", type=int, nargs="+", default=[1_000, 10_000], metavar="N", help="sizes of the ledger")
    add("--items", type=int, default=10, metavar="N", help="items of each customer, on average")
    add("--seed", type=int, default=1, metavar="N", help="another ledger of the same size")
    add("--day", type=date.fromisoformat, default=clock.today(TIMEZONE), help="the ledger's today")
    add("--ledger", type=Path, metavar="DIR", help="only write the ledger (of the first size) there, as CSV")
    add("--engine", nargs="+", choices=ENGINES, default=list(ENGINES))
    add("--only", nargs="+", choices=names, default=[], metavar="NAME", help=f"of: {', '.join(names)}")
    add("--runs", type=int, default=1, metavar="N", help="medians of so many runs")
    add(
        "--times",
        type=int,
        metavar="N",
        help="how often each thing is done in a run, instead of what is usual for it",
    )
    add("--minutes", type=float, default=0.5, metavar="M", help="how long the twenty clerks work")
    add(
        "--cpu",
        action="store_true",
        help="time what the measuring or importing process computes, not the clock: for a busy machine",
    )
    add("--keep", type=Path, metavar="DIR", help="keep SQLite ledgers there for the next time")
    add("--json", action="store_true", help="one JSON object a figure and size")
    add("--compare", type=Path, metavar="FILE", help="JSON of an earlier run to set beside this one")
    add(
        "--budget",
        action="store_true",
        help="mark what does not reach the budgets of tests/bench/budgets.toml",
    )
    add("--verify", type=int, metavar="N", help="only a log of N entries, and both verifiers")
    return parser


if __name__ == "__main__":
    main()
