"""Tables as CSV files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain

from flask import Response, stream_with_context

from arfollow.values.money import Money, plain

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Full-width forms too: spreadsheets for Chinese and Japanese read them as the plain ones.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_BYTE_ORDER_MARK = "\ufeff"


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of a CSV file, header first. Text that a spreadsheet would run as a formula gets an apostrophe before it.

    Dates and instants in ISO form, money as a plain decimal without its currency, None as nothing.
    """
    for row in chain([header], rows):
        line = io.StringIO()
        csv.writer(line).writerow([_cell(value) for value in row])
        yield line.getvalue()


def csv_download(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a download that is written while it is read; Excel knows by its first character that it is UTF-8."""
    lines = chain([_BYTE_ORDER_MARK], csv_rows(header, rows))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case Money():
            return plain(value.minor, value.currency)
        case date() | datetime():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
