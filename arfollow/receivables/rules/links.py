"""Signed links: what a customer opens by one, and how its token is made.

The token is the HMAC of the row's random nonce under the secret key: a message that is rendered twice has the same address,
and neither the database alone nor the key alone gives one. Kept is the token's SHA-256, by which it is found.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from enum import StrEnum

DAYS = 90
"""How long a link lives, unless whoever issues it says otherwise."""

TOKEN_LENGTH = 43
"""Characters of a token: 256 bits, six in each."""


class Page(StrEnum):
    """What a link opens."""

    STATEMENT = "statement"
    PAY = "pay"
    PROMISE = "promise"
    DISPUTE = "dispute"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    SURVEY = "survey"
    CONFIRM = "confirm"


class LinkState(StrEnum):
    """Whether a link still opens its page."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def token_of(nonce: str, *, key: str) -> str:
    """The token of the link with that nonce; letters, digits, `-` and `_`."""
    signature = hmac.digest(key.encode(), f"signed link:{nonce}".encode(), "sha256")
    return urlsafe_b64encode(signature).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_click(address: str) -> str:
    """What `List-Unsubscribe` names beside `List-Unsubscribe-Post: List-Unsubscribe=One-Click`, of a link to unsubscribe.

    Source: RFC 8058, section 3.1.
    """
    return f"{address}/one-click"
