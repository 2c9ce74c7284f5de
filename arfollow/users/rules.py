"""How long a sign-in has to wait, and which passwords are good enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from arfollow.values.refusals import N_, Refusal

WINDOW = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_FEWEST_CHARACTERS = 4

Waits = Sequence[tuple[int, timedelta]]
"""Failures within the window, and how long the next try then has to wait after the last of them; ascending."""

WAITS_BY_EMAIL: Waits = (
    (5, timedelta(seconds=30)),
    (6, timedelta(minutes=1)),
    (7, timedelta(minutes=2)),
    (8, timedelta(minutes=5)),
    (10, timedelta(minutes=15)),
)
# A whole office may share one address.
WAITS_BY_ADDRESS: Waits = (
    (30, timedelta(minutes=1)),
    (60, timedelta(minutes=5)),
    (100, timedelta(minutes=15)),
)


class PasswordError(Refusal, ValueError):
    """The password is not good enough; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Failures:
    """When sign-ins failed, with one e-mail address and from one network address."""

    by_email: Sequence[datetime]
    by_address: Sequence[datetime]


def retry_at(failures: Failures, *, now: datetime) -> datetime | None:
    """When the next try is allowed; None: at once."""
    allowed = [
        _retry_at(failures.by_email, WAITS_BY_EMAIL, now=now),
        _retry_at(failures.by_address, WAITS_BY_ADDRESS, now=now),
    ]
    return max((instant for instant in allowed if instant is not None), default=None)


def check_password(password: str, *, known: Iterable[str] = ()) -> None:
    """Raise PasswordError when it is too short or too long, or one of the `known` words about the user."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordError(
            N_("The password needs at least %(number)s characters."), number=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise PasswordError(
            N_("The password may have at most %(number)s characters."), number=LONGEST_PASSWORD
        )
    if len(set(password)) < _FEWEST_CHARACTERS:
        raise PasswordError(N_("The password repeats too few characters."))
    if password.casefold() in {word.casefold() for word in known}:
        raise PasswordError(
            N_("The password must not be your name, your e-mail address or the one you have.")
        )


def stand_in(user_id: int, away: Mapping[int, int]) -> int:
    """Who works for the user: the user, or when away (`away`: stand-ins by who is away) the stand-in, or theirs.

    Where each stands in for the other, and all are away, the user is left with the work.
    """
    seen, at = {user_id}, user_id
    while at in away:
        at = away[at]
        if at in seen:
            return user_id
        seen.add(at)
    return at


def works_for(user_id: int, away: Mapping[int, int]) -> Sequence[int]:
    """Whose work the user has on a day: the own first, even when away, then that of those stood in for, by id."""
    return [user_id, *sorted(each for each in away if each != user_id and stand_in(each, away) == user_id)]


def _retry_at(failures: Sequence[datetime], waits: Waits, *, now: datetime) -> datetime | None:
    recent = [at for at in failures if now - at < WINDOW]
    wait = max((wait for count, wait in waits if len(recent) >= count), default=timedelta())
    instant = max(recent) + wait if recent else now
    return instant if instant > now else None
