"""Writes of passwords. A new one ends all sessions of the user."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.users.operations.recording import record_everywhere
from arfollow.users.operations.signing_in import forget_tries
from arfollow.users.passwords import hash_password, is_password, make_one_time_password, make_session_key
from arfollow.users.rules import PasswordError, check_password
from arfollow.users.tables import User
from arfollow.values.refusals import N_


def change_password(session: Session, *, user_id: int, password: str, who: str) -> None:
    """Give a user the password that the user chose; raise PasswordError when it is not good enough."""
    user = session.get_one(User, user_id)
    check_password(password, known=(user.name, user.email))
    if is_password(password, user.password_hash):
        raise PasswordError(N_("That is the password you have."))
    _replace(user, password, one_time=False)
    record_everywhere(
        session, user=user, tag="user:password", who=who, text=f"{user.name} has a new password"
    )


def reset_password(session: Session, *, user_id: int, who: str) -> str:
    """Give a user a one-time password, which has to be changed at the next sign-in, and give it back to be handed over."""
    user = session.get_one(User, user_id)
    password = make_one_time_password()
    _replace(user, password, one_time=True)
    forget_tries(session, email=user.email)
    text = f"{user.name} was given a one-time password"
    record_everywhere(session, user=user, tag="user:password-reset", who=who, text=text)
    return password


def _replace(user: User, password: str, *, one_time: bool) -> None:
    user.password_hash = hash_password(password)
    user.session_key = make_session_key()
    user.one_time_password = one_time
