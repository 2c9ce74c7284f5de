"""Password hashes."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# argon2id with 46 MiB and one pass: some 30 ms, and little memory a sign-in. Source: OWASP, Password Storage.
HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
# Letters and digits that nobody mistakes for one another, on paper or over the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The argon2id hash to keep, with its parameters and salt."""
    return HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hash's; takes as long for None (there is no such user) as for a wrong one."""
    try:
        HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def make_one_time_password() -> str:
    """Sixteen characters in groups of four, with 79 bits of chance."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def make_session_key() -> str:
    """A new part of a user's sessions."""
    return secrets.token_urlsafe(16)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(16))
