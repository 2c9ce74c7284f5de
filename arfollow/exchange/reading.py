"""Reads the rows of a delimited text file, whatever spreadsheet or ERP wrote it, and however long it is."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from typing import NamedTuple

from arfollow.exchange.files import CHUNK, File

DELIMITERS = (",", ";", "\t", "|")
_TITLE_ROWS = 40
_LARGEST_CELL = 1_000_000
ENCODINGS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
    "cp850": "DOS (850)",
}
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


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text; `is_whole`: its last line has an end."""

    file: File
    encoding: str
    is_whole: bool = True

    def open(self) -> TextIOWrapper:
        """The text from the beginning, its line ends as they are."""
        return TextIOWrapper(self.file.open(), encoding=self.encoding, newline="")


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


def text_of(file: File, encoding: str | None = None) -> Text:
    """The file as text: in that encoding, else in what its byte order mark says, else UTF-16, UTF-8 or Windows-1252.

    Raise UnreadableFileError.
    """
    with file.open() as opened:
        beginning = opened.read(4)
        if not beginning.strip() and not any(
            chunk.strip() for chunk in iter(lambda: opened.read(CHUNK), b"")
        ):
            raise UnreadableFileError("the file is empty")
    for each in (encoding,) if encoding else _encodings(beginning):
        try:
            is_text, is_whole = _looked_through(Text(file, each))
        except UnicodeError:
            continue
        if not is_text:
            break
        if each == "cp1252" and encoding is None:
            _refuse_mixture(file)
        return Text(file, each, is_whole)
    if encoding:
        raise UnreadableFileError(
            f"the file is not in {ENCODINGS.get(encoding, encoding)}; choose another encoding"
        )
    raise UnreadableFileError(
        "this is no text file; save it as CSV in UTF-8 (a spreadsheet offers that under “Save as”)"
    )


def _refuse_mixture(file: File) -> None:
    """Raise UnreadableFileError when lines beyond ASCII are partly UTF-8 and partly not: read in one of both, names would be wrong."""
    utf8: int | None = None
    other: int | None = None
    with file.open() as opened:
        for number, line in enumerate(opened, 1):
            if line.isascii():
                continue
            try:
                line.decode()
                utf8 = utf8 or number
            except UnicodeDecodeError:
                other = other or number
            if utf8 and other:
                raise UnreadableFileError(
                    f"row {utf8} is in UTF-8 and this one is not; save the file anew, all of it in UTF-8",
                    other,
                )


def _encodings(beginning: bytes) -> tuple[str, ...]:
    for mark, encoding in _BOMS:
        if beginning.startswith(mark):
            return (encoding,)
    if beginning[1:2] == b"\x00":
        return ("utf-16-le",)
    if beginning[:1] == b"\x00":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _looked_through(text: Text) -> tuple[bool, bool]:
    """Whether it is text all through, and whether its last line has an end; raise UnicodeDecodeError."""
    chunk = ""
    with text.open() as opened:
        for chunk in iter(lambda: opened.read(CHUNK), ""):
            if "\x00" in chunk:
                return False, False
    return True, chunk.endswith(("\n", "\r"))


def first_rows(text: Text, delimiter: str) -> Iterator[list[str]]:
    """The rows at the beginning of the text, the heading and titles above it among them."""
    with text.open() as opened:
        reader = csv.reader(islice(opened, _TITLE_ROWS), delimiter=delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                yield _stripped(cells)
        except csv.Error:
            return


def _below(text: Text, delimiters: Sequence[str], line: int, left_out: frozenset[int]) -> Sheet:
    """The rows below that one, by the delimiter that gives it the most columns."""
    found = []
    for delimiter in delimiters:
        try:
            found.append((next(row for row in _filled(text, delimiter) if row[0] >= line), delimiter))
        except StopIteration:
            raise UnreadableFileError(f"there is no row {line} to name the columns") from None
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
        raise UnreadableFileError(f"the file ends in the middle of a row: {size} of {width} columns", line)
    # A program that ends its rows with a delimiter ends all of them so. Where others fit, the thousands' comma of an
    # amount without quotation marks has made one cell two, and pushed a blank one beyond the heading.
    misfits = [each for each in (too_wide, blanks_follow if any_fits else None) if each is not None]
    if misfits:
        line, size = min(misfits)
        raise UnreadableFileError(
            f"the row has {size} columns, the heading only {width}; "
            "does a text hold the delimiter without quotation marks around it?",
            line,
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
                raise UnreadableFileError(_too_long(text, delimiter, line), line) from None
            raise UnreadableFileError(
                f"a quoted field does not end as it should ({problem}); is a quotation mark missing?", line
            ) from None


def _too_long(text: Text, delimiter: str, line: int) -> str:
    """What to say of the row in which a cell is longer than any."""
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
    return f"column {column} holds more than {_LARGEST_CELL:,} characters; is a quotation mark missing?"


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lstrip("\ufeff") for cell in cells]
