"""`arfollow init`: the database, the first company and its administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from babel import Locale
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from arfollow import config
from arfollow.access import Role
from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import open_database
from arfollow.companies.queries import company_names, find_company
from arfollow.companies.rules import SettingError
from arfollow.database import commit, migrate
from arfollow.fence.operations import lets_through
from arfollow.setup.operations import found_company
from arfollow.users.operations import create_user
from arfollow.users.operations.people import NotAnAddressError
from arfollow.users.passwords import make_one_time_password
from arfollow.values.money import UnknownCurrencyError


@click.command()
@click.option("--company", metavar="NAME", default="My company", help="The first company's name.")
@click.option("--currency", default="EUR", show_default=True, help="Its currency, as an ISO 4217 code.")
@click.option("--country", default="DE", show_default=True, help="Its country, as an ISO 3166 code.")
@click.option("--email", default="admin@localhost", show_default=True, help="Its administrator's address.")
def init(company: str, currency: str, country: str, email: str) -> None:
    """Create the database or bring it up to date; make the first company, its plan and its administrator.

    Safe to run again: a company that exists is left as it is. Further companies are added by an administrator, under Settings.
    """
    context = click.get_current_context()
    is_named = context.get_parameter_source("company") is click.core.ParameterSource.COMMANDLINE
    url = config.from_environment().database_url
    with _private_file(url):
        migrate(url)
    with open_database(writing=True) as session:
        existing = company_names(session)
        if existing:
            names = ", ".join(each.name for each in existing)
            click.echo(f"The database is up to date. Companies: {names}")
            if is_named and company.strip().casefold() not in {each.name.casefold() for each in existing}:
                raise click.UsageError(
                    f"{company} was not made: init makes the first company only. "
                    "Its administrator adds further ones under Settings, Companies."
                )
            return
        lets_through(session)
        password = make_one_time_password()
        try:
            company_id = found_company(
                session, name=company, country=country, currency=currency.upper(), who=SYSTEM
            )
        except (SettingError, UnknownCurrencyError) as error:
            raise click.UsageError(str(error)) from None
        language = find_company(session, company_id=company_id).language
        _make_administrator(session, company_id, email, password)
        commit(session)
    click.echo(f"Made the company {company}.")
    click.echo(
        f"Its levels and letters begin in {Locale.parse(language, sep='-').get_display_name('en')}, the language of its "
        "country: another one is chosen under Settings, names and words are changed under Levels."
    )
    click.echo("After the first sign-in, five steps lead to the first list.")
    click.echo(f"Sign in as {email} with the one-time password {password}")


def _make_administrator(session: Session, company_id: int, email: str, password: str) -> None:
    try:
        create_user(
            session,
            company_id=company_id,
            email=email,
            name="Administrator",
            role=Role.ADMINISTRATOR,
            password=password,
            who=SYSTEM,
        )
    except NotAnAddressError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def _private_file(url: str) -> Iterator[None]:
    """A SQLite file that is new is readable by its owner only: it holds what customers owe."""
    path = _file_of(url)
    is_new = path is not None and not path.exists()
    yield
    if path is not None and is_new:
        path.chmod(0o600)


def _file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for any other, also for what names none, which is said where it is opened."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database or "") if is_file else None
