"""Writes of accounts: who there is."""

from __future__ import annotations

import re

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.users.operations.recording import record_everywhere, record_in
from arfollow.users.operations.roles import keep_an_administrator, set_role
from arfollow.users.passwords import hash_password, make_session_key
from arfollow.users.tables import Membership, User
from arfollow.values.refusals import N_, Refusal

# Less strict than for mail to customers: `admin@localhost` is how an account may be called before there is mail.
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


class NotAnAddressError(ValueError):
    """People sign in with an e-mail address, and this is none."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email!r} is no e-mail address, such as ana@example.com.")


class EmailTakenError(Refusal, ValueError):
    """Somebody has an account with this e-mail address already."""

    def __init__(self, email: str) -> None:
        super().__init__(N_("There is an account with the address %(email)s already."), email=email)


def create_user(
    session: Session,
    *,
    company_id: int,
    email: str,
    name: str,
    role: Role,
    password: str,
    who: str,
    one_time: bool = True,
) -> int:
    """Make an account with a role in the company, and give its id; raise NotAnAddressError, EmailTakenError.

    A `one_time` password has to be changed at the first sign-in.
    """
    address = email.strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise NotAnAddressError(email)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTakenError(address)
    user = User(
        email=address,
        name=name.strip(),
        password_hash=hash_password(password),
        session_key=make_session_key(),
        one_time_password=one_time,
    )
    session.add(user)
    session.flush()
    record_in(session, company_id=company_id, user=user, tag="user:added", who=who, text=f"Added {user.name}")
    set_role(session, company_id=company_id, user_id=user.id, role=role, who=who)
    return user.id


def choose_language(session: Session, *, user_id: int, language: str, who: str) -> None:
    """Show the user pages in this language; empty: in each company's."""
    user = session.get_one(User, user_id)
    if user.language == language:
        return
    user.language = language
    chosen = Locale.parse(language).get_display_name("en") if language else "the company's language"
    text = f"{user.name} reads pages in {chosen}"
    record_everywhere(session, user=user, tag="user:language", who=who, text=text)


def change_details(session: Session, *, user_id: int, name: str, phone: str, who: str) -> None:
    """Change what letters and colleagues see of a user."""
    user = session.get_one(User, user_id)
    if (user.name, user.phone) == (name, phone):
        return
    text = f"{user.name} is now {name}, telephone {phone or '–'}"
    user.name, user.phone = name, phone
    record_everywhere(session, user=user, tag="user:details", who=who, text=text)


def deactivate(session: Session, *, user_id: int, who: str) -> None:
    """Let a user sign in no more, and end the user's sessions; raise LastAdministratorError."""
    user = session.get_one(User, user_id)
    administered = select(Membership.company_id).where(
        Membership.user_id == user_id, Membership.role == Role.ADMINISTRATOR.value
    )
    for company_id in session.scalars(administered.order_by(Membership.company_id)).all():
        keep_an_administrator(session, company_id=company_id, without=user_id)
    user.active = False
    user.session_key = make_session_key()
    record_everywhere(session, user=user, tag="user:deactivated", who=who, text=f"Deactivated {user.name}")


def reactivate(session: Session, *, user_id: int, who: str) -> None:
    """Let a user sign in again, with the password from before."""
    user = session.get_one(User, user_id)
    user.active = True
    record_everywhere(session, user=user, tag="user:reactivated", who=who, text=f"Reactivated {user.name}")
