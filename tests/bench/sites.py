"""The application over a ledger of some size, with somebody signed in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.config import Settings
from arfollow.database import begin_write, commit, current_session, db
from arfollow.fence import operations as fence
from arfollow.followup.clicks import Click
from arfollow.followup.queries.customer import customer_id, follow_up_number
from arfollow.users.operations import create_user
from tests.bench.ledger import CLERKS, Size

WHO, PASSWORD = "bench", "correct-horse-battery-staple"
TIMEZONE = "Europe/Dublin"
_LISTED = re.compile(r'href="/customers/(C[0-9]+)\?list=')


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What is measured, by the clock or by the processor's time, and how long twenty clerks work."""

    engine: str
    size: Size
    today: date
    by_cpu: bool = False
    clerks_seconds: float = 30


class WrongAnswerError(RuntimeError):
    """A page did not answer as it should."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} answered {status}.")


@dataclass(frozen=True, kw_only=True)
class Site:
    """The application of one company; `client` is a browser of a manager who is signed in."""

    setup: Setup
    settings: Settings
    app: Flask
    company_id: int
    client: FlaskClient

    def milliseconds(self, work: Callable[[], object]) -> float:
        """How long the work takes."""
        stopwatch = time.process_time if self.setup.by_cpu else time.perf_counter
        start = stopwatch()
        work()
        return 1000 * (stopwatch() - start)

    def get(self, path: str) -> str:
        """A page's text; raise WrongAnswerError."""
        answer = self.client.get(path)
        if answer.status_code != HTTPStatus.OK:
            raise WrongAnswerError(path, answer.status_code)
        return answer.text

    def post(self, path: str, data: Mapping[str, object]) -> None:
        """Send a form, which leads to another page; raise WrongAnswerError."""
        answer = self.client.post(path, data=data)
        if answer.status_code != HTTPStatus.SEE_OTHER:
            raise WrongAnswerError(path, answer.status_code)

    def listed(self, count: int) -> Sequence[str]:
        """The numbers of customers with a level due, as the list shows them; at most so many."""
        found: list[str] = []
        page = 1
        while len(found) < count:
            shown = customers_on(self.get(f"/follow-ups?band=level&sort=customer&page={page}"))
            new = [number for number in shown if number not in found]
            if not new:
                break
            found += new
            page += 1
        return found[:count]

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session outside any request."""
        with self.app.app_context():
            yield current_session()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The same for writing; committed at its end."""
        with self.app.app_context():
            session = current_session()
            begin_write(session)
            yield session
            commit(session)

    def click(self, session: Session, number: str) -> Click:
        """A click on the customer's page as it is now."""
        found = customer_id(session, company_id=self.company_id, number=number)
        if found is None:
            raise LookupError(number)
        return Click(
            company_id=self.company_id,
            customer_id=found,
            number=follow_up_number(session, customer_id=found),
            who=WHO,
            user_id=None,
            today=self.setup.today,
        )

    def follow_up(self, number: str) -> int:
        """What the forms of the customer's page carry as the number of its follow-up."""
        with self.reading() as session:
            return self.click(session, number).number

    def disconnect(self) -> None:
        """Close the connections to the database."""
        with self.app.app_context():
            current_session().close()
            db.engine.dispose()


def customers_on(page: str) -> Sequence[str]:
    """The numbers of the customers that a page of the list shows, in its order."""
    return list(dict.fromkeys(_LISTED.findall(page)))


def settings_of(url: str, folder: Path) -> Settings:
    """Settings over the database of that URL; files lie in the folder."""
    return Settings(database_url=url, data_dir=folder, mail_url=f"file://{folder}/mail", secret_key=WHO)


@contextmanager
def opened(setup: Setup, settings: Settings, *, company_id: int) -> Iterator[Site]:
    """The site over a database that holds the company, a copy or not; its connections end with the block."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    site = Site(setup=setup, settings=settings, app=app, company_id=company_id, client=app.test_client())
    try:
        with site.writing() as session, suppress(fence.FenceOpenError):
            # A copied database sends nothing until somebody vouches for it.
            fence.confirm(session, reason="a copy to measure with", who=WHO)
        site.post("/sign-in", {"email": CLERKS[0], "password": PASSWORD})
        yield site
    finally:
        site.disconnect()


def make_people(session: Session, *, company_id: int) -> None:
    """The clerks whom the ledger names; the first is a manager, whom the site signs in."""
    for number, email in enumerate(CLERKS):
        create_user(
            session,
            company_id=company_id,
            email=email,
            name=f"Clerk {number + 1}",
            role=Role.CLERK if number else Role.MANAGER,
            password=PASSWORD,
            one_time=False,
            who=WHO,
        )
