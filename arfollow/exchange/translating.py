"""Turns files into rows of customers, invoices, payments, credit notes and events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from arfollow.exchange.amounts import DecimalMark
from arfollow.exchange.cells import PLACEHOLDER, Cells, Source
from arfollow.exchange.columns import column_names
from arfollow.exchange.customer_rows import read_customers
from arfollow.exchange.dates import DateOrder
from arfollow.exchange.event_rows import read_events
from arfollow.exchange.files import File
from arfollow.exchange.formats import CANONICAL, Format, nearest, recognise
from arfollow.exchange.invoice_rows import read_invoices
from arfollow.exchange.mapping import shipped_mappings
from arfollow.exchange.own_columns import wrong_names
from arfollow.exchange.payment_rows import read_payments
from arfollow.exchange.problems import Place, Problems
from arfollow.exchange.reading import (
    AS_IT_SHOWS,
    Layout,
    NoHeadingError,
    Row,
    Sheet,
    read_sheet,
)
from arfollow.exchange.rows import Into
from arfollow.exchange.staging import Staging
from arfollow.exchange.texts import UnreadableFileError
from arfollow.values.refusals import N_, Count, Quoted, Remark, remark

Progress = Callable[[str, Iterable[Row], int], Iterable[Row]]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are to be read; None: as they show. `open_items`: they list what is open, credits too.

    `saved`: further formats that are recognised by their headings, before those that come along.
    """

    mapping: Format | None = None
    saved: Sequence[Format] = ()
    layout: Layout = AS_IT_SHOWS
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    open_items: bool = False


def read_files(
    files: Iterable[tuple[File, Reading]], problems: Problems, *, progress: Progress | None = None
) -> Staging:
    """The rows of all files; what cannot be read is added to the problems."""
    rows = Staging()
    for file, reading in files:
        with telling(problems, file):
            _read_file(file, reading, problems, rows, progress=progress)
    rows.finish()
    return rows


@contextmanager
def telling(problems: Problems, file: File) -> Iterator[None]:
    """What cannot be read as rows and columns becomes a problem of the file."""
    try:
        yield
    except UnreadableFileError as problem:
        message = remark(problem)
        if problem.line is None:
            problems.about_file(file.name, message)
        else:
            problems.about(Place(file.name, problem.line), "", message)


def _read_file(
    file: File, reading: Reading, problems: Problems, rows: Staging, *, progress: Progress | None
) -> None:
    cells = open_cells(file, reading, problems)
    rows.notes += notes_about(cells, reading)
    wanted = _wanted(cells, rows)
    if cells.form.customer:
        read_customers(cells, _rows(cells.sheet, wanted), rows)
    found = _rows(cells.sheet, wanted)
    tracked = progress(file.name, found, cells.sheet.count) if progress else found
    read_entries(cells, tracked, rows, reading)


def open_cells(file: File, reading: Reading, problems: Problems, sheet: Sheet | None = None) -> Cells:
    """The file's rows under its format; raise UnreadableFileError. What is wrong with its columns is a problem.

    `sheet`: what `read_sheet` gives for the file, if somebody has it already.
    """
    formats = [reading.mapping] if reading.mapping else [*reading.saved, *shipped_mappings(), *CANONICAL]
    try:
        sheet = sheet or read_sheet(file, lambda cells: recognise(formats, cells) is not None, reading.layout)
    except NoHeadingError as problem:
        raise _no_heading(formats, problem.headings) from None
    form = recognise(formats, sheet.heading)
    if form is None:
        raise _no_heading(formats, [sheet.heading])
    form = form.opened(sheet.heading)
    for name in _doubled(sheet, form):
        problems.about_file(
            file.name, Remark(N_("there is more than one column %(name)s."), name=Quoted(name))
        )
    for name in wrong_names(form):
        problems.about_file(file.name, name)
    if reading.open_items and form.payment and not form.invoice:
        message = N_("these are payments; a list of open items names invoices and credits.")
        problems.about_file(file.name, Remark(message))
    return Cells(
        file=file.name,
        sheet=sheet,
        form=form,
        problems=problems,
        date_order=reading.date_order,
        decimal_mark=reading.decimal_mark,
    )


