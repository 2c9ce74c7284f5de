"""Tables as CSV and XLSX files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import chain
from typing import Any, BinaryIO

import xlsxwriter
from babel import Locale
from babel.dates import format_date

from arfollow.values.days import numeric_day_pattern
from arfollow.values.money import Money, decimals, plain

BYTE_ORDER_MARK = "\ufeff"
"""What a CSV file begins with so that Excel knows it for UTF-8."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Full-width forms too: spreadsheets for Chinese and Japanese read them as the plain ones.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_ROWS_OF_A_SHEET = 2**20
_LONGEST_TEXT = 32_767
_FIRST_YEAR = 1900
# Beyond that many digits a spreadsheet rounds.
_EXACT = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to be written. `name`: of the file; each row has a value for each heading.

    Values: text, whole numbers, money (without its currency, which is a column's or a heading's), dates, instants, None.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How numbers and days are written: as readers of the locale do, or plainly (None): decimal point, ISO dates, commas between.

    Instants are in the time zone.
    """

    locale: str | None = None
    timezone: tzinfo = UTC

    @property
    def decimal_mark(self) -> str:
        """What stands before the decimals."""
        return str(Locale.parse(self.locale).number_symbols["latn"]["decimal"]) if self.locale else "."

    @property
    def delimiter(self) -> str:
        """What stands between the cells of a CSV file: where the comma is taken, a semicolon, as spreadsheets there expect."""
        return ";" if self.decimal_mark == "," else ","

    @property
    def day_pattern(self) -> str:
        """A day in figures, as CLDR writes patterns."""
        return numeric_day_pattern(self.locale) if self.locale else "yyyy-MM-dd"


PLAIN = Style()


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]], style: Style = PLAIN) -> Iterator[str]:
    """Lines of a CSV file, header first. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    cell = _Cells(style)
    for row in chain([header], rows):
        line = io.StringIO()
        csv.writer(line, delimiter=cell.delimiter).writerow([cell(value) for value in row])
        yield line.getvalue()


def write_xlsx(target: BinaryIO, sheet: Sheet, style: Style = PLAIN) -> None:
    """Write the table as a workbook, in memory that does not grow with it. Amounts are numbers and days are dates.

    Text is always text, and one that looks like a formula stays so when somebody edits its cell. What a sheet does not hold
    goes on in the next one.
    """
    options = {"constant_memory": True, "default_date_format": _excel(style.day_pattern)}
    with xlsxwriter.Workbook(target, options) as workbook:
        writer = _Writer(workbook, sheet.header, style)
        for row in sheet.rows:
            writer.write(row)


class _Cells:
    """Values as the cells of a CSV file."""

    def __init__(self, style: Style) -> None:
        self.delimiter = style.delimiter
        self._style = style
        self._decimal_mark = style.decimal_mark
        self._pattern = style.day_pattern

    def __call__(self, value: object) -> str:
        match value:
            case None:
                return ""
            case Money():
                return plain(value.minor, value.currency).replace(".", self._decimal_mark)
            case datetime():
                return self._instant(value.astimezone(self._style.timezone))
            case date():
                return _written_day(value, self._pattern, self._style.locale or "en")
            case _:
                text = str(value)
                return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text

    def _instant(self, value: datetime) -> str:
        return f"{self(value.date())} {value:%H:%M}" if self._style.locale else value.isoformat()


class _Writer:
    """Writes rows into a workbook, with a format for each kind of value."""

    def __init__(self, workbook: Any, header: Sequence[str], style: Style) -> None:
        self._workbook, self._header, self._style = workbook, header, style
        pattern = _excel(style.day_pattern)
        self._bold = workbook.add_format({"bold": True, "bottom": 1})
        self._quoted = workbook.add_format({"quote_prefix": True})
        self._day = workbook.add_format({"num_format": pattern, "align": "right"})
        self._instant = workbook.add_format({"num_format": f"{pattern} hh:mm", "align": "right"})
        self._amounts: dict[int, Any] = {}
        self._begin()

    def write(self, row: Sequence[object]) -> None:
        """Write the next row."""
        if self._row == _ROWS_OF_A_SHEET:
            self._begin()
        for column, value in enumerate(row):
            self._write(column, value)
        self._row += 1

    def _begin(self) -> None:
        self._sheet = self._workbook.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(self._header):
            self._sheet.set_column(column, column, max(13, len(heading) + 2))
            self._sheet.write_string(0, column, heading, self._bold)
        self._row = 1

    def _write(self, column: int, value: object) -> None:
        match value:
            case None:
                pass
            case Money() if abs(value.minor) < _EXACT:
                number = float(plain(value.minor, value.currency))
                self._sheet.write_number(self._row, column, number, self._amount(value.currency))
            case bool():
                self._text(column, str(value))
            case int() if abs(value) < _EXACT:
                self._sheet.write_number(self._row, column, value)
            case datetime():
                local = value.astimezone(self._style.timezone).replace(tzinfo=None)
                self._sheet.write_datetime(self._row, column, local, self._instant)
            case date() if value.year >= _FIRST_YEAR:
                self._sheet.write_datetime(self._row, column, value, self._day)
            case Money():
                self._text(column, plain(value.minor, value.currency))
            case _:
                self._text(column, str(value))

    def _text(self, column: int, text: str) -> None:
        if text:
            quoted = self._quoted if _FORMULA.match(text) else None
            self._sheet.write_string(self._row, column, text[:_LONGEST_TEXT], quoted)

    def _amount(self, currency: str) -> Any:
        places = decimals(currency)
        if places not in self._amounts:
            zeros = "." + "0" * places if places else ""
            self._amounts[places] = self._workbook.add_format({"num_format": f"#,##0{zeros}"})
        return self._amounts[places]


@lru_cache(maxsize=4096)
def _written_day(day: date, pattern: str, locale: str) -> str:
    """Thousands of rows have a few hundred days between them."""
    return format_date(day, pattern, locale=locale)


def _excel(pattern: str) -> str:
    """A CLDR pattern of figures as Excel writes it: `dd.MM.yyyy` is `dd.mm.yyyy`."""
    return pattern.replace("M", "m").replace("'", '"')
