"""`script/bench`: import, list, Done and letters, at several sizes of a seeded ledger.

Machines differ and are noisy: what counts are the growth factors from the smallest size to the largest, in one run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from arfollow import clock
from arfollow.access import Role
from arfollow.app import create_app
from arfollow.companies.operations import create_company
from arfollow.config import Settings
from arfollow.database import begin_write, commit, current_session, db, migrate
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.translating import File, Reading
from arfollow.followup.actions.letter import prepare_letter, render
from arfollow.followup.clicks import Click
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import record_action
from arfollow.followup.tables import CustomerState, ListRow
from arfollow.levels.operations import create_default_plan
from arfollow.users.operations import create_user
from tests.bench.databases import ENGINES, empty_database, vacuum
from tests.bench.ledger import write_ledger
from tests.bench.logs import measure_log

PASSWORD = "correct-horse-battery-staple"
EMAIL = "bench@example.com"
PAGES, DONES, LETTERS, WARM_UP = 60, 45, 30, 5
OK = 200


def main() -> None:
    """Measure each size and print the figures, and how they grow."""
    arguments = _arguments()
    for engine in arguments.engine:
        if arguments.verify:
            _write_table(engine, {arguments.verify: _measure_log(arguments.verify, engine)})
            continue
        figures = measure(arguments.customers, items=arguments.items, engine=engine)
        if arguments.json:
            for size, row in figures.items():
                write(json.dumps({"engine": engine, "customers": size, "items": arguments.items, **row}))
        else:
            _write_table(engine, figures)


def _measure_log(entries: int, engine: str) -> dict[str, float]:
    with _ledger_folder() as folder:
        url = empty_database(engine, folder)
        migrate(url)
        return measure_log(folder, url, entries=entries)


def _write_table(engine: str, figures: dict[int, dict[str, float]]) -> None:
    names = list(next(iter(figures.values())))
    width = max(map(len, names))
    write(f"{engine:{width}}" + "".join(f"{size:>12,}" for size in figures) + f"{'growth':>10}")
    for name in names:
        values = [row[name] for row in figures.values()]
        growth = f"{values[-1] / values[0]:>9.2f}×" if values[0] else ""
        write(f"{name:{width}}" + "".join(f"{value:>12,.1f}" for value in values) + growth)


def write(line: str) -> None:
    """A line to standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Site:
    """The application over a ledger of some size, with somebody signed in."""

    app: Flask
    company_id: int
    client: FlaskClient
    listed: Iterator[int]
    """Customers with a level due who have not been worked yet."""

    def open_list(self) -> None:
        """Ask for the first page of the list."""
        answer = self.client.get("/follow-ups")
        if answer.status_code != OK:
            raise SystemExit(f"The list answered {answer.status_code}.")

    def call_and_done(self) -> None:
        """Log a call with the next customer, and be done with it."""
        with self.app.app_context():
            session = current_session()
            click = _click(self.company_id, next(self.listed))
            begin_write(session)
            record_action(session, click, kind="call")
            mark_done(session, click)
            commit(session)


def measure(sizes: Sequence[int], *, items: int, engine: str) -> dict[int, dict[str, float]]:
    """The figures for new ledgers of these sizes.

    Sizes take turns within each measurement: what else the machine does slows all of them, and leaves the growth alone.
    """
    with ExitStack() as stack:
        figures: dict[int, dict[str, float]] = {size: {} for size in sizes}
        sites = {
            size: stack.enter_context(_site(size, items=items, engine=engine, figures=figures[size]))
            for size in sizes
        }
        _take_turns(sites, figures, "list, first page", Site.open_list, times=PAGES)
        _take_turns(sites, figures, "call and Done", Site.call_and_done, times=DONES)
        for size, site in sites.items():
            figures[size] |= _letters(site)
    return figures


