"""Somebody begins to work in a company: with a new account, or with the one that the person has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.users.operations.people import create_user
from arfollow.users.operations.roles import set_role
from arfollow.users.passwords import make_one_time_password
from arfollow.users.tables import Membership, User


class AlreadyHereError(ValueError):
    """The person works in the company already."""

    def __init__(self) -> None:
        super().__init__("This person works here already.")


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Who began to work in a company. `password`: of a new account, to be shown once; empty for one that was there."""

    user_id: int
    name: str
    password: str


def join(session: Session, *, company_id: int, email: str, name: str, role: Role, who: str) -> Joined:
    """Give the person with this address a role in the company; an account that is new gets a one-time password.

    Raise AlreadyHereError, NotAnAddressError.
    """
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        password = make_one_time_password()
        user_id = create_user(
            session, company_id=company_id, email=email, name=name, role=role, password=password, who=who
        )
        return Joined(user_id=user_id, name=name.strip(), password=password)
    if session.get(Membership, (user.id, company_id)) is not None:
        raise AlreadyHereError
    set_role(session, company_id=company_id, user_id=user.id, role=role, who=who)
    return Joined(user_id=user.id, name=user.name, password="")
