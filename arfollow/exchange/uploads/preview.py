"""How the first rows of a file will be read: by the code that imports them, and as quickly as somebody clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from arfollow.exchange.cells import Cells
from arfollow.exchange.columns import column_names
from arfollow.exchange.customer_rows import read_customers
from arfollow.exchange.files import File
from arfollow.exchange.formats import CANONICAL, Format, recognise
from arfollow.exchange.mapping import MappingError, mark_of, order_of, shipped_mappings
from arfollow.exchange.problems import Problems
from arfollow.exchange.reading import DELIMITERS, Layout, Row, Sheet, numbered_rows, read_sheet
from arfollow.exchange.rows import CreditRow, CustomerRow, EventRow, InvoiceRow, Unread
from arfollow.exchange.texts import ForeignFileError, Text, UnreadableFileError, text_of
from arfollow.exchange.translating import Reading, notes_about, open_cells, read_entries, telling
from arfollow.exchange.uploads.fields import form_of, missing, settings_of
from arfollow.exchange.uploads.guessing import guessed_heading, guessed_kinds, guessed_settings
from arfollow.exchange.uploads.rules import OWN, Kind, Settings
from arfollow.exchange.uploads.shown import Column, Preview
from arfollow.values.refusals import N_, Remark, remark

ROWS = 12
"""Rows that are shown as they will be read."""

MOST_COLUMNS = 500
"""Columns that are shown to be clicked; a page with more of them could not be used."""

_EXAMPLES = 3
_VALUES = 12
_LOOKED_AT = 400
"""Rows that are looked through for what values a column has."""


@dataclass(slots=True)
class _Seen:
    """Takes rows as staging does, and keeps them in their order."""

    notes: list[str] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)
    customers: list[CustomerRow] = field(default_factory=list)
    invoices: list[InvoiceRow] = field(default_factory=list)
    credits: list[CreditRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)

    def add_customer(self, row: CustomerRow) -> None:
        self.customers.append(row)

    def add_invoice(self, row: InvoiceRow) -> None:
        self.invoices.append(row)

    def add_credit(self, row: CreditRow) -> None:
        self.credits.append(row)

    def add_event(self, row: EventRow) -> None:
        self.events.append(row)


@dataclass(frozen=True, kw_only=True)
class Known:
    """The formats that are known: the company's saved ones, those that come along, the canonical ones."""

    saved: Sequence[Format] = ()

    @property
    def formats(self) -> Sequence[Format]:
        """All, in the order in which they are tried."""
        return (*self.saved, *shipped_mappings(), *CANONICAL)

    def named(self, name: str) -> Format | None:
        """The format of that name."""
        return next((each for each in self.formats if each.name == name), None)


def first_settings(file: File, known: Known, *, is_table: bool, layout: Settings | None = None) -> Settings:
    """How a file shows that it is to be read, before anybody has said what its columns mean.

    `is_table`: it was made of a workbook, whose text is as we wrote it. `layout`: how it is taken apart, if not as it shows.
    """
    layout = layout or Settings()
    try:
        sheet = _sheet(file, layout, known, is_table=is_table)
    except UnreadableFileError:
        return layout
    heading = column_names(sheet.heading)
    form = recognise(known.formats, sheet.heading)
    meant = guessed_settings(heading, full_columns(sheet)) if form is None else settings_of(form, heading)
    laid_out = {name: getattr(layout, name) for name in ("sheet", "encoding", "delimiter", "heading_line")}
    return with_values_of(sheet, replace(meant, **laid_out))


def with_values_of(sheet: Sheet, settings: Settings) -> Settings:
    """The settings with the values of the columns that choose by values, where nobody has said any."""
    by_name = {column.name: column.values for column in _columns(sheet)}
    if settings.only_column and not settings.only_values:
        settings = replace(settings, only_values=by_name.get(settings.only_column, ()))
    column = next((name for name, field in settings.columns.items() if field == "kind"), "")
    if column and not settings.kinds and settings.mapping == OWN:
        return replace(settings, kinds=guessed_kinds(by_name.get(column, ())))
    return settings


def titles_of(file: File, settings: Settings, known: Known, *, is_table: bool) -> list[str]:
    """The rows above the heading; raise UnreadableFileError."""
    return [*_titles(_sheet(file, settings, known, is_table=is_table))]


def full_columns(sheet: Sheet) -> set[str]:
    """The columns that most of the first rows fill."""
    counts: Counter[str] = Counter()
    rows = list(islice(sheet.rows, ROWS))
    names = column_names(sheet.heading)
    for row in rows:
        counts.update(name for name, cell in zip(names, row.cells, strict=True) if cell.strip())
    return {name for name in names if counts[name] * 2 >= len(rows)}


def heading_of(file: File, settings: Settings, known: Known, *, is_table: bool) -> Sheet:
    """The file's heading and rows; raise UnreadableFileError."""
    return _sheet(file, settings, known, is_table=is_table)


def reading_of(settings: Settings, sheet: Sheet, known: Known, *, is_table: bool) -> Reading | None:
    """How the file is read when it is imported; None while nothing is mapped. Raise MappingError."""
    form = known.named(settings.mapping) if settings.mapping != OWN else None
    form = form or form_of(settings, column_names(sheet.heading))
    if form is None:
        return None
    if is_table:
        # A spreadsheet's numbers have points, whatever it shows.
        form = replace(form, default_mark=".")
    return Reading(
        mapping=replace(form, heading=()),
        date_order=order_of(settings.date_order or None),
        decimal_mark=mark_of(settings.decimal_mark or None),
        open_items=settings.kind is Kind.OPEN_ITEMS,
        layout=replace(layout_of(settings, is_table=is_table), heading_line=sheet.heading_line),
    )


