"""What changed between two texts, word by word, for people who are no programmers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

from arfollow.levels.drafts import WordingDraft

# What stands between brackets is one word: half a variable says nothing.
_WORDS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is the same on both sides."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a wording before and after; together the pieces of a side are its text."""

    field: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return any(piece.is_changed for piece in (*self.before, *self.after))


def differences(before: WordingDraft, after: WordingDraft) -> tuple[Difference, ...]:
    """Each field of the two wordings, in their order."""
    return tuple(
        _difference(each.name, getattr(before, each.name), getattr(after, each.name))
        for each in fields(after)
    )


def _difference(field: str, before: str, after: str) -> Difference:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Difference(
        field,
        tuple(_joined(_pieces(old, [(kind, start, end) for kind, start, end, _, _ in steps]))),
        tuple(_joined(_pieces(new, [(kind, start, end) for kind, _, _, start, end in steps]))),
    )


def _pieces(words: Sequence[str], steps: Sequence[tuple[str, int, int]]) -> list[Piece]:
    return [Piece("".join(words[start:end]), kind != "equal") for kind, start, end in steps if end > start]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with a blank between two changed words counted as changed: one mark for what was one change."""
    changed = [
        piece.is_changed or (not piece.text.strip() and 0 < at < len(pieces) - 1)
        for at, piece in enumerate(pieces)
    ]
    for is_changed, run in groupby(zip(changed, pieces, strict=True), key=itemgetter(0)):
        yield Piece("".join(piece.text for _, piece in run), is_changed)
