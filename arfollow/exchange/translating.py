"""Turns files into rows of customers, invoices, payments and credit notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from arfollow.exchange.amounts import DecimalMark
from arfollow.exchange.cells import PLACEHOLDER, Cells
from arfollow.exchange.customer_rows import read_customers
from arfollow.exchange.dates import DateOrder
from arfollow.exchange.formats import CANONICAL, Format, nearest, recognise
from arfollow.exchange.invoice_rows import read_invoices
from arfollow.exchange.mapping import shipped_mappings
from arfollow.exchange.payment_rows import read_payments
from arfollow.exchange.problems import Place, Problems
from arfollow.exchange.reading import NoHeadingError, Row, Sheet, UnreadableFileError, read_sheet
from arfollow.exchange.rows import Rows

Progress = Callable[[str, Sequence[Row]], Iterable[Row]]


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to import: how it is called in messages, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are to be read; None: as they show. `open_items`: they list what is open, credits too."""

    mapping: Format | None = None
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    open_items: bool = False


def read_files(
    files: Iterable[File], reading: Reading, problems: Problems, *, progress: Progress | None = None
) -> Rows:
    """The rows of all files; what cannot be read is added to the problems."""
    rows = Rows()
    for file in files:
        try:
            _read_file(file, reading, problems, rows, progress=progress)
        except UnreadableFileError as problem:
            message = str(problem) if str(problem).endswith("?") else f"{problem}."
            if problem.line is None:
                problems.about_file(file.name, message)
            else:
                problems.about(Place(file.name, problem.line), "", message)
    return rows


def _read_file(
    file: File, reading: Reading, problems: Problems, rows: Rows, *, progress: Progress | None
) -> None:
    formats = [reading.mapping] if reading.mapping else [*shipped_mappings(), *CANONICAL]
    try:
        sheet = read_sheet(file.content, lambda cells: recognise(formats, cells) is not None)
    except NoHeadingError as problem:
        raise UnreadableFileError(_no_heading(formats, problem.headings)) from None
    form = recognise(formats, sheet.heading)
    if form is None:
        raise UnreadableFileError("no row with the names of its columns was recognised")
    rows.notes += _column_notes(file.name, sheet, form, reading)
    for name in _doubled(sheet, form):
        problems.about_file(file.name, f"there is more than one column {name!r}.")
    cells = Cells(
        file=file.name,
        sheet=sheet,
        form=form,
        problems=problems,
        date_order=reading.date_order,
        decimal_mark=reading.decimal_mark,
    )
    counted = _wanted(cells, rows)
    tracked = progress(file.name, counted) if progress else counted
    if form.customer:
        read_customers(cells, counted, rows)
    if form.invoice:
        read_invoices(cells, tracked, rows, open_items=reading.open_items)
    elif form.payment:
        read_payments(cells, tracked, rows)


def _column_notes(file: str, sheet: Sheet, form: Format, reading: Reading) -> Iterator[str]:
    if sheet.encoding == "cp1252":
        yield f"{file} is not in UTF-8; it was read as Windows-1252."
    if not sheet.rows:
        yield f"{file} has a heading and no rows."
    known = _read_columns(form) | {name.casefold() for name in form.ignored}
    for name in dict.fromkeys(sheet.heading):
        if name and name.casefold() not in known:
            yield f"{file}: the column {name!r} is not known; it was not read."
        elif name == "open_amount" and form.is_canonical and not reading.open_items:
            yield f"{file}: the column {name!r} is read with --open-items only."


def _doubled(sheet: Sheet, form: Format) -> list[str]:
    counts = Counter(name.casefold() for name in sheet.heading)
    return sorted(name for name in _read_columns(form) if counts[name] > 1)


def _read_columns(form: Format) -> set[str]:
    sources = [*form.customer.values(), *form.invoice.values(), *form.payment.values()]
    named = [column for source in sources for column in PLACEHOLDER.findall(source) or [source]]
    return {name.casefold() for name in (*named, *form.only, *form.heading)}


def _wanted(cells: Cells, rows: Rows) -> Sequence[Row]:
    """The rows that the format's `only` lets through; how many it left out is noted."""
    left = cells.rows
    for column, values in cells.form.only.items():
        source = cells.source(column)
        if source is None:
            continue
        kept = tuple(row for row in left if source(row.cells).strip() in values)
        if len(kept) < len(left):
            rows.notes.append(
                f"{cells.file}: {len(left) - len(kept)} rows were left out, because {column} is not {' or '.join(values)}."
            )
        left = kept
    return left


def _no_heading(formats: Sequence[Format], headings: Sequence[Sequence[str]]) -> str:
    near = nearest(formats, headings)
    if near is not None and near[1]:
        form, missing = near
        return f"it looks like {form.name}, but these columns are missing: {', '.join(missing)}"
    known = "; ".join(f"{form.name} has {', '.join(form.heading)}" for form in formats if form.is_canonical)
    return (
        "no row with the names of its columns was recognised"
        f"{f' ({known})' if known else ''}. For a file of another program write a mapping and name it with --mapping"
    )
