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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
from tests.bench.databases import ENGINES, empty_database
from tests.bench.ledger import write_ledger
from tests.bench.logs import measure_log

PASSWORD = "correct-horse-battery-staple"
EMAIL = "bench@example.com"
PAGES, DONES, LETTERS = 60, 40, 30


def main() -> None:
    """Measure each size and print the figures, and how they grow."""
    arguments = _arguments()
    for engine in arguments.engine:
        if arguments.verify:
            _write_table(engine, {arguments.verify: _measure_log(arguments.verify, engine)})
            continue
        figures = {size: measure(size, items=arguments.items, engine=engine) for size in arguments.customers}
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


def measure(customers: int, *, items: int, engine: str) -> dict[str, float]:
    """The figures for a new ledger of that size."""
    with _ledger_folder() as folder:
        settings = Settings(
            database_url=empty_database(engine, folder),
            data_dir=folder,
            mail_url=f"file://{folder}/mail",
            secret_key="bench",
        )
        migrate(settings.database_url)
        app = create_app(settings)
        with app.app_context():
            company_id = _company()
            figures = _import(company_id, folder, customers, items)
        # Outside the context above: requests would share what it remembers of who is signed in.
        figures |= _list_pages(app)
        with app.app_context():
            figures |= _dones(company_id)
            figures |= _letters(company_id)
            current_session().close()
            db.engine.dispose()
    return figures


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


def _list_pages(app) -> dict[str, float]:
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    answer = client.get("/follow-ups")
    if answer.status_code != 200:
        raise SystemExit(f"The list answered {answer.status_code}.")
    return _quantiles("list, first page", _times(PAGES, lambda: client.get("/follow-ups")))


def _dones(company_id: int) -> dict[str, float]:
    session = current_session()
    ids = iter(_listed(company_id))

    def work_one() -> None:
        click = _click(company_id, next(ids))
        begin_write(session)
        record_action(session, click, kind="call")
        mark_done(session, click)
        commit(session)

    return _quantiles("call and Done", _times(DONES, work_one))


def _letters(company_id: int) -> dict[str, float]:
    session = current_session()
    facts = [prepare_letter(session, _click(company_id, each)) for each in _listed(company_id)[:LETTERS]]
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


def _times(count: int, work: Callable[[], object]) -> list[float]:
    work()
    times = []
    for _ in range(count - 1):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return times


def _quantiles(name: str, times: list[float]) -> dict[str, float]:
    return {
        f"{name}, p50 ms": statistics.median(times),
        f"{name}, p95 ms": statistics.quantiles(times, n=20)[-1],
    }


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
