from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.companies.tables import Company
from arfollow.fence import operations
from arfollow.fence.jobs import keep_count
from arfollow.fence.queries import standing
from arfollow.fence.rules import Reason

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class House:
    """A database that may send, and what one does to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.hours = 0

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        engine = database.open_engine(self.url)
        try:
            with clock.moved_to(NOON + timedelta(hours=self.hours)), Session(engine) as session:
                database.begin_write(session)
                yield session
                database.commit(session)
        finally:
            engine.dispose()

    def may_send(self) -> bool:
        with self.writing() as session:
            return operations.lets_through(session)

    def reason(self) -> Reason | None:
        """Why it may not send; None: it may."""
        self.may_send()
        with self.writing() as session:
            return standing(session).closed_because

    def count(self) -> int:
        """An hour passes, in which a message goes out; gives the count."""
        self.hours += 1
        with self.writing() as session:
            session.rollback()
            keep_count(session)
            database.begin_write(session)
            return standing(session).count

    def confirm(self) -> None:
        with self.writing() as session:
            operations.confirm(session, reason="Moved house", who="Eva")

    def copy_file(self, to: Path) -> Path:
        """The database as it is, its write-ahead log in it."""
        with self.writing() as session:
            session.rollback()
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copy2(self.file, to))


@pytest.fixture
def house(engine_url) -> House:
    """A database with a company, which has looked at its fence."""
    return _inhabited(engine_url)


@pytest.fixture
def file_house(sqlite_url, tmp_path) -> House:
    """The same in a file, in a folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return _inhabited(f"sqlite:///{Path(sqlite_url.removeprefix('sqlite:///')).rename(folder / 'a.sqlite3')}")


@pytest.fixture
def server_house(copied_postgresql_url) -> House:
    """The same on PostgreSQL."""
    return _inhabited(copied_postgresql_url)


def _inhabited(url: str) -> House:
    house = House(url)
    with house.writing() as session:
        session.add(Company(name="ACME", country="DE", currency="EUR"))
    assert house.may_send()
    return house
