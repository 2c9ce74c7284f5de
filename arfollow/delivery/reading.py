"""Reads a stored e-mail for showing it."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy

_SHOWN = ("From", "Reply-To", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")


@dataclass(frozen=True, kw_only=True)
class ReadEmail:
    """What an e-mail says: its headers as (name, value), decoded, and its plain text."""

    headers: tuple[tuple[str, str], ...]
    text: str


def read_email(content: bytes) -> ReadEmail:
    """The e-mail of these bytes; what it lacks is left out."""
    email = message_from_bytes(content, policy=policy.default)
    body = email.get_body(("plain",))
    return ReadEmail(
        headers=tuple((name, str(email[name])) for name in _SHOWN if name in email),
        text=body.get_content() if body is not None else "",
    )
