"""Keeps numbers that somebody copies by hand on one line: telephone numbers and IBANs, wherever they stand in a text."""

from __future__ import annotations

import re

_IBAN = r"\b[A-Z]{2}\d{2}(?: [0-9A-Z]{4}){2,7}(?: [0-9A-Z]{1,3})?\b"
# From its + or 0 on, and no date; one that is longer than a number can be goes on in the next line.
_PHONE = r"(?<![\w.,/-])(?!\d{1,2}[./-]\d{1,2}[./-])(?:\+\d|\(?0\d)[\d ()/.-]{4,20}\d(?!\w)"
_NUMBER = re.compile(f"{_IBAN}|{_PHONE}")


LONGEST = 43
"""The longest IBAN, in groups."""


def unbroken(text: str, longest: int = LONGEST) -> str:
    """The text with blanks inside such numbers at which no line ends; a number that is longer than the place is wide keeps its own."""

    def joined(number: re.Match[str]) -> str:
        return number[0].replace(" ", "\N{NO-BREAK SPACE}") if len(number[0]) <= longest else number[0]

    return _NUMBER.sub(joined, text)
