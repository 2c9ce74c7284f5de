"""Reads the fields of one file's rows; what cannot be read is noted as a problem of its row and field."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from operator import itemgetter

from arfollow.exchange.amounts import (
    AmbiguousAmountsError,
    DecimalMark,
    amount_evidence,
    detect_decimal_mark,
    parse_amount,
)
from arfollow.exchange.columns import column_names
from arfollow.exchange.dates import (
    AmbiguousDatesError,
    DateError,
    DateOrder,
    date_evidence,
    detect_date_order,
    parse_date,
)
from arfollow.exchange.evidence import Evidence
from arfollow.exchange.formats import AMOUNTS, DATES, Format
from arfollow.exchange.instants import day_part, parse_instant
from arfollow.exchange.own_columns import DateColumns, open_names
from arfollow.exchange.problems import Place, Problems
from arfollow.exchange.reading import Row, Sheet
from arfollow.profiles.rules import ProfileError, value_of
from arfollow.receivables.rules.fields import FieldError, line
from arfollow.values.money import AmountError, UnknownCurrencyError
from arfollow.values.refusals import N_, Quoted, Remark, remark

Source = Callable[[Sequence[str]], str]
MISSING = Remark(N_("is missing."))

_WHOLE = re.compile(r"([0-9]+)\.0+", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.ASCII | re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Part:
    """The fields of a customer, an invoice, a payment or an event within the rows of one file."""

    def __init__(self, cells: Cells, columns: Mapping[str, str], constants: Mapping[str, str]) -> None:
        self._cells = cells
        self.sources: dict[str, Source] = {}
        self.columns: dict[str, str] = {}
        for name, column in columns.items():
            source = cells.source(column)
            if source is not None:
                self.sources[name], self.columns[name] = source, column
        for name, value in constants.items():
            if name not in self.sources:
                self.sources[name], self.columns[name] = _constant(value), name

    def has(self, name: str) -> bool:
        """Whether the file says anything about the field."""
        return name in self.sources

    def raw(self, row: Row, name: str) -> str:
        """The cell as it stands, without spaces around it; empty when the file has no such column."""
        source = self.sources.get(name)
        return "" if source is None else source(row.cells).strip()

    def problem(self, row: Row, name: str, message: str) -> None:
        """Note what is wrong with the field."""
        self._cells.problems.about(self._cells.place(row), self.columns.get(name, name), message)

    def text(self, row: Row, name: str, *, required: bool = False) -> str:
        """The cell as one line."""
        return self.read(row, name, line, required=required)

    def number(self, row: Row, name: str, *, required: bool = False) -> str:
        """The number of a customer, an invoice or a payment."""
        text = self.text(row, name, required=required)
        if _SCIENTIFIC.fullmatch(text):
            message = N_("a spreadsheet has rounded the number to %(text)s; format the column as text.")
            self.problem(row, name, Remark(message, text=Quoted(text)))
        return text

    def read(self, row: Row, name: str, parse: Callable[[str], str], *, required: bool = False) -> str:
        """What `parse` makes of the cell; empty after a problem."""
        raw = self.raw(row, name)
        if not raw:
            if required:
                self.problem(row, name, MISSING)
            return ""
        try:
            return parse(raw)
        except (FieldError, ProfileError) as problem:
            self.problem(row, name, remark(problem))
            return ""

    def own(self, row: Row, name: str) -> str:
        """The cell of a column that no format names: a date in ISO form where the column holds dates, else one line of text."""
        if name not in self._cells.own_dates:
            return self.read(row, name, lambda text: value_of(text)[0])
        day = self.day(row, name, required=False)
        return day.isoformat() if day else ""

    def instant(self, row: Row, name: str) -> str:
        """The day and time in ISO form; empty after a problem."""
        raw = self.raw(row, name)
        if not raw:
            self.problem(row, name, MISSING)
            return ""
        try:
            return parse_instant(raw, self._cells.parse_date)
        except DateError as problem:
            self.problem(row, name, remark(problem))
            return ""

    def day(self, row: Row, name: str, *, required: bool = True) -> date | None:
        """The date; None when it is missing or none."""
        raw = self.raw(row, name)
        if not raw:
            if required:
                self.problem(row, name, MISSING)
            return None
        try:
            return self._cells.parse_date(raw)
        except DateError as problem:
            self.problem(row, name, remark(problem))
            return None

    def amount(self, row: Row, name: str, currency: str) -> int | None:
        """Minor units with their sign; None when it is missing or none."""
        raw = self.raw(row, name)
        if not raw:
            self.problem(row, name, MISSING)
            return None
        try:
            return parse_amount(raw, self._cells.decimal_mark, currency)
        except UnknownCurrencyError:
            return None
        except AmountError as problem:
            self.problem(row, name, remark(problem))
            return None


class Cells:
    """One file's rows under one format, one date order and one decimal mark."""

    def __init__(
        self,
        *,
        file: str,
        sheet: Sheet,
        form: Format,
        problems: Problems,
        date_order: DateOrder | None,
        decimal_mark: DecimalMark | None,
    ) -> None:
        self.file = file
        self.problems = problems
        self.form = form
        self.sheet = sheet
        self._index = {
            name.casefold(): index
            for names in (sheet.heading, column_names(sheet.heading))
            for index, name in reversed(list(enumerate(names)))
        }
        self.is_ambiguous = False
        self._whole = {name.casefold() for name in form.whole_numbers}
        self._days: dict[str, date] = {}
        self.own_dates: AbstractSet[str] = frozenset()
        self.customer, self.invoice, self.payment, self.event = (
            Part(self, columns, form.constants if columns else {})
            for columns in (form.customer, form.invoice, form.payment, form.event)
        )
        order, mark = date_order or form.date_order, decimal_mark or form.decimal_mark
        dates, amounts = self._evidence(() if order else DATES, () if mark else AMOUNTS)
        self.date_order = order or self._detect_order(dates)
        self.decimal_mark: DecimalMark = mark or self._detect_mark(amounts)

    def place(self, row: Row) -> Place:
        """Where the row stands."""
        return Place(self.file, row.line)

    def parse_date(self, text: str) -> date:
        """The date in the file's order; raise DateError."""
        if text not in self._days:
            self._days[text] = parse_date(text, self.date_order)
        return self._days[text]

    def source(self, column: str) -> Source | None:
        """How to get at a column, or at a text with `{columns}` in it; None when the file has no such column."""
        if PLACEHOLDER.search(column):
            parts = {name: self.source(name) for name in PLACEHOLDER.findall(column)}
            found = {name: source for name, source in parts.items() if source is not None}
            if len(found) < len(parts):
                return None
            return lambda cells: PLACEHOLDER.sub(lambda match: found[match[1]](cells).strip(), column)
        index = self._index.get(column.casefold())
        if index is None:
            return None
        if column.casefold() in self._whole:
            return lambda cells: _WHOLE.sub(r"\1", cells[index].strip())
        return itemgetter(index)

    def _evidence(
        self, dates: Collection[str], amounts: Collection[str]
    ) -> tuple[Evidence[DateOrder], Evidence[DecimalMark]]:
        """What the cells of these fields say; the file is gone through once."""
        of_dates, of_amounts = date_evidence(), amount_evidence()
        days, sums = [source for _, source in self._days_of(dates)], self._sources(amounts)
        own = [*self._own_sources()]
        columns = DateColumns(name for name, _ in own)
        for row in self.sheet.rows if days or sums or own else ():
            of_dates.add(filter(None, [source(row.cells).strip() for source in days]))
            of_amounts.add(filter(None, [source(row.cells).strip() for source in sums]))
            for name, source in own:
                columns.add(name, source(row.cells).strip())
        self.own_dates = columns.found.keys()
        for evidence in columns.found.values():
            of_dates.include(evidence)
        return of_dates, of_amounts

    def _own_sources(self) -> Iterator[tuple[str, Source]]:
        """The columns that no format names."""
        for name, part in (("customer", self.customer), ("event", self.event)):
            yield from ((each, part.sources[each]) for each in open_names(name, part.sources))

    def _days_of(self, names: Collection[str]) -> Iterator[tuple[str, Source]]:
        """What of the cells of these fields says a day, with their columns."""
        for part in (self.invoice, self.payment):
            yield from ((part.columns[name], part.sources[name]) for name in sorted(names) if part.has(name))
        if "at" in names and self.event.has("at"):
            at = self.event.sources["at"]
            yield self.event.columns["at"], lambda cells: day_part(at(cells))

    def _sources(self, names: Collection[str]) -> list[Source]:
        parts = (self.invoice, self.payment)
        return [part.sources[name] for part in parts for name in sorted(names) if part.has(name)]

    def _detect_order(self, evidence: Evidence[DateOrder]) -> DateOrder | None:
        try:
            return detect_date_order(evidence)
        except AmbiguousDatesError as problem:
            self.is_ambiguous = True
            self._tell_of(problem)
            # Any order that reads them will do: the file is refused, and its rows can be checked for other things.
            return None

    def _tell_of(self, problem: AmbiguousDatesError) -> None:
        """Say what the dates do not tell, and where the two stand that contradict each other."""
        if not problem.contrary:
            self.problems.about_file(self.file, remark(problem))
        wanted = {problem.example, problem.contrary} if problem.contrary else set()
        own = ((name, source) for name, source in self._own_sources() if name in self.own_dates)
        sources = [*self._days_of(DATES), *own]
        for row in self.sheet.rows if wanted else ():
            for column, source in sources:
                text = source(row.cells).strip()
                if text in wanted:
                    wanted.remove(text)
                    self.problems.about(self.place(row), column, remark(problem))
            if not wanted:
                return
        if problem.contrary:
            self.problems.about_file(self.file, remark(problem))

    def _detect_mark(self, evidence: Evidence[DecimalMark]) -> DecimalMark:
        try:
            return detect_decimal_mark(evidence, default=self.form.default_mark)
        except AmbiguousAmountsError as problem:
            self.is_ambiguous = True
            self.problems.about_file(self.file, remark(problem))
            return "," if "." in problem.example else "."


def _constant(value: str) -> Source:
    return lambda _cells: value
