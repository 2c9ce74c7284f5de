"""A company whose customers all owe money, a clerk who is signed in, and the processes that work for her."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event
from time import sleep

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.access import Role
from arfollow.app import create_app
from arfollow.companies.operations import create_company
from arfollow.companies.tables import Company
from arfollow.config import Settings
from arfollow.database import begin_write, commit, current_session, db
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.operations.sending import Leases
from arfollow.delivery.worker import Worker
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.translating import Reading
from arfollow.followup.jobs import bring_up_to_date
from arfollow.levels.operations import create_default_plan
from arfollow.levels.tables import Level
from arfollow.users.operations import create_user

LEASES = Leases(preparing=timedelta(seconds=3), sending=timedelta(seconds=4))
"""Short enough to see them run out, long enough for a busy machine to prepare a message."""

EMAIL, PASSWORD, SECRET_KEY = "clerk@acme.example", "correct horse battery", "crash"


@dataclass(frozen=True)
class Site:
    """The application of a company with customers C0, C1…; everything is imported and nothing connected."""

    app: Flask
    company_id: int
    customers: int
    client: FlaskClient
    token: str
    confirmed: Path

    def disconnect(self) -> None:
        """Close the connections to the database: now processes may be forked."""
        with self.app.app_context():
            current_session().close()
            db.engine.dispose()

    def clicked(self) -> list[int]:
        """The customers whose e-mail the clerk was told to be on its way."""
        return [int(line) for line in self.confirmed.read_text().split()]

    def work(self) -> None:
        """Be a worker, until killed."""
        self._worker().run(interval=0.02)

    def work_once(self) -> None:
        """Do what a worker does in one round."""
        self._worker().run_once()

    def click(self, *, seed: int) -> None:
        """Be a web process: send e-mails to customers whose turn has not come, in random order, as a clerk would."""
        random = Random(seed)
        left = list(set(range(self.customers)) - set(self.clicked()))
        random.shuffle(left)
        confirmed = os.open(self.confirmed, os.O_WRONLY | os.O_APPEND)
        for customer in left:
            answer = self.client.post(
                f"/customers/C{customer}/email",
                data={"number": "1", "csrf_token": self.token},
                headers={"Referer": "http://localhost/"},
            )
            if answer.status_code == 303:
                os.write(confirmed, f"{customer}\n".encode())
            elif answer.status_code != 422:
                raise RuntimeError(f"C{customer}: {answer.status_code}\n{answer.text}")
            sleep(random.uniform(0, 0.02))
        # Nothing is left to click, but a web process stays there to be killed.
        Event().wait()

    def _worker(self) -> Worker:
        channel = open_mail_channel(self.app.config["SETTINGS"].mail_url)
        return Worker(sessions=self._sessions, channel=channel, stop=Event(), leases=LEASES)

    @contextmanager
    def _sessions(self) -> Iterator[Session]:
        with self.app.app_context():
            yield current_session()


def open_site(url: str, folder: Path, *, mail_url: str, customers: int) -> Site:
    """The site over the empty migrated database of `url`, warm: what a first request or message loads is loaded."""
    settings = Settings(database_url=url, data_dir=folder, mail_url=mail_url, secret_key=SECRET_KEY)
    app = create_app(settings)
    with app.app_context():
        company_id = _company()
        _debtors(company_id, customers)
    client = app.test_client()
    token = _sign_in(client)
    confirmed = folder / "confirmed"
    confirmed.touch()
    site = Site(
        app=app,
        company_id=company_id,
        customers=customers,
        client=client,
        token=token,
        confirmed=confirmed,
    )
    site.disconnect()
    return site


def _company() -> int:
    session = current_session()
    begin_write(session)
    company_id = create_company(
        session, name="ACME", country="DE", currency="EUR", language="en", who="crash"
    )
    session.get_one(Company, company_id).email = "receivables@acme.example"
    create_default_plan(session, company_id=company_id, language="en", who="crash")
    # Rendering would take most of a worker's time, and it is not there that things go wrong.
    session.execute(update(Level).values(attach_statement=False))
    create_user(
        session,
        company_id=company_id,
        email=EMAIL,
        name="Ana",
        role=Role.CLERK,
        password=PASSWORD,
        one_time=False,
        who="crash",
    )
    commit(session)
    return company_id


def _debtors(company_id: int, count: int) -> None:
    session = current_session()
    today = clock.today("Europe/Berlin")
    due = today - timedelta(days=20)
    customers = ["customer,name,email,language,currency"]
    invoices = ["invoice,instalment,customer,kind,date,due_date,currency,amount"]
    for number in range(count):
        customers.append(f"C{number},Customer {number},accounts{number}@customer.example,en,EUR")
        invoices.append(f"R{number},1,C{number},invoice,{due - timedelta(days=30)},{due},EUR,100.00")
    files = [
        File(name=name, content="\n".join(lines).encode())
        for name, lines in (("customers.csv", customers), ("invoices.csv", invoices))
    ]
    prepared = prepare(files, Reading())
    begin_write(session)
    apply(session, company_id=company_id, prepared=prepared, today=today, who="crash")
    commit(session)
    bring_up_to_date(session)


def _sign_in(client: FlaskClient) -> str:
    """Sign in; gives the token of the session's forms."""
    for _ in range(2):
        page = client.get("/account", follow_redirects=True)
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page.text)
        assert found, page.text
        if page.request.path == "/account":
            break
        client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": found[1]})
    return found[1]