def preview(file: File, settings: Settings, known: Known, *, is_table: bool) -> Preview:
    """What is known of the file, and its first rows as they will be read. Goes once through all of it."""
    try:
        sheet = _sheet(file, settings, known, is_table=is_table)
    except UnreadableFileError as problem:
        is_foreign = isinstance(problem, ForeignFileError)
        return Preview(settings=settings, refusal=_refusal(problem), is_foreign=is_foreign)
    shown = Preview(
        settings=settings,
        encoding=sheet.text.encoding,
        delimiter=sheet.delimiter,
        heading_line=sheet.heading_line,
        titles=tuple(_titles(sheet)),
        count=sheet.count,
        columns=tuple(_columns(sheet)),
        missing=tuple(missing(settings)) if settings.mapping == OWN else (),
    )
    try:
        reading = reading_of(settings, sheet, known, is_table=is_table)
    except MappingError as problem:
        return replace(shown, refusal=remark(problem))
    return shown if reading is None else _read(file, reading, shown, sheet)


def _refusal(problem: UnreadableFileError) -> str:
    why = remark(problem)
    return Remark(N_("row %(row)s: %(why)s"), row=problem.line, why=why) if problem.line else why


def _read(file: File, reading: Reading, shown: Preview, sheet: Sheet) -> Preview:
    problems, seen = Problems([file.name]), _Seen()
    cells: Cells | None = None
    with telling(problems, file):
        cells = open_cells(file, reading, problems, sheet)
    if cells is None:
        return replace(shown, problems=tuple(problems))
    about_file = len(problems)
    rows = [*islice(_wanted(cells), ROWS)]
    if cells.form.customer:
        read_customers(cells, rows, seen)
    read_entries(cells, rows, seen, reading)
    found = tuple(each for each in dict.fromkeys(problems) if each.field not in shown.missing)
    return replace(
        shown,
        date_order=None if cells.is_ambiguous else cells.date_order,
        decimal_mark=cells.decimal_mark,
        is_ambiguous=cells.is_ambiguous,
        customers=() if cells.form.invoice else tuple(seen.customers),
        invoices=tuple(seen.invoices),
        credits=tuple(seen.credits),
        events=tuple(seen.events),
        problems=found[: about_file + ROWS],
        notes=tuple(notes_about(cells, reading)),
    )


def _wanted(cells: Cells) -> Iterator[Row]:
    only = [(cells.source(column), values) for column, values in cells.form.only.items()]
    for row in cells.sheet.rows:
        if all(source is None or source(row.cells).strip() in values for source, values in only):
            yield row


def layout_of(settings: Settings, *, is_table: bool) -> Layout:
    """How the file's text is taken apart."""
    return Layout(
        encoding="utf-8" if is_table else settings.encoding or None,
        delimiter="," if is_table else settings.delimiter or None,
        heading_line=settings.heading_line,
        left_out=frozenset(settings.left_out),
    )


def _sheet(file: File, settings: Settings, known: Known, *, is_table: bool) -> Sheet:
    """By the heading that was chosen, else one that is known, else the row that looks most like one."""
    layout = layout_of(settings, is_table=is_table)
    text = text_of(file, layout.encoding)
    marks = (layout.delimiter,) if layout.delimiter else DELIMITERS
    if layout.heading_line is None:
        layout = _found(text, marks, known, layout)
    sheet = read_sheet(file, lambda _: False, layout)
    if len(sheet.heading) > MOST_COLUMNS:
        raise UnreadableFileError(
            N_(
                "there are %(count)s columns, and at most %(most)s can be chosen from; "
                "leave out those that nobody needs, or choose another delimiter."
            ),
            count=len(sheet.heading),
            most=MOST_COLUMNS,
            line=sheet.heading_line,
        )
    return sheet


def _found(text: Text, marks: Sequence[str], known: Known, layout: Layout) -> Layout:
    tables = {mark: list(numbered_rows(text, mark)) for mark in marks}
    for known_mark, rows in tables.items():
        for known_line, cells in rows:
            if recognise(known.formats, cells) is not None:
                return replace(layout, delimiter=known_mark, heading_line=known_line)
    mark = max(tables, key=lambda each: _breadth(tables[each]))
    line = guessed_heading(tables[mark])
    if line is None:
        raise ForeignFileError(N_("the file has no rows; export the list anew."))
    if len(marks) > 1 and not _breadth(tables[mark])[1]:
        raise ForeignFileError(
            N_(
                "no row has more than one column; columns are told apart by commas, semicolons, tabs or |. Export the list as CSV or XLSX."
            )
        )
    return replace(layout, delimiter=mark, heading_line=line)


def _breadth(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, int]:
    """How many rows have the most usual width beyond one column, and that width."""
    widths = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return max(((count * width, width) for width, count in widths.items()), default=(0, 0))


def _titles(sheet: Sheet) -> Iterator[str]:
    for line, cells in numbered_rows(sheet.text, sheet.delimiter):
        if line >= sheet.heading_line:
            return
        yield " ".join(cell for cell in cells if cell)


def _columns(sheet: Sheet) -> Iterator[Column]:
    rows = [row.cells for row in islice(sheet.rows, _LOOKED_AT)]
    for index, name in enumerate(column_names(sheet.heading)):
        cells = [row[index].strip() for row in rows]
        values = list(dict.fromkeys(cells))
        examples = list(dict.fromkeys(cell for cell in cells if cell))[:_EXAMPLES]
        few = tuple(values) if len(values) <= _VALUES else ()
        yield Column(name=name, examples=tuple(examples), values=few)
