"""`arfollow init`: the database, the first company and its administrator."""

from __future__ import annotations

import click

from arfollow import config
from arfollow.access import Role
from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import open_database
from arfollow.companies.operations import create_company
from arfollow.companies.queries import company_names, find_company
from arfollow.companies.rules import SettingError
from arfollow.database import commit, migrate
from arfollow.fence.operations import lets_through
from arfollow.levels.operations import create_default_plan
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

    Safe to run again: a company that exists is left as it is.
    """
    migrate(config.from_environment().database_url)
    with open_database(writing=True) as session:
        existing = company_names(session)
        if existing:
            names = ", ".join(each.name for each in existing)
            click.echo(f"The database is up to date. Companies: {names}")
            return
        lets_through(session)
        password = make_one_time_password()
        try:
            company_id = create_company(
                session, name=company, country=country, currency=currency.upper(), who=SYSTEM
            )
        except (SettingError, UnknownCurrencyError) as error:
            raise click.UsageError(str(error)) from None
        language = find_company(session, company_id=company_id).language
        create_default_plan(session, company_id=company_id, language=language, who=SYSTEM)
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
        commit(session)
    click.echo(f"Made the company {company}.")
    click.echo(f"Sign in as {email} with the one-time password {password}")