def read_entries(cells: Cells, rows: Iterable[Row], into: Into, reading: Reading) -> None:
    """Add the invoices, credits, payments or events of these rows."""
    if cells.form.invoice:
        read_invoices(cells, rows, into, open_items=reading.open_items)
    elif cells.form.payment:
        read_payments(cells, rows, into)
    elif cells.form.event:
        read_events(cells, rows, into)


def notes_about(cells: Cells, reading: Reading) -> list[str]:
    """What a reader should know of how the file is read."""
    return [*_column_notes(cells.file, cells.sheet, cells.form, reading)]


def _column_notes(file: str, sheet: Sheet, form: Format, reading: Reading) -> Iterator[str]:
    if sheet.text.encoding == "cp1252":
        yield Remark(N_("%(file)s is not in UTF-8; it was read as Windows-1252."), file=file)
    if not sheet.count:
        yield Remark(N_("%(file)s has a heading and no rows."), file=file)
    if not sheet.text.is_whole and sheet.count:
        yield Remark(
            N_(
                "%(file)s: its last row has no line end; if the file was cut off, the row's last cell is not whole."
            ),
            file=file,
        )
    if sheet.left_out:
        rows = ", ".join(map(str, sorted(sheet.left_out)))
        yield Remark(N_("%(file)s: left out as chosen: row %(rows)s."), file=file, rows=rows)
    known = _read_columns(form) | {name.casefold() for name in form.ignored}
    numbered = dict(zip(column_names(sheet.heading), sheet.heading, strict=True))
    for each, name in numbered.items():
        if name and not {name.casefold(), each.casefold()} & known:
            message = N_("%(file)s: the column %(name)s is not known; it was not read.")
            yield Remark(message, file=file, name=Quoted(name))
        elif name == "open_amount" and form.is_canonical and not reading.open_items:
            message = N_("%(file)s: the column %(name)s is read only from a list of open items.")
            yield Remark(message, file=file, name=Quoted(name), command="For one say --open-items.")


def _doubled(sheet: Sheet, form: Format) -> list[str]:
    counts = Counter(name.casefold() for name in sheet.heading)
    return sorted(name for name in _read_columns(form) if counts[name] > 1)


def _read_columns(form: Format) -> set[str]:
    parts = (form.customer, form.invoice, form.payment, form.event)
    sources = [source for part in parts for source in part.values()]
    named = [column for source in sources for column in PLACEHOLDER.findall(source) or [source]]
    return {name.casefold() for name in (*named, *form.only, *form.heading)}


def _wanted(cells: Cells, rows: Staging) -> Sequence[tuple[Source, Collection[str]]]:
    """The columns and their values that the format's `only` lets through; how many rows it leaves out is noted."""
    wanted: list[tuple[Source, Collection[str]]] = []
    for column, values in cells.form.only.items():
        source = cells.source(column)
        if source is None:
            continue
        left_out = sum(source(row.cells).strip() not in values for row in _rows(cells.sheet, wanted))
        if left_out:
            rows.notes.append(
                Remark(
                    N_(
                        "%(file)s: %(count)s rows were left out, because %(column)s is none of these: %(values)s."
                    ),
                    file=cells.file,
                    count=Count(left_out),
                    column=column,
                    values=", ".join(values),
                )
            )
        wanted.append((source, values))
    return wanted


def _rows(sheet: Sheet, wanted: Sequence[tuple[Source, Collection[str]]]) -> Iterator[Row]:
    if not wanted:
        return sheet.rows
    return (
        row for row in sheet.rows if all(source(row.cells).strip() in values for source, values in wanted)
    )


def _no_heading(formats: Sequence[Format], headings: Sequence[Sequence[str]]) -> UnreadableFileError:
    near = nearest(formats, headings)
    if near is not None and near[1]:
        form, missing = near
        return UnreadableFileError(
            N_("it looks like %(format)s, but these columns are missing: %(columns)s."),
            format=form.name,
            columns=", ".join(missing),
        )
    return _UnknownHeadingError(formats)


class _UnknownHeadingError(UnreadableFileError):
    """No row names columns that are known."""

    command = "For a file of another program write a mapping and name it with --mapping."

    def __init__(self, formats: Sequence[Format]) -> None:
        known = "; ".join(f"{form.name}: {', '.join(form.heading)}" for form in formats if form.is_canonical)
        if known:
            message = N_("no row with the names of its columns was recognised (known are %(known)s).")
            super().__init__(message, known=known)
        else:
            super().__init__(N_("no row with the names of its columns was recognised."))
