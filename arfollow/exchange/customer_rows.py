"""Reads customers from rows: one a row in customers.csv, or beside invoices in the files of other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from arfollow.exchange.cells import Cells, Part
from arfollow.exchange.formats import OWN
from arfollow.exchange.own_columns import field_key
from arfollow.exchange.problems import Place
from arfollow.exchange.reading import Row
from arfollow.exchange.rows import CustomerRow, Into
from arfollow.receivables.rules.fields import FieldError, country, email, language, line, street
from arfollow.values.money import UnknownCurrencyError, decimals
from arfollow.values.refusals import N_, Count, Remark

_EXAMPLES = 3


def _currency(text: str) -> str:
    try:
        decimals(text)
    except UnknownCurrencyError as problem:
        raise FieldError(problem.message, **problem.values) from None
    return text


_PARSERS: Mapping[str, Callable[[str], str]] = {
    "email": email,
    "street": street,
    "country": country,
    "language": language,
    "currency": _currency,
}


def read_customers(cells: Cells, rows: Iterable[Row], into: Into) -> None:
    """Add the customers of these rows; where rows are invoices, each customer once, with its usual name."""
    if not cells.form.is_canonical:
        _read_mentioned(cells, rows, into)
        return
    for row in rows:
        before = len(cells.problems)
        number = cells.customer.number(row, "number", required=True)
        values = _values(cells.customer, row)
        if len(cells.problems) > before:
            into.unread.customers.add(number)
        else:
            into.add_customer(CustomerRow(place=cells.place(row), number=number, values=values))


def _values(part: Part, row: Row) -> dict[str, str]:
    values = {
        field_key(name): _value(part, row, name, required=name == "name")
        for name in part.sources
        if name not in ("number", "parent")
    }
    if part.has("parent"):
        values["parent"] = part.number(row, "parent")
    return values


def _value(part: Part, row: Row, name: str, *, required: bool = False) -> str:
    if name.casefold().startswith(OWN):
        return part.own(row, name)
    return part.read(row, name, _PARSERS.get(name, line), required=required)


@dataclass(slots=True)
class _Mentioned:
    """What the rows of a file say about one customer; the later row wins, except for its name."""

    place: Place
    names: Counter[str] = field(default_factory=Counter)
    latest: dict[str, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The most frequent spelling; the latest of those that are equally frequent."""
        return max(self.names, key=lambda name: (self.names[name], self.latest[name]))


def _read_mentioned(cells: Cells, rows: Iterable[Row], into: Into) -> None:
    part = cells.customer
    mentioned: dict[str, _Mentioned] = {}
    strange: Counter[str] = Counter()
    for row in rows:
        number = part.number(row, "number", required=True)
        name = part.text(row, "name", required=True)
        if not number or not name:
            continue
        customer = mentioned.setdefault(number, _Mentioned(cells.place(row)))
        customer.names[name] += 1
        customer.latest[name] = row.line
        for other in part.sources:
            if other not in ("number", "name"):
                customer.values[field_key(other)] = _other_value(part, row, other, strange)
    for number, customer in mentioned.items():
        into.add_customer(
            CustomerRow(
                place=customer.place,
                number=number,
                values={**customer.values, "name": customer.name},
                other_names=frozenset(customer.names) - {customer.name},
                is_brought=bool(cells.form.invoice or cells.form.payment),
            )
        )
    _note_spellings(cells.file, mentioned, into)
    if strange:
        into.notes.append(
            Remark(
                N_(
                    "%(file)s: %(column)s holds no ISO country codes (%(codes)s); the customers' country is left empty."
                ),
                file=cells.file,
                column=part.columns["country"],
                codes=", ".join(sorted(strange)),
            )
        )


def _other_value(part: Part, row: Row, name: str, strange: Counter[str]) -> str:
    if name != "country":
        return _value(part, row, name)
    try:
        return country(part.raw(row, name))
    except FieldError:
        strange[part.raw(row, name)] += 1
        return ""


def _note_spellings(file: str, mentioned: Mapping[str, _Mentioned], into: Into) -> None:
    several = {number: customer for number, customer in mentioned.items() if len(customer.names) > 1}
    if not several:
        return
    examples = [
        f"{number}: {customer.name} / {min(set(customer.names) - {customer.name})}"
        for number, customer in list(several.items())[:_EXAMPLES]
    ]
    into.notes.append(
        Remark(
            N_(
                "%(file)s: %(count)s customers are written in several ways; each is kept as it is written most often "
                "(%(examples)s)."
            ),
            file=file,
            count=Count(len(several)),
            examples="; ".join([*examples, *(["…"] if len(several) > _EXAMPLES else [])]),
        )
    )
