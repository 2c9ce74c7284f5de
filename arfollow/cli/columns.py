"""Text in columns, for people who read a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from unicodedata import combining, east_asian_width


def in_columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> Iterator[str]:
    """A line for each row, cells below each other; those of the columns `right` (from 0) at their right edge."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            _padded(cell, width, right=index in right)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _padded(cell: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if right else cell + blanks


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if east_asian_width(c) in "WF" else 0 if combining(c) else 1 for c in text)
