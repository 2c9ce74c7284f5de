"""The payment code that European banking apps read. Source: European Payments Council, EPC069-12 v3.1."""

from __future__ import annotations

from arfollow.values.money import plain

HIGHEST = 99_999_999_999
"""The largest amount of a code, in cents."""
SEPA = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA".split()
)
"""Countries whose IBANs take credit transfers in euros."""

_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_MOST_BYTES = 331


def epc_text(*, name: str, iban: str, bic: str, minor: int, text: str) -> str:
    """What the code says: version 002, UTF-8, euros; empty where the account or the amount cannot be in one.

    `text` is what the recipient reads on its bank statement. Name and text are cut to what the standard takes.
    """
    if iban[:2] not in SEPA or not 0 < minor <= HIGHEST or not name.strip():
        return ""
    before = f"BCD\n002\n1\nSCT\n{bic}\n"
    # Purpose and structured reference stay empty.
    after = "\n".join(["", iban, f"EUR{plain(minor, 'EUR')}", "", "", ""])
    start = before + _within(_line(name, _LONGEST_NAME), _MOST_BYTES - len((before + after).encode())) + after
    said = _within(_line(text, _LONGEST_TEXT), _MOST_BYTES - len(start.encode()))
    return (start + said).rstrip("\n")


def _within(text: str, most: int) -> str:
    """As much of the text's beginning as has so many bytes at most."""
    return text.encode()[:most].decode(errors="ignore").strip()


def _line(text: str, longest: int) -> str:
    """The text on one line: a line more would be another field."""
    return " ".join(text.split())[:longest].strip()
