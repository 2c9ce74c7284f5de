"""What the columns of a file mean: the canonical files, and the form that a mapping gives to any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from arfollow.exchange.amounts import DecimalMark
from arfollow.exchange.columns import column_names
from arfollow.exchange.dates import DateOrder

CUSTOMER_FIELDS = tuple(
    "number name email phone street city postal_code country language currency parent vat plan responsible "
    "sales_representative".split()
)
INVOICE_FIELDS = tuple(
    "number instalment customer kind date due_date currency amount open_amount reference applies_to "
    "applies_to_instalment level followed_on".split()
)
EVENT_FIELDS = tuple("customer event at key data".split())
PAYMENT_FIELDS = tuple("number customer date currency amount invoice instalment reference".split())
OWN = "custom:"
"""How a column of customers begins that holds a field of the company's own."""
DATA = "data:"
"""How a column of events begins that holds something they carry."""
OPEN = {"customer": OWN, "event": DATA}
DATES = frozenset({"date", "due_date", "followed_on", "at"})
AMOUNTS = frozenset({"amount", "open_amount"})
KINDS = frozenset({"invoice", "credit_note", "payment"})


@dataclass(frozen=True, kw_only=True)
class Format:
    """Where the fields of customers, invoices, payments and events stand in a file's rows.

    A part (`customer`, `invoice`, `payment`, `event`) gives for a field the name of a column, or a text with `{column}` in it.
    `heading`: columns that a file of this format has at least; the recognised format is the one with most of them.
    `adds_up`: rows with the same number are the lines of one invoice.
    """

    name: str
    heading: Sequence[str]
    customer: Mapping[str, str] = field(default_factory=dict)
    invoice: Mapping[str, str] = field(default_factory=dict)
    payment: Mapping[str, str] = field(default_factory=dict)
    event: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    whole_numbers: Sequence[str] = ()
    ignored: Sequence[str] = ()
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    default_mark: DecimalMark | None = None
    negative_is_credit: bool = False
    adds_up: bool = False
    is_canonical: bool = False

    def matches(self, cells: Sequence[str]) -> bool:
        """Whether the cells are the heading of such a file; capitals do not matter."""
        return {name.casefold() for name in self.heading} <= _names(cells)

    def opened(self, cells: Sequence[str]) -> Format:
        """With the columns that a canonical file may have besides: `custom:…` of customers, `data:…` of events."""
        if not self.is_canonical:
            return self
        customer = {name: name for name in cells if self.customer and name.casefold().startswith(OWN)}
        event = {name: name for name in cells if self.event and name.casefold().startswith(DATA)}
        return replace(self, customer={**self.customer, **customer}, event={**self.event, **event})

    def missing(self, cells: Sequence[str]) -> list[str]:
        """What the cells lack to be the heading of such a file."""
        found = _names(cells)
        return [name for name in self.heading if name.casefold() not in found]


def _names(cells: Sequence[str]) -> set[str]:
    """What a mapping can call the columns of that heading."""
    return {name.casefold() for name in (*cells, *column_names(cells))}


def _columns(fields: Sequence[str], **renamed: str) -> Mapping[str, str]:
    return {name: renamed.get(name, name) for name in fields}


CUSTOMERS = Format(
    name="customers",
    heading=("customer", "name"),
    customer=_columns(CUSTOMER_FIELDS, number="customer"),
    default_mark=".",
    is_canonical=True,
)
INVOICES = Format(
    name="invoices",
    heading=("invoice", "customer", "date", "currency", "amount"),
    invoice=_columns(INVOICE_FIELDS, number="invoice"),
    default_mark=".",
    is_canonical=True,
)
PAYMENTS = Format(
    name="payments",
    heading=("payment", "customer", "date", "currency", "amount"),
    payment=_columns(PAYMENT_FIELDS, number="payment"),
    default_mark=".",
    is_canonical=True,
)
EVENTS = Format(
    name="events",
    heading=("customer", "event", "at"),
    event=_columns(EVENT_FIELDS),
    is_canonical=True,
)
CANONICAL = (PAYMENTS, INVOICES, CUSTOMERS, EVENTS)


def recognise(formats: Iterable[Format], cells: Sequence[str]) -> Format | None:
    """The format whose heading the cells are, the one with the longest heading where several fit."""
    found = [each for each in formats if each.matches(cells)]
    return max(found, key=lambda each: len(each.heading), default=None)


def nearest(formats: Iterable[Format], rows: Iterable[Sequence[str]]) -> tuple[Format, list[str]] | None:
    """The format that lacks the fewest columns of some row, and those columns; None when nothing comes near."""
    lacks = [(each, each.missing(row)) for row in rows for each in formats]
    near = [(each, missing) for each, missing in lacks if len(missing) * 3 <= len(each.heading)]
    return min(near, key=lambda pair: len(pair[1]), default=None)
