"""What the shipped fonts cannot print: on paper it would be an empty box, so it is said before."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from arfollow.statements.facts import Creditor, LetterFacts

# The folders of fonts.conf.
_FOLDERS = (
    Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts",
    Path("/usr/local/share/fonts/arfollow"),
)
_LINE_ENDS = "\t\n\r"
# Format characters and blanks leave no mark of their own.
_MARKLESS = frozenset({"Cf", "Zs", "Zl", "Zp"})
_VARIANTS = range(0xFE00, 0xFE10)
_SHOWN = 8


def unprintable(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters that no font has, each once and in order; control characters among them."""
    found: dict[str, None] = {}
    for text in texts:
        # Nearly every text: all fonts have these.
        if text.isascii() and text.isprintable():
            continue
        for character in dict.fromkeys(unicodedata.normalize("NFC", text)):
            if not _is_printable(character):
                found[character] = None
    return tuple(found)


def listed(characters: Iterable[str]) -> str:
    """The characters for a sentence: `王 李 …`; control characters by their number, such as U+0007."""
    each = tuple(characters)
    shown = [
        f"U+{ord(one):04X}" if unicodedata.category(one).startswith("C") else one for one in each[:_SHOWN]
    ]
    return " ".join([*shown, "…"] if len(each) > _SHOWN else shown)


def letter_texts(facts: LetterFacts) -> Iterable[str]:
    """Every text of a letter that people wrote, and no words of the program."""
    creditor, statement = facts.creditor, facts.statement
    yield from (facts.title, facts.customer_number, facts.customer_name, *facts.address, *facts.paragraphs)
    yield from (facts.our_contact.name, facts.our_contact.phone, facts.our_contact.email)
    yield from letterhead_texts(creditor)
    for block in statement.blocks:
        for row in (*block.overdue, *block.not_due):
            yield from (row.invoice, row.reference)
        yield from (credit.number for credit in block.credits)


def letterhead_texts(creditor: Creditor) -> Iterable[str]:
    """The texts of the company's own letterhead."""
    yield from (creditor.name, *creditor.address, creditor.phone, creditor.email, creditor.website)
    yield from (creditor.vat, creditor.sender_line, creditor.contact_line)
    yield from (creditor.footer_left, creditor.footer_middle, creditor.footer)
    for bank in creditor.banks:
        yield from (bank.holder, bank.bank, bank.account)


def _is_printable(character: str) -> bool:
    category = unicodedata.category(character)
    # What a font has for private use is not what somebody else meant by it.
    return category != "Co" and (
        category in _MARKLESS
        or character in _LINE_ENDS
        or ord(character) in _VARIANTS
        or ord(character) in _covered()
    )


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """The code points of all fonts; bold ones have the same as their regular."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for folder in _FOLDERS:
        for path in sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")]):
            if "Bold" not in path.stem:
                with TTFont(path, lazy=True) as font:
                    covered.update(font.getBestCmap() or ())
    return frozenset(covered)
