"""Words of the import screens in the page's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.exchange.formats import DATA, OWN
from arfollow.exchange.own_fields import own_of
from arfollow.exchange.report import Report, paired_totals
from arfollow.exchange.rows import CreditRow, CustomerRow, EventRow, InvoiceRow
from arfollow.exchange.texts import CHOSEN_ENCODINGS, ENCODINGS
from arfollow.exchange.uploads.queries import Job
from arfollow.exchange.uploads.rules import Kind, Phase, State, Task
from arfollow.profiles.rules import in_one_line
from arfollow.receivables.queries.aging import Totals
from arfollow.values.money import Money
from arfollow.web.templates import money as in_figures

_KINDS: Mapping[Kind, LazyString] = {
    Kind.CUSTOMERS: _l("Customers"),
    Kind.INVOICES: _l("Invoices and credit notes"),
    Kind.PAYMENTS: _l("Payments"),
    Kind.EVENTS: _l("Events"),
    Kind.OPEN_ITEMS: _l("Complete list of open items"),
}
_FIELDS: Mapping[str, LazyString] = {
    "number": _l("Number"),
    "customer": _l("Customer (number)"),
    "name": _l("Customer's name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "street": _l("Street"),
    "city": _l("City"),
    "postal_code": _l("Postal code"),
    "country": _l("Country (two letters)"),
    "language": _l("Language"),
    "currency": _l("Currency"),
    "parent": _l("Customer above it"),
    "vat": _l("VAT number"),
    "plan": _l("Plan"),
    "responsible": _l("Responsible"),
    "sales_representative": _l("Sales representative"),
    "event": _l("Event (kind)"),
    "at": _l("Day and time"),
    "key": _l("Key (what tells it from others)"),
    "data": _l("Data (JSON)"),
    "date": _l("Date"),
    "due_date": _l("Due date"),
    "amount": _l("Amount"),
    "open_amount": _l("Open amount"),
    "kind": _l("Kind (invoice, credit note)"),
    "reference": _l("Reference"),
    "instalment": _l("Instalment"),
    "applies_to": _l("Invoice that a credit note settles"),
    "level": _l("Level reached"),
    "followed_on": _l("Level reached on"),
    "paid_on": _l("Paid on"),
    "paid_amount": _l("Amount paid"),
    "invoice": _l("Invoice that it pays"),
}
_NUMBERS: Mapping[Kind, LazyString] = {
    Kind.CUSTOMERS: _l("Customer's number"),
    Kind.INVOICES: _l("Invoice number"),
    Kind.PAYMENTS: _l("Payment number"),
    Kind.EVENTS: _l("Customer (number)"),
    Kind.OPEN_ITEMS: _l("Invoice number"),
}
_STATES: Mapping[State, tuple[LazyString, str, str]] = {
    State.DRAFT: (_l("being set up"), "neutral", "pencil"),
    State.CHECKING: (_l("being checked"), "accent", "search"),
    State.CHECKED: (_l("checked"), "success", "check2"),
    State.REFUSED: (_l("has problems"), "danger", "exclamation-circle"),
    State.RUNNING: (_l("under way"), "accent", "play-circle"),
    State.DONE: (_l("imported"), "success", "check2-circle"),
    State.FAILED: (_l("failed"), "danger", "exclamation-circle"),
}
_COUNTS: Mapping[str, LazyString] = {
    "customers": _l("Customers"),
    "invoices": _l("Invoices"),
    "payments": _l("Payments"),
    "credit notes": _l("Credit notes"),
    "events": _l("Events"),
}
_DELIMITERS: Mapping[str, LazyString] = {
    ",": _l("comma"),
    ";": _l("semicolon"),
    "\t": _l("tab"),
    "|": _l("bar"),
}
_ORDERS: Mapping[str, LazyString] = {
    "ymd": _l("year, month, day"),
    "dmy": _l("day, month, year"),
    "mdy": _l("month, day, year"),
}
_MARKS: Mapping[str, LazyString] = {"point": _l("point: 1,234.50"), "comma": _l("comma: 1.234,50")}
_MARK_NAMES: Mapping[str, str] = {".": "point", ",": "comma"}
_MEANINGS: Mapping[str, LazyString] = {
    "invoice": _l("an invoice"),
    "credit_note": _l("a credit note"),
    "payment": _l("a payment"),
    "": _l("unknown: a problem"),
}
_KILO = 1024


def kind_words(kind: Kind) -> str:
    """What a file holds."""
    return str(_KINDS[kind])


def field_words(field: str, kind: Kind) -> str:
    """A field, as the select of a column names it."""
    if field == "number":
        return str(_NUMBERS[kind])
    if field.startswith(OWN):
        return str(_("Own field “%(name)s”", name=field.removeprefix(OWN)))
    if field.startswith(DATA):
        return str(_("Data “%(name)s”", name=field.removeprefix(DATA)))
    if kind is Kind.CUSTOMERS and field == "name":
        return str(_("Name"))
    return str(_FIELDS.get(field, field))


def encoding_words(encoding: str) -> str:
    """An encoding as people know it."""
    return ENCODINGS.get(encoding, encoding)


def state_words(job: Job) -> tuple[str, str, str]:
    """What `components/state.html` shows for an import."""
    words, kind, icon = _STATES[job.state]
    if job.task is Task.UNDO:
        undo = {State.DONE: _("undone"), State.REFUSED: _("not undone"), State.RUNNING: _("being undone")}
        return undo.get(job.state, str(words)), kind, icon
    return str(words), kind, icon


def count_words(what: str) -> str:
    """What was counted."""
    return str(_COUNTS.get(what, what))


def phase_words(job: Job) -> str:
    """What a worker is at."""
    if job.phase == Phase.READING:
        return str(_("Reading the files"))
    if job.phase == Phase.ENTERING and job.state is State.RUNNING:
        return str(_("Entering the rows, all or none"))
    if job.phase == Phase.ENTERING:
        return str(_("Comparing with the ledger"))
    return str(_("Waiting for a worker"))


def size_words(size: int) -> str:
    """`12 kB`, `1.5 MB`."""
    in_kilobytes = max(1, size >> 10)
    if in_kilobytes < _KILO:
        return str(_("%(size)s kB", size=in_kilobytes))
    return str(_("%(size)s MB", size=format_decimal(size / _KILO**2, "0.0")))


def encodings() -> list[tuple[str, str]]:
    """The encodings that can be chosen."""
    return [(each, encoding_words(each)) for each in CHOSEN_ENCODINGS]


def delimiters() -> list[tuple[str, str]]:
    """The delimiters that can be chosen, as values of a form."""
    return [(delimiter_value(each), str(words)) for each, words in _DELIMITERS.items()]


def delimiter_value(delimiter: str) -> str:
    """A delimiter as the value of a form: a browser may drop a tab."""
    return "tab" if delimiter == "\t" else delimiter


def delimiter_words(delimiter: str) -> str:
    """A delimiter by its name."""
    return str(_DELIMITERS.get(delimiter, delimiter))


def orders() -> list[tuple[str, str]]:
    """The orders of dates that can be chosen."""
    return [(each, str(words)) for each, words in _ORDERS.items()]


def order_words(order: str) -> str:
    """An order of dates."""
    return str(_ORDERS.get(order, order))


def marks() -> list[tuple[str, str]]:
    """The decimal signs that can be chosen."""
    return [(each, str(words)) for each, words in _MARKS.items()]


def mark_words(mark: str) -> str:
    """A decimal sign with an example."""
    return str(_MARKS[_MARK_NAMES[mark]])


def meanings() -> list[tuple[str, str]]:
    """What a value of a column of kinds can mean."""
    return [(each, str(words)) for each, words in _MEANINGS.items()]


def money(total: Totals, name: str) -> Money:
    """An amount of totals."""
    return Money(total.currency, getattr(total, name))


def difference(was: Totals, now: Totals, name: str) -> Money:
    """By how much an amount of totals has changed."""
    return Money(now.currency, getattr(now, name) - getattr(was, name))


def receivables(total: Totals, less: Totals | None = None) -> Money:
    """What is open less the credit that is not applied yet; `less`: by how much more than in these totals."""
    before = 0 if less is None else less.amount - less.unapplied
    return Money(total.currency, total.amount - total.unapplied - before)


def pairs(report: Report) -> list[tuple[Totals, Totals]]:
    """The totals of each currency before and after; those that changed come first."""
    return sorted(paired_totals(report.before, report.after), key=lambda pair: pair[0] == pair[1])


def taken_back(report: Report) -> str:
    """What undoing the import would remove and put back, and by how much that changes what is open."""
    made = [f"{count_words(each.what)} {count(each.new)}" for each in report.counts if each.new]
    changed = [f"{count_words(each.what)} {count(each.changed)}" for each in report.counts if each.changed]
    moved = [difference(now, was, "amount") for was, now in pairs(report)]
    amounts = [in_figures(each) for each in moved if each.minor]
    sentences = [
        _("Undoing removes: %(what)s.", what=", ".join(made)) if made else "",
        _("Undoing puts back as before: %(what)s.", what=", ".join(changed)) if changed else "",
        _("The open amount changes by %(amounts)s.", amounts=", ".join(amounts)) if amounts else "",
    ]
    return " ".join(filter(None, sentences))


def amount(row: InvoiceRow | CreditRow) -> Money:
    """What the row is about."""
    return Money(row.currency, row.amount)


def open_amount(row: InvoiceRow) -> Money:
    """What is open of it: all, where the file does not say."""
    return Money(row.currency, row.amount if row.open_amount is None else row.open_amount)


def address(row: CustomerRow) -> str:
    """A customer's postal address in one line."""
    values = row.values
    town = " ".join(filter(None, (values.get("postal_code"), values.get("city"))))
    return ", ".join(filter(None, (values.get("street"), town, values.get("country"))))


def own_fields(row: CustomerRow) -> str:
    """A customer's fields of the company's own in one line."""
    own = own_of(row.values)
    return ", ".join(f"{name.partition(':')[2]} = {value}" for name, value in own.items() if value)


def event_data(row: EventRow) -> str:
    """What an event carries in one line."""
    return in_one_line(row.data)


def count(number: int) -> str:
    """`100,000`, as the page's reader writes it."""
    return str(format_decimal(number))
