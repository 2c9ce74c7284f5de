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
    head = ["BCD", "002", "1", "SCT", bic, _line(name, _LONGEST_NAME), iban, f"EUR{plain(minor, 'EUR')}"]
    # Purpose and structured reference stay empty.
    start = "\n".join([*head, "", "", ""])
    said = _line(text, _LONGEST_TEXT)
    while len((start + said).encode()) > _MOST_BYTES:
        said = said[:-1]
    return (start + said).rstrip("\n")


def _line(text: str, longest: int) -> str:
    """The text on one line: a line more would be another field."""
    return " ".join(text.split())[:longest].strip()
