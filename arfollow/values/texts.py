"""Text messages: how their characters travel, in how many parts, and the word that one begins with."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from arfollow.values.folding import fold

# Source: 3GPP TS 23.038, 6.2.1 (the alphabet) and 6.2.1.1 (its extension, two units each).
_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
# Source: 3GPP TS 23.040, 9.2.3.24.1: what is left of 140 bytes, alone and beside the header of a part.
_ALONE = {"GSM-7": 160, "UCS-2": 70}
_IN_PARTS = {"GSM-7": 153, "UCS-2": 67}
_WORD = re.compile(r"\w+")
_STOPS = frozenset(
    map(fold, "stop stopp stopall unsubscribe abmelden arrêt arret arrêter désabonner".split())
)


class Encoding(StrEnum):
    """How the characters of a text message travel."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


class Parts(NamedTuple):
    """How a text message travels, and in how many parts, each of which is paid for; an empty one has none."""

    encoding: Encoding
    parts: int


def parts_of(text: str) -> Parts:
    """How the text travels. One character outside the small alphabet makes all of them twice as long."""
    encoding = Encoding.GSM_7 if set(text) <= _ALPHABET | _EXTENSION else Encoding.UCS_2
    lengths = [_units(each, encoding) for each in text]
    if sum(lengths) <= _ALONE[encoding]:
        return Parts(encoding, 1 if text else 0)
    return Parts(encoding, _filled(lengths, _IN_PARTS[encoding]))


def word_of(text: str) -> str:
    """The first word, in small letters; empty where there is none."""
    found = _WORD.search(text)
    return found[0].casefold() if found else ""


def asks_to_stop(text: str) -> bool:
    """Whether the sender wants no more text messages: it consists of nothing but a word that says so."""
    words = _WORD.findall(text)
    return len(words) == 1 and fold(words[0]) in _STOPS


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if character in _EXTENSION else 1
    return len(character.encode("utf-16-be", "surrogatepass")) // 2


def _filled(lengths: list[int], room: int) -> int:
    """So many parts: a character of two units is never cut in two."""
    parts, left = 1, room
    for each in lengths:
        if each > left:
            parts, left = parts + 1, room
        left -= each
    return parts
