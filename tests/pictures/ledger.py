"""A demo ledger to take pictures of: a copy, so that nothing is changed by being looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.config import Settings, from_environment
from arfollow.database import begin_write, commit, current_session, migrate
from arfollow.fence.operations import confirm, lets_through
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.runs.working import work_some
from arfollow.users.demo import DemoAccount, demo_accounts

FOREIGN = {
    "debitoren.csv": "Kunden-Nr.;Firma;E-Mail;Straße;PLZ;Ort;Land\n"
    "C-2001;Radstation Münster;buchhaltung-2001@example.com;Bahnhofstr. 2;48143;Münster;DE\n"
    "C-2002;Velowerk Zürich AG;buchhaltung-2002@example.com;Langstr. 14;8004;Zürich;CH\n",
    "offene-posten.csv": "Rechnung;Kunde;Datum;Fällig;Betrag;Währung\n"
    "2026-2201;C-2001;01.10.2026;31.10.2026;1.284,50;EUR\n"
    "2026-2202;C-2002;12.10.2026;11.11.2026;640,00;CHF\n",
}


@dataclass(frozen=True)
class Demo:
    """The application over the copy, whom to sign in as, and where a bulk run is looked at before it begins."""

    app: Flask
    accounts: Mapping[Role, DemoAccount]
    preflight: str = ""

    def client(self, role: Role | None) -> FlaskClient:
        """Somebody of that role who reads without a browser; no role: nobody has signed in."""
        client = self.app.test_client()
        if role:
            account = self.accounts[role]
            client.post("/sign-in", data={"email": account.email, "password": account.password})
        return client


def played(folder: Path) -> Path:
    """The folder of a demo ledger: this one, or if it has none, one below it that is played once."""
    if (folder / "demo").exists():
        return folder
    below = folder / "pictures"
    if not (below / "demo").exists():
        shutil.rmtree(below, ignore_errors=True)
        environment = {**os.environ, "ARFOLLOW_DATA_DIR": str(below)}
        program = Path(sys.executable).with_name("arfollow")
        subprocess.run([program, "demo"], env=environment, check=True)
    return below


def opened(original: Path, copy: Path) -> Demo:
    """A copy of the ledger, up to date, with a bulk run that was done and one that has not begun."""
    shutil.copytree(original, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("outbox"))
    settings = from_environment({"ARFOLLOW_DATA_DIR": str(copy), "ARFOLLOW_DEVELOPMENT": "1"})
    migrate(settings.database_url)
    demo = Demo(_application(settings), {Role(each.role): each for each in demo_accounts(settings)})
    with demo.app.app_context():
        session = current_session()
        begin_write(session)
        if not lets_through(session):
            confirm(session, reason="Pictures are taken of it.", who="system")
        commit(session)
        bring_up_to_date(session)
    _drop(demo)
    return replace(demo, preflight=_run_in_bulk(demo))


def _application(settings: Settings) -> Flask:
    app = create_app(settings)
    # Who reads without a browser sends forms as well.
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _drop(demo: Demo) -> None:
    """Drop two files of another program, to be looked at before they are imported."""
    files = [(BytesIO(text.encode()), name) for name, text in FOREIGN.items()]
    demo.client(Role.ADMINISTRATOR).post("/imports", data={"files": files})


def _run_in_bulk(demo: Demo) -> str:
    """Work one run; gives the path of another that has not begun."""
    chosen = {"all": "1", "list": "band=level"}
    manager, clerk = demo.client(Role.MANAGER), demo.client(Role.CLERK)
    location = manager.post("/runs", data=chosen).headers["Location"]
    manager.post(f"{location}/start", data={"marks_done": "1"})
    with demo.app.app_context():
        while work_some(current_session()):
            pass
    return urlsplit(clerk.post("/runs", data={"all": "1", "list": ""}).headers["Location"]).path
