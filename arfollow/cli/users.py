"""`arfollow users`: accounts and roles, for whoever runs the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from arfollow.access import Role
from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import Ledger, company_option, open_ledger
from arfollow.database import commit
from arfollow.users import operations
from arfollow.users.operations.people import NotAnAddressError
from arfollow.users.passwords import make_one_time_password
from arfollow.users.queries import Member, find_account_by_email, find_member, members

Command = TypeVar("Command", bound=Callable[..., None])

_role = click.Choice([role.value for role in Role])


@click.group()
def users() -> None:
    """Add users, and change their roles and passwords."""


@users.command("list")
@company_option
def list_users(company: str | None) -> None:
    """Print each user of the company: address, role, state and name."""
    with open_ledger(company) as ledger:
        for member in members(ledger.session, company_id=ledger.company_id):
            state = "active" if member.active else "deactivated"
            click.echo(f"{member.email}\t{member.role}\t{state}\t{member.name}")


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that letters and colleagues see.")
@click.option("--role", type=_role, default=Role.CLERK.value, show_default=True)
@company_option
def add(email: str, name: str, role: str, company: str | None) -> None:
    """Add a user with a one-time password, which is printed; an account that exists gets the role."""
    password = make_one_time_password()
    with open_ledger(company, writing=True) as ledger:
        account = find_account_by_email(ledger.session, email=email)
        if account is None:
            _create(ledger, email=email, name=name, role=Role(role), password=password)
        else:
            _set_role(ledger, account.id, Role(role))
        commit(ledger.session)
    made = "has that account already" if account else f"signs in with the one-time password {password}"
    click.echo(f"{email} is {role} of {ledger.company_name} and {made}")


def _create(ledger: Ledger, *, email: str, name: str, role: Role, password: str) -> None:
    try:
        operations.create_user(
            ledger.session,
            company_id=ledger.company_id,
            email=email,
            name=name,
            role=role,
            password=password,
            who=SYSTEM,
        )
    except NotAnAddressError as error:
        raise click.UsageError(str(error)) from None


@users.command()
@click.argument("email")
@company_option
def password(email: str, company: str | None) -> None:
    """Give a user a one-time password, and print it."""
    with open_ledger(company, writing=True) as ledger:
        member = _member(ledger, email)
        one_time = operations.reset_password(ledger.session, user_id=member.user_id, who=SYSTEM)
        commit(ledger.session)
    click.echo(f"{member.email} signs in with the one-time password {one_time}")


@users.command("role")
@click.argument("email")
@click.argument("role", type=_role)
@company_option
def change_role(email: str, role: str, company: str | None) -> None:
    """Give a user of the company another role."""
    with open_ledger(company, writing=True) as ledger:
        member = _member(ledger, email)
        _set_role(ledger, member.user_id, Role(role))
        commit(ledger.session)
    click.echo(f"{member.email} is {role} of {ledger.company_name}")


@users.command()
@click.argument("email")
@company_option
def deactivate(email: str, company: str | None) -> None:
    """Let a user sign in no more, in any company."""
    with open_ledger(company, writing=True) as ledger:
        member = _member(ledger, email)
        try:
            operations.deactivate(ledger.session, user_id=member.user_id, who=SYSTEM)
        except operations.LastAdministratorError as error:
            raise click.ClickException(str(error)) from None
        commit(ledger.session)
    click.echo(f"{member.email} can't sign in any more")


def _member(ledger: Ledger, email: str) -> Member:
    account = find_account_by_email(ledger.session, email=email)
    user_id = account.id if account else 0
    member = find_member(ledger.session, company_id=ledger.company_id, user_id=user_id)
    if member is None:
        raise click.UsageError(f"{email} is no user of {ledger.company_name}: see arfollow users list")
    return member


def _set_role(ledger: Ledger, user_id: int, role: Role) -> None:
    try:
        operations.set_role(
            ledger.session, company_id=ledger.company_id, user_id=user_id, role=role, who=SYSTEM
        )
    except operations.LastAdministratorError as error:
        raise click.ClickException(str(error)) from None
