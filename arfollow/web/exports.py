"""Tables of pages as files: the page's own address with `export` gives all rows of its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import StrEnum
from tempfile import TemporaryFile
from typing import IO, TypeVar
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, request, stream_with_context
from flask_babel import force_locale, get_locale, get_timezone
from sqlalchemy.orm import Session

from arfollow.access import current_scope
from arfollow.database import current_session
from arfollow.spreadsheet import BYTE_ORDER_MARK, PLAIN, Sheet, Style, csv_rows, write_xlsx
from arfollow.web.addresses import url_with

log = structlog.get_logger(__name__)

_T = TypeVar("_T")
_CHUNK = 2**16
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Whatever names the place in a table that is shown in pages: a file holds all of it.
_OF_PAGES = ("page", "before")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


class Kind(StrEnum):
    """What an export is written as: as the reader writes numbers and days, or plainly and in English, for programs."""

    XLSX = "xlsx"
    CSV = "csv"
    PLAIN_XLSX = "plain-xlsx"
    PLAIN_CSV = "plain-csv"

    @property
    def is_plain(self) -> bool:
        """Whether it is for programs."""
        return self in (Kind.PLAIN_XLSX, Kind.PLAIN_CSV)

    @property
    def is_csv(self) -> bool:
        """Whether it is text."""
        return self in (Kind.CSV, Kind.PLAIN_CSV)


def init_exports(app: Flask) -> None:
    """Give templates the addresses that `components/export.html` offers."""
    app.jinja_env.globals.update(export_address=export_address)


def wanted() -> Kind | None:
    """What the request wants the page's table as; None: it wants the page."""
    return request.args.get("export", type=Kind)


def wanted_table() -> str:
    """Which table of a page with several; empty: the first."""
    return request.args.get("table", "")


def export_address(kind: str, table: str = "", path: str = "") -> str:
    """The file's address: this page's with the filters in force, or `path` where this page answers a form."""
    if not path:
        return url_with(export=kind, table=table or None, **dict.fromkeys(_OF_PAGES))
    asked = urlencode({"export": kind, **({"table": table} if table else {})})
    return f"{path}{'&' if '?' in path else '?'}{asked}"


def download(build: Callable[[], Sheet]) -> Response:
    """The table as the file that the request wants. `build` makes it in the file's language; rows are read while it is written."""
    kind = wanted() or Kind.PLAIN_CSV
    with _language(kind):
        sheet = build()
    _log(kind, sheet)
    style = replace(PLAIN, timezone=get_timezone()) if kind.is_plain else _style_of_reader()
    if kind.is_csv:
        lines = _reading(current_session(), _csv(kind, sheet, style))
        response = Response(stream_with_context(lines), mimetype="text/csv")
    else:
        response = Response(_xlsx(kind, sheet, style), mimetype=_XLSX)
    filename = f"{_file_name(sheet.name)}.{'csv' if kind.is_csv else 'xlsx'}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def batches(read: Callable[[int], Sequence[_T]]) -> Iterator[_T]:
    """All rows of a table that is read in pages, counted from 1; an empty one is beyond the last."""
    number = 1
    while rows := read(number):
        yield from rows
        number += 1


def _style_of_reader() -> Style:
    return Style(locale=str(get_locale()), timezone=get_timezone())


def _language(kind: Kind) -> AbstractContextManager[object]:
    # What programs read must not change with who asks for it.
    return force_locale("en") if kind.is_plain else nullcontext()


def _csv(kind: Kind, sheet: Sheet, style: Style) -> Iterator[str]:
    with _language(kind):
        yield BYTE_ORDER_MARK
        yield from csv_rows(sheet.header, sheet.rows, style)


def _reading(session: Session, lines: Iterator[str]) -> Iterator[str]:
    """End what is read meanwhile: the request's own end has been, and nobody else gives the connection back."""
    try:
        yield from lines
    finally:
        session.close()


def _xlsx(kind: Kind, sheet: Sheet, style: Style) -> Iterator[bytes]:
    """A workbook is a ZIP archive, which is complete only at its end: it is written to disk first."""
    file = TemporaryFile()  # noqa: SIM115  # closed by the generator, when the answer has been sent
    with _language(kind):
        write_xlsx(file, sheet, style)
    file.seek(0)
    return _chunks(file)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _file_name(name: str) -> str:
    words = _NOT_IN_NAMES.sub("-", name).strip("-")
    return f"{words}-{current_scope().today.isoformat()}"


def _log(kind: Kind, sheet: Sheet) -> None:
    """Who took which table out of here: reading writes no entry of the chatter, so this stands in the server's log."""
    scope = current_scope()
    log.info(
        "exported",
        user=scope.user_id,
        company=scope.company_id,
        path=request.path,
        kind=kind.value,
        table=sheet.name,
    )
