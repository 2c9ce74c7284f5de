"""Opening the ledger for a command: the app's context, the company that is meant, its today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date

import click
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from arfollow import clock, config
from arfollow.app import create_app
from arfollow.companies.queries import CompanyName, company_names
from arfollow.database import begin_write, current_session, db

company_option = click.option(
    "--company", metavar="NAME", help="Which company; needed when there are several."
)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """An open ledger. Whoever writes commits by `database.commit(ledger.session)`."""

    session: Session
    company_id: int
    company_name: str
    today: date


class NoLedgerError(click.ClickException):
    """There is no ledger yet."""

    def __init__(self) -> None:
        super().__init__("There is no ledger in this database yet. Make one by: arfollow init")


@contextmanager
def open_database(*, writing: bool = False) -> Iterator[Session]:
    """The database of the environment's settings, in an app context. Raise click.ClickException when it can't be opened."""
    settings = config.from_environment()
    app = create_app(replace(settings, connections=settings.connections.unlimited()))
    with ExitStack() as at_end, app.app_context():
        at_end.callback(db.engine.dispose)
        session = current_session()
        _check_there(session)
        if writing:
            begin_write(session)
        yield session


@contextmanager
def open_ledger(company: str | None = None, *, writing: bool = False) -> Iterator[Ledger]:
    """The ledger of the named company, or of the only one. Raise click.UsageError when it isn't clear which is meant.

    `writing`: the command writes in this one transaction, and nothing slow happens in it.
    """
    with open_database(writing=writing) as session:
        chosen = _choose(company_names(session), company)
        yield Ledger(
            session=session,
            company_id=chosen.id,
            company_name=chosen.name,
            today=clock.today(chosen.timezone),
        )


def _check_there(session: Session) -> None:
    if not inspect(session.get_bind()).has_table("companies"):
        raise NoLedgerError


def _choose(companies: Sequence[CompanyName], name: str | None) -> CompanyName:
    if not companies:
        raise NoLedgerError
    found = [each for each in companies if name is None or each.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(each.name for each in companies)
    problem = "Say which company is meant" if name is None else f"There is no company called {name!r}"
    raise click.UsageError(f"{problem}: --company with one of: {known}")
