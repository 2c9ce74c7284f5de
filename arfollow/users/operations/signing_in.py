"""Writes of users."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.database import one_at_a_time
from arfollow.users import rules
from arfollow.users.passwords import hash_password
from arfollow.users.queries import failures_since
from arfollow.users.tables import SignInFailure, User
from arfollow.values.refusals import N_, Refusal

_KEPT = timedelta(days=1)
# Any number that no other advisory lock of ours has.
_LOCK = 7_245_001
# Before the network address of whoever tries links: an office is not kept from signing in by them.
_LINKS = "link:"


class TooManyTriesError(Refusal, RuntimeError):
    """Too many tries with this address. Try again in {wait}."""

    def __init__(self, retry_at: datetime, now: datetime) -> None:
        minutes, seconds = divmod(max(1, round((retry_at - now).total_seconds())), 60)
        wait = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
        super().__init__(N_("Too many tries. Try again in %(wait)s."), wait=wait)


class SignInRefusedError(Refusal, RuntimeError):
    """The e-mail address or the password is wrong."""

    def __init__(self) -> None:
        super().__init__(N_("The e-mail address or the password is wrong."))


class NoWorkplaceError(Refusal, RuntimeError):
    """You don't work in any company."""

    def __init__(self) -> None:
        super().__init__(N_("You don't work in any company. Ask an administrator to give you a role."))


def admit_try(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Count a sign-in as failed before its password is looked at, so that tries at the same time count; raise TooManyTriesError.

    `forget_tries` takes it back when the password was right.
    """
    one_at_a_time(session, number=_LOCK)
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - _KEPT))
    failures = failures_since(session, since=now - rules.WINDOW, email=email, address=address)
    retry_at = rules.retry_at(failures, now=now)
    if retry_at is not None:
        raise TooManyTriesError(retry_at, now)
    session.add(SignInFailure(email=email, address=address, at=now))


def admit_guess(session: Session, *, address: str, now: datetime) -> None:
    """Let somebody at this network address try a signed link, unless it tried too many that there are not; raise TooManyTriesError."""
    place = _LINKS + address
    failures = failures_since(session, since=now - rules.WINDOW, email=place, address=place)
    retry_at = rules.retry_at(rules.Failures(by_email=(), by_address=failures.by_address), now=now)
    if retry_at is not None:
        raise TooManyTriesError(retry_at, now)


def count_guess(session: Session, *, address: str, now: datetime) -> None:
    """Count a signed link that there is not, as a refused sign-in is counted but apart from those."""
    one_at_a_time(session, number=_LOCK)
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - _KEPT))
    session.add(SignInFailure(email="", address=_LINKS + address, at=now))


def forget_tries(session: Session, *, email: str) -> None:
    """Start counting failed sign-ins afresh: this one succeeded."""
    session.execute(delete(SignInFailure).where(SignInFailure.email == email))


def renew_hash(session: Session, *, user_id: int, password: str) -> None:
    """Keep the same password under today's hashing parameters; sessions go on."""
    session.get_one(User, user_id).password_hash = hash_password(password)
