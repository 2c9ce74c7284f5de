"""Makes what leaves of a text message: its number and its bytes."""

from __future__ import annotations

import unicodedata

from arfollow.delivery.message import TextMessage
from arfollow.delivery.mime import BadMessageError
from arfollow.values.phones import PhoneError, parse_number
from arfollow.values.texts import parts_of

MOST_PARTS = 10
"""Telephones put longer ones together badly, and each part is paid for."""

_LONGEST_TITLE = 50
_BREAKING = frozenset({"Cc", "Cs"})


class BadNumberError(BadMessageError):
    """There is no number that the text message could go to."""

    def __init__(self, problem: PhoneError | None) -> None:
        why = str(problem) if problem else "There is none."
        super().__init__(f"The customer has no number that text messages can go to. {why}")


class TextLengthError(BadMessageError):
    """The text message is empty, or too long."""

    def __init__(self, parts: int) -> None:
        super().__init__(
            f"The text message would be sent in {parts} parts; at most {MOST_PARTS} are sent."
            if parts
            else "The text message is empty."
        )


def number_of(message: TextMessage) -> str:
    """The number it goes to, as E.164; raise BadNumberError."""
    if not message.to.strip():
        raise BadNumberError(None)
    try:
        return parse_number(message.to, country="")
    except PhoneError as problem:
        raise BadNumberError(problem) from None


def content_of(message: TextMessage) -> bytes:
    """Its text, without blanks around it and without control characters but ends of lines. Raise TextLengthError."""
    lines = [line.rstrip() for line in message.text.strip().splitlines()]
    text = "\n".join("".join(c for c in line if unicodedata.category(c) not in _BREAKING) for line in lines)
    parts = parts_of(text).parts
    if not 0 < parts <= MOST_PARTS:
        raise TextLengthError(parts)
    return text.encode()


def title(text: str) -> str:
    """How the text begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"
