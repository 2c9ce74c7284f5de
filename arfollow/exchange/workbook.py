"""Turns a sheet of a workbook into a table of text, in a process of its own.

A workbook of a kilobyte can unpack to gigabytes, or claim a cell in its millionth row. What such a one does to its reader,
it does to a process that may use so much memory and time, and no more.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile

from arfollow.values.refusals import N_, Count, Refusal

MOST_ROWS = 250_000
LARGEST_TEXT = 200 * 2**20
_UNPACKED = 600 * 2**20
_MEMORY = 2 * 2**30
_SECONDS, _PATIENCE = 60, 180
_MAGIC = b"PK\x03\x04"
_DIGITS = 15
"""Significant digits of a number, as a spreadsheet shows it: 0.1 + 0.2 is 0.3."""
# A line break in a cell: a row of the table is a line of the text, so that rows are counted as the spreadsheet does.
_BREAK = "\x0b"


_TOO_MUCH = N_(
    "This workbook takes too much memory or time to read. Save the sheet as CSV, or leave out what is empty."
)
_NONE = N_("This is no workbook that can be read; save it as CSV or XLSX.")


class WorkbookError(Refusal, ValueError):
    """The file is no workbook that can be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetText:
    """One sheet as CSV in UTF-8 with commas, and the names of all sheets."""

    sheets: tuple[str, ...]
    sheet: str
    text: bytes


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a packed workbook rather than text."""
    return content.startswith(_MAGIC)


def read_workbook(content: bytes, sheet: str = "") -> SheetText:
    """The sheet of that name, else the first that has rows; raise WorkbookError."""
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(content)
        given.flush()
        _check_size(given)
        given.seek(0)
        ended = _run(sheet, given, made)
        if ended.returncode:
            raise _why(ended)
        made.seek(0)
        names = json.loads(made.readline())
        return SheetText(sheets=tuple(names["sheets"]), sheet=names["sheet"], text=made.read())


def _run(sheet: str, given: IO[bytes], made: IO[bytes]) -> subprocess.CompletedProcess[bytes]:
    # Our own module, run by our own Python; the name of the sheet is an argument, not a command.
    command = [sys.executable, "-m", "arfollow.exchange.workbook", sheet]
    try:
        return subprocess.run(  # noqa: S603 - see above
            command, stdin=given, stdout=made, stderr=subprocess.PIPE, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError(_TOO_MUCH) from None


def _check_size(file: Iterable[bytes]) -> None:
    try:
        with ZipFile(file) as packed:  # type: ignore[call-overload]  # its stubs know fewer kinds of file
            size = sum(each.file_size for each in packed.infolist())
    except (BadZipFile, OSError, ValueError):
        raise WorkbookError(_NONE) from None
    if size > _UNPACKED:
        raise WorkbookError(
            N_("Unpacked, this workbook has %(size)s megabytes; at most %(most)s are read."),
            size=Count(size >> 20),
            most=_UNPACKED >> 20,
        )


def _why(ended: subprocess.CompletedProcess[bytes]) -> WorkbookError:
    said = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if ended.returncode == _REFUSED and said:
        message, values = json.loads(said)
        return WorkbookError(message, **{name: Count(each) for name, each in values.items()})
    return WorkbookError(_TOO_MUCH)


_REFUSED = 3


def _main(wanted: str) -> None:
    _limit()
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(sys.stdin.buffer)
        names = [each for each in book.sheet_names if each]
        sheets = map(book.get_sheet_by_name, [wanted] if wanted in names else names)
        # Each is taken apart once: in a large workbook that is what takes the time.
        sheet = next((each for each in sheets if each.height), None)
        if sheet is None:
            raise WorkbookError(N_("This workbook has no rows."))
        _check_rows(sheet.total_height)
        _write(names, sheet.name, sheet.iter_rows())
    except (CalamineError, OSError, ValueError) as problem:
        refusal = problem if isinstance(problem, WorkbookError) else WorkbookError(_NONE)
        sys.stderr.write(json.dumps([refusal.message, refusal.values]))
        sys.exit(_REFUSED)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_TEXT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _check_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise WorkbookError(
            N_("The sheet has %(rows)s rows; at most %(most)s are read from a workbook."),
            rows=Count(count),
            most=Count(MOST_ROWS),
        )


def _write(names: Sequence[str], name: str, rows: Iterator[Sequence[object]]) -> None:
    """All rows from the first one on, blank ones too, so that a row has the number that the spreadsheet gives it."""
    out = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    out.write(json.dumps({"sheets": names, "sheet": name}) + "\n")
    csv.writer(out, lineterminator="\n").writerows(map(_text, row) for row in rows)
    out.flush()


def _text(value: object) -> str:
    match value:
        case str():
            return value if value.isprintable() else _one_line(value)
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case _:
            return "" if value is None else str(value)


def _one_line(text: str) -> str:
    return text.replace("\r\n", _BREAK).replace("\n", _BREAK).replace("\r", _BREAK).replace("\0", "")


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    short = repr(value)
    if len(short) <= _DIGITS and "e" not in short:
        return short
    return format(Decimal(format(value, f".{_DIGITS}g")).normalize(), "f")


if __name__ == "__main__":
    _main(sys.argv[1] if len(sys.argv) > 1 else "")
