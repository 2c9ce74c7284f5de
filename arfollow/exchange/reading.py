"""Reads the rows of a delimited text file, whatever spreadsheet or ERP wrote it."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

_DELIMITERS = (",", ";", "\t", "|")
_TITLE_ROWS = 40
_LARGEST_CELL = 1_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

csv.field_size_limit(_LARGEST_CELL)


class UnreadableFileError(ValueError):
    """The file is no text file with rows and columns; the message says what it seems to be."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NoHeadingError(UnreadableFileError):
    """No row of the file is a heading that is known; `headings` holds what its first rows look like."""

    def __init__(self, headings: Sequence[Sequence[str]]) -> None:
        super().__init__("no row with the names of its columns was recognised")
        self.headings = headings


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, one for each column of the heading; `line` counts from 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file's heading, as it stands there without spaces around the names, and its rows; blank rows are left out."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str


def read_sheet(content: bytes, is_heading: Callable[[Sequence[str]], bool]) -> Sheet:
    """The rows below the first row that `is_heading`, by the delimiter that makes it one.

    Raise UnreadableFileError, NoHeadingError.
    """
    text, encoding = decode(content)
    for delimiter in _DELIMITERS:
        for cells in _first_rows(text, delimiter):
            if is_heading(cells):
                return _sheet(text, encoding, delimiter, is_heading)
    raise NoHeadingError([row for mark in _DELIMITERS for row in _first_rows(text, mark) if len(row) > 1])


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: what a byte order mark says, else UTF-16, UTF-8 or Windows-1252, whichever it can be."""
    if not content.strip():
        raise UnreadableFileError("the file is empty")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding
    raise UnreadableFileError(
        "this is no text file; save it as CSV in UTF-8 (a spreadsheet offers that under “Save as”)"
    )


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return (encoding,)
    if content[1:2] == b"\x00":
        return ("utf-16-le",)
    if content[:1] == b"\x00":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _first_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = islice(StringIO(text, newline=""), _TITLE_ROWS)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            yield _stripped(cells)
    except csv.Error:
        return


def _sheet(text: str, encoding: str, delimiter: str, is_heading: Callable[[Sequence[str]], bool]) -> Sheet:
    rows = _rows(text, delimiter)
    heading = next(tuple(_stripped(row.cells)) for row in rows if is_heading(_stripped(row.cells)))
    last_is_whole = text.endswith(("\n", "\r"))
    found = [row for row in rows if any(cell.strip() for cell in row.cells)]
    width = len(heading)
    # A program that ends its rows with a delimiter ends all of them so. Where others fit, the thousands' comma of an
    # amount without quotation marks has made one cell two, and pushed a blank one beyond the heading.
    blanks_follow = all(len(row.cells) != width for row in found)
    if found and not last_is_whole and len(found[-1].cells) < width:
        raise UnreadableFileError(
            f"the file ends in the middle of a row: {len(found[-1].cells)} of {width} columns",
            found[-1].line,
        )
    return Sheet(
        heading=heading,
        rows=tuple(_fitted(row, width, blanks_follow=blanks_follow) for row in found),
        encoding=encoding,
        delimiter=delimiter,
    )


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as problem:
        raise UnreadableFileError(
            f"a quoted field does not end as it should ({problem}); is a quotation mark missing?", line
        ) from None


def _fitted(row: Row, width: int, *, blanks_follow: bool) -> Row:
    """The row with exactly the heading's columns: spreadsheets leave out empty cells at the end of a row.

    `blanks_follow`: blank cells beyond the heading are passed over.
    """
    missing = width - len(row.cells)
    if missing > 0:
        return Row(row.line, [*row.cells, *[""] * missing])
    if (missing < 0 and not blanks_follow) or any(cell.strip() for cell in row.cells[width:]):
        raise UnreadableFileError(
            f"the row has {len(row.cells)} columns, the heading only {width}; "
            "does a text hold the delimiter without quotation marks around it?",
            row.line,
        )
    return row if missing == 0 else Row(row.line, row.cells[:width])


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lstrip("\ufeff") for cell in cells]
