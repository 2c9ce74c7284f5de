"""Signatures by which machines that share a secret know each other's requests."""

from __future__ import annotations

import hashlib
import hmac
import re

WINDOW_SECONDS = 300
"""A request that was signed longer ago, or that far ahead, is not taken: clocks differ, and what is old may be a copy."""

_SECONDS = re.compile(r"[0-9]{1,12}")


def signature(secret: str, *, kind: str, at: int, body: bytes) -> str:
    """The signature of a body: HMAC-SHA256 over `KIND.SECONDS.` and its bytes, in hex.

    `kind`: what the request is for, so that one for one thing is none for another; `at`: when it was signed, in seconds since 1970.
    """
    signed = f"{kind}.{at}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_genuine(secret: str, *, kind: str, at: str, given: str, body: bytes, now: int) -> bool:
    """Whether somebody who knows the secret signed this body for this within the last minutes. Without a secret nobody did."""
    if not secret or not _SECONDS.fullmatch(at) or abs(now - int(at)) > WINDOW_SECONDS:
        return False
    wanted = signature(secret, kind=kind, at=int(at), body=body)
    return hmac.compare_digest(wanted.encode(), given.encode())
