"""Filled databases to copy from: whatever is measured begins with the same ledger, and none is imported twice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from arfollow.app import create_app
from arfollow.companies.operations import Address, change_address, create_company
from arfollow.database import begin_write, commit, current_session, db, migrate
from arfollow.followup.jobs import bring_up_to_date
from arfollow.levels.operations import create_default_plan
from tests.bench import commands
from tests.bench.databases import copy_database, drop_database, empty_database, vacuum
from tests.bench.ledger import COUNTRY, CURRENCY, write_ledger
from tests.bench.ledger.history import live
from tests.bench.sites import TIMEZONE, WHO, Setup, Site, make_people, opened, settings_of

COMPANY_ID = 1


@dataclass(frozen=True)
class Snapshots:
    """One filled database for each engine and size. Those of SQLite stay in `folder`, those of PostgreSQL end with the run."""

    folder: Path
    _urls: dict[Setup, str] = field(default_factory=dict)

    @contextmanager
    def site(self, setup: Setup, *, filled: bool = True) -> Iterator[Site]:
        """A site over a copy of the ledger, or (not `filled`) over a company that has none; gone after the block."""
        with _temporary_folder() as folder:
            url = self._copied(setup, folder) if filled else _empty_company(setup, folder)
            # On a copy of an earlier version's database, this brings it up to date.
            migrate(url)
            with opened(setup, settings_of(url, folder), company_id=COMPANY_ID) as site:
                yield site
            drop_database(url)

    def _copied(self, setup: Setup, folder: Path) -> str:
        if setup not in self._urls:
            self._urls[setup] = self._filled(setup)
        return copy_database(self._urls[setup], folder)

    def _filled(self, setup: Setup) -> str:
        kept = self.folder / f"{_name(setup)}.sqlite3"
        if setup.engine == "sqlite" and kept.exists():
            return f"sqlite:///{kept}"
        with _temporary_folder() as folder:
            url = _empty_company(setup, folder)
            _fill(setup, url, folder)
            if setup.engine == "sqlite":
                # Under its name only once it is whole.
                unfinished = kept.with_suffix(".unfinished")
                shutil.move(url.removeprefix("sqlite:///"), unfinished)
                unfinished.rename(kept)
                url = f"sqlite:///{kept}"
        return url


def _fill(setup: Setup, url: str, folder: Path) -> None:
    settings = settings_of(url, folder)
    paths = write_ledger(folder, size=setup.size, today=setup.today)
    commands.run(settings, "import", *map(str, paths))
    with opened(setup, settings, company_id=COMPANY_ID) as site:
        with site.reading() as session:
            bring_up_to_date(session)
        live(site, seed=setup.size.seed)
        with site.reading() as session:
            bring_up_to_date(session)
    vacuum(url)


def _empty_company(setup: Setup, folder: Path) -> str:
    """The URL of a new database with the company that the ledger is for, its plan and its people."""
    url = empty_database(setup.engine, folder)
    migrate(url)
    with create_app(settings_of(url, folder)).app_context():
        session = current_session()
        begin_write(session)
        company_id = create_company(
            session,
            name="Bench",
            country=COUNTRY,
            currency=CURRENCY,
            who=WHO,
            language="en",
            timezone=TIMEZONE,
        )
        change_address(session, company_id=company_id, address=_ADDRESS, who=WHO)
        create_default_plan(session, company_id=company_id, language="en", who=WHO)
        make_people(session, company_id=company_id)
        commit(session)
        session.close()
        db.engine.dispose()
    return url


_ADDRESS = Address(
    name="Bench",
    street="1 Main Street",
    postal_code="D02 X285",
    city="Dublin",
    country=COUNTRY,
    phone="+353 1 1234567",
    email="receivables@bench.example",
    website="https://bench.example",
    vat="",
    language="en",
    timezone=TIMEZONE,
)


def _name(setup: Setup) -> str:
    """A name for the same ledger, made in the same way, as of the same day."""
    makers = [Path(__file__), *sorted((Path(__file__).parent / "ledger").glob("*.py"))]
    made_by = sha256(b"".join(path.read_bytes() for path in makers)).hexdigest()[:8]
    size = setup.size
    return f"{setup.engine}-{size.customers}x{size.items}-{size.seed}-{setup.today.isoformat()}-{made_by}"


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arfollow-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
