"""Reads the rows of a delimited text file, whatever spreadsheet or ERP wrote it, and however long it is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from arfollow.exchange.files import File
from arfollow.exchange.texts import Text, UnreadableFileError, text_of
from arfollow.values.refusals import N_, Count

DELIMITERS = (",", ";", "\t", "|")
_TITLE_ROWS = 40
_LARGEST_CELL = 1_000_000
csv.field_size_limit(_LARGEST_CELL)


class NoHeadingError(UnreadableFileError):
    """No row of the file is a heading that is known; `headings` holds what its first rows look like."""

    def __init__(self, headings: Sequence[Sequence[str]]) -> None:
        super().__init__(N_("no row with the names of its columns was recognised."))
        self.headings = headings


class Row(NamedTuple):
    """The cells of a row, one for each column of the heading; `line` counts from 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file is taken apart where somebody says so; None: as it shows.

    `heading_line`: the row that names the columns, whatever it says. `left_out`: the rows that are not read.
    """

    encoding: str | None = None
    delimiter: str | None = None
    heading_line: int | None = None
    left_out: frozenset[int] = frozenset()


AS_IT_SHOWS = Layout()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file's heading, as it stands there without spaces around the names, and how many rows it has."""

    text: Text
    delimiter: str
    heading: tuple[str, ...]
    heading_line: int
    count: int
    left_out: frozenset[int] = frozenset()

    @property
    def rows(self) -> Iterator[Row]:
        """The rows below the heading, read anew each time; blank rows are left out."""
        width = len(self.heading)
        for line, cells in _filled(self.text, self.delimiter):
            if line <= self.heading_line or line in self.left_out:
                continue
            missing = width - len(cells)
            if missing > 0:
                # Spreadsheets leave out empty cells at the end of a row.
                cells.extend([""] * missing)
            yield Row(line, cells if missing >= 0 else cells[:width])


def read_sheet(
    file: File, is_heading: Callable[[Sequence[str]], bool], layout: Layout = AS_IT_SHOWS
) -> Sheet:
    """The rows below the first row that `is_heading`, by the delimiter that makes it one.

    Raise UnreadableFileError, NoHeadingError.
    """
    text = text_of(file, layout.encoding)
    delimiters = (layout.delimiter,) if layout.delimiter else DELIMITERS
    if layout.heading_line is not None:
        return _below(text, delimiters, layout.heading_line, layout.left_out)
    for delimiter in delimiters:
        for cells in first_rows(text, delimiter):
            if is_heading(cells):
                return _sheet(text, delimiter, lambda _, cells: is_heading(cells), layout.left_out)
    raise NoHeadingError([row for mark in delimiters for row in first_rows(text, mark) if len(row) > 1])


def first_rows(text: Text, delimiter: str) -> Iterator[list[str]]:
    """The rows at the beginning of the text, the heading and titles above it among them."""
    with text.open() as opened:
        reader = csv.reader(islice(opened, _TITLE_ROWS), delimiter=delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                yield _stripped(cells)
        except csv.Error:
            return


def numbered_rows(text: Text, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines and cells of the rows at the beginning that are not blank."""
    try:
        for line, cells in islice(_filled(text, delimiter), _TITLE_ROWS):
            yield line, _stripped(cells)
    except UnreadableFileError:
        return


def _below(text: Text, delimiters: Sequence[str], line: int, left_out: frozenset[int]) -> Sheet:
    """The rows below that one, by the delimiter that gives it the most columns."""
    found = []
    for delimiter in delimiters:
        try:
            found.append((next(row for row in _filled(text, delimiter) if row[0] >= line), delimiter))
        except StopIteration:
            raise UnreadableFileError(N_("there is no row %(row)s to name the columns."), row=line) from None
        except UnreadableFileError:
            if delimiter == delimiters[-1] and not found:
                raise
    (heading_line, _), delimiter = max(found, key=lambda each: len(each[0][1]))
    return _sheet(text, delimiter, lambda number, _: number == heading_line, left_out)


def _sheet(
    text: Text,
    delimiter: str,
    is_heading: Callable[[int, Sequence[str]], bool],
    left_out: frozenset[int],
) -> Sheet:
    rows = _filled(text, delimiter)
    line, cells = next(row for row in rows if is_heading(row[0], _stripped(row[1])))
    heading = tuple(_stripped(cells))
    kept = (row for row in rows if row[0] not in left_out) if left_out else rows
    return Sheet(
        text=text,
        delimiter=delimiter,
        heading=heading,
        heading_line=line,
        count=_checked(kept, len(heading), is_whole=text.is_whole),
        left_out=left_out,
    )


def _checked(rows: Iterator[tuple[int, list[str]]], width: int, *, is_whole: bool) -> int:
    """How many rows there are, each of which fits below a heading of that width; raise UnreadableFileError."""
    count, line, size, any_fits = 0, 0, width, False
    too_wide: tuple[int, int] | None = None
    blanks_follow: tuple[int, int] | None = None
    for line, cells in rows:
        count += 1
        size = len(cells)
        if size <= width:
            any_fits = any_fits or size == width
        elif any(cell.strip() for cell in cells[width:]):
            too_wide = too_wide or (line, size)
        else:
            blanks_follow = blanks_follow or (line, size)
    if not is_whole and size < width:
        raise UnreadableFileError(
            N_("the file ends in the middle of a row: %(size)s of %(width)s columns."),
            size=size,
            width=width,
            line=line,
        )
    # A program that ends its rows with a delimiter ends all of them so. Where others fit, the thousands' comma of an
    # amount without quotation marks has made one cell two, and pushed a blank one beyond the heading.
    misfits = [each for each in (too_wide, blanks_follow if any_fits else None) if each is not None]
    if misfits:
        line, size = min(misfits)
        raise UnreadableFileError(
            N_(
                "the row has %(size)s columns, the heading only %(width)s; "
                "does a text hold the delimiter without quotation marks around it?"
            ),
            size=size,
            width=width,
            line=line,
        )
    return count


def _filled(text: Text, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines and cells of all rows that are not blank."""
    with text.open() as opened:
        reader = csv.reader(opened, delimiter=delimiter, skipinitialspace=True, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as problem:
            if "field larger" in str(problem):
                raise UnreadableFileError(
                    N_("column %(column)s holds more than %(most)s characters; is a quotation mark missing?"),
                    column=_too_long(text, delimiter, line),
                    most=Count(_LARGEST_CELL),
                    line=line,
                ) from None
            raise UnreadableFileError(
                N_("a quoted field does not end as it should (%(why)s); is a quotation mark missing?"),
                why=str(problem),
                line=line,
            ) from None


def _too_long(text: Text, delimiter: str, line: int) -> int:
    """Which column of the row has a cell that is longer than any."""
    column, length, quoted = 1, 0, False
    with text.open() as opened:
        for character in chain.from_iterable(islice(opened, line - 1, None)):
            length += 1
            if character == '"':
                quoted = not quoted
            elif character == delimiter and not quoted:
                column, length = column + 1, 0
            elif length > _LARGEST_CELL:
                break
    return column


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lstrip("\ufeff") for cell in cells]