def _take_turns(
    sites: Mapping[int, Site],
    figures: Mapping[int, dict[str, float]],
    name: str,
    work: Callable[[Site], None],
    *,
    times: int,
) -> None:
    taken: dict[int, list[float]] = {size: [] for size in sites}
    for _ in range(times):
        for size, site in sites.items():
            start = time.perf_counter()
            work(site)
            taken[size].append(1000 * (time.perf_counter() - start))
    for size, each in taken.items():
        warm = each[WARM_UP:]
        figures[size][f"{name}, p50 ms"] = statistics.median(warm)
        figures[size][f"{name}, p95 ms"] = statistics.quantiles(warm, n=20)[-1]


@contextmanager
def _site(customers: int, *, items: int, engine: str, figures: dict[str, float]) -> Iterator[Site]:
    with _ledger_folder() as folder:
        settings = Settings(
            database_url=empty_database(engine, folder),
            data_dir=folder,
            mail_url=f"file://{folder}/mail",
            secret_key="bench",
        )
        migrate(settings.database_url)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            company_id = _company()
            figures |= _import(company_id, folder, customers, items)
            vacuum(settings.database_url)
            listed = _listed(company_id)
        client = app.test_client()
        client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        yield Site(app=app, company_id=company_id, client=client, listed=iter(listed))
        with app.app_context():
            current_session().close()
            db.engine.dispose()


def _company() -> int:
    session = current_session()
    begin_write(session)
    company_id = create_company(session, name="Bench", country="DE", currency="EUR", who="bench")
    create_default_plan(session, company_id=company_id, language="en", who="bench")
    create_user(
        session,
        company_id=company_id,
        email=EMAIL,
        name="Bench",
        role=Role.MANAGER,
        password=PASSWORD,
        one_time=False,
        who="bench",
    )
    commit(session)
    return company_id


def _import(company_id: int, folder: Path, customers: int, items: int) -> dict[str, float]:
    today = clock.today("Europe/Berlin")
    paths = write_ledger(folder, customers=customers, items=items, today=today)
    session = current_session()
    start = time.perf_counter()
    files = [File(name=path.name, content=path.read_bytes()) for path in paths]
    prepared = prepare(files, Reading())
    begin_write(session)
    apply(session, company_id=company_id, prepared=prepared, today=today, who="bench")
    commit(session)
    bring_up_to_date(session)
    seconds = time.perf_counter() - start
    rows = sum(file.content.count(b"\n") - 1 for file in files)
    return {"import and list, rows/s": rows / seconds}


def _letters(site: Site) -> dict[str, float]:
    with site.app.app_context():
        session = current_session()
        chosen = islice(site.listed, LETTERS)
        facts = [prepare_letter(session, _click(site.company_id, each)) for each in chosen]
        session.rollback()
        render(facts[0])
        start = time.perf_counter()
        for each in facts:
            render(each)
        return {"letters/s, one process": len(facts) / (time.perf_counter() - start)}


def _listed(company_id: int) -> list[int]:
    session = current_session()
    session.rollback()
    ids = session.scalars(
        select(ListRow.customer_id)
        .where(ListRow.company_id == company_id, ListRow.reason == "level")
        .order_by(ListRow.customer_id)
        .limit(DONES + LETTERS)
    ).all()
    session.rollback()
    return list(ids)


def _click(company_id: int, customer_id: int) -> Click:
    session = current_session()
    number = session.scalar(select(CustomerState.number).where(CustomerState.customer_id == customer_id)) or 1
    session.rollback()
    today = clock.today("Europe/Berlin")
    return Click(
        company_id=company_id, customer_id=customer_id, number=number, who="bench", user_id=None, today=today
    )


@contextmanager
def _ledger_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arfollow-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures import, list, Done and letters.")
    parser.add_argument("--customers", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--items", type=int, default=10, metavar="N", help="items of each customer")
    parser.add_argument("--engine", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--verify", type=int, metavar="N", help="a log of N entries, and both verifiers")
    parser.add_argument("--json", action="store_true", help="one JSON object a size")
    return parser.parse_args()


if __name__ == "__main__":
    main()
