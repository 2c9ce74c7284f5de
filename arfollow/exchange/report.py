"""What an import did, or would do: in words, and as the document that the log keeps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring

from arfollow.receivables.queries.aging import Totals
from arfollow.receivables.rules.books import (
    BookAllocation,
    BookCredit,
    BookInvoice,
    BookItem,
    Change,
    Entry,
    is_changed,
)
from arfollow.values.money import plain

encode_change = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=str).encode
_DERIVED = frozenset({"settled_on", "used_up_on"})
_NAMES = {
    "customer": "customers",
    "instalment": "invoices",
    "payment": "payments",
    "credit_note": "credit notes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of what the files name are new, changed and as they were; and how many others changed because of them."""

    what: str
    new: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        """`invoices: 3 new, 1 changed, 96 unchanged`."""
        return f"{self.what}: {self.new} new, {self.changed} changed, {self.unchanged} unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An import's outcome. Totals are those of the company on `day`; not `is_new`: nothing was written.

    `import_id`: the import that was recorded.
    """

    day: date
    counts: tuple[Count, ...]
    before: tuple[Totals, ...]
    after: tuple[Totals, ...]
    notes: tuple[str, ...]
    is_new: bool
    import_id: int | None = None

    @property
    def summary(self) -> str:
        """The counts in one line."""
        return "; ".join(map(str, self.counts)) or "nothing"

    @property
    def lines(self) -> Iterator[str]:
        """What a person reads at the end of an import."""
        yield from map(str, self.counts)
        for was, is_now in paired_totals(self.before, self.after):
            yield (
                f"{is_now.currency} open on {self.day.isoformat()}: "
                f"{_amount(was)} in {was.items} items before, {_amount(is_now)} in {is_now.items} items after"
            )
            if was.unapplied or is_now.unapplied:
                yield (
                    f"{is_now.currency} unapplied credit: {plain(was.unapplied, was.currency)} before, "
                    f"{plain(is_now.unapplied, is_now.currency)} after"
                )


class Tally:
    """Counts by kind, as entries are counted: what the files name, and what else is new or has changed because of them."""

    def __init__(self) -> None:
        self._states: dict[str, Counter[str]] = {what: Counter() for what in _NAMES.values()}

    def count(self, mentioned: Iterable[Entry], changed: Iterable[Entry]) -> None:
        """Count these, once they are as they shall be, and not stored yet."""
        named = dict.fromkeys(mentioned)
        for entry in named:
            self._states[_what(entry)][_state(entry)] += 1
        for entry in changed:
            if entry not in named and isinstance(entry, BookItem | BookCredit):
                self._states[_what(entry)][_state(entry)] += 1

    @property
    def counts(self) -> tuple[Count, ...]:
        """Of every kind of which there is anything."""
        return tuple(
            Count(what=what, new=found["new"], changed=found["changed"], unchanged=found["unchanged"])
            for what, found in self._states.items()
            if found
        )


def encoded(change: Change) -> str:
    """A line of JSON: what was changed, from what to what; nothing before means that it is new."""
    entry, columns = change
    about = _pairs({entry.KIND: entry.key, **_about(entry)})
    before = "null" if entry.stored is None else f"{{{_pairs(_shown(entry.stored))}}}"
    return f'{{{about}, "before": {before}, "after": {{{_pairs(_shown(columns))}}}}}'


def encoded_totals(before: Sequence[Totals], after: Sequence[Totals]) -> Mapping[str, object]:
    """What was open before an import and after it, as its document says it."""
    return {"open_before": [_total(each) for each in before], "open_after": [_total(each) for each in after]}


def laid_out(head: Mapping[str, object], lines: Iterable[str]) -> bytes:
    """The document of these totals and changes."""
    body = ",\n".join(lines)
    return f'{json.dumps(head)[:-1]}, "changes": [\n{body}\n]}}\n'.encode()


def paired_totals(before: Sequence[Totals], after: Sequence[Totals]) -> Iterator[tuple[Totals, Totals]]:
    """The totals of each currency before and after; nothing where there is none."""
    was, is_now = ({each.currency: each for each in some} for some in (before, after))
    for currency in sorted({*was, *is_now}):
        nothing = Totals(currency=currency, items=0, amount=0, unapplied=0)
        yield was.get(currency, nothing), is_now.get(currency, nothing)


def _what(entry: Entry) -> str:
    return _NAMES[entry.kind if isinstance(entry, BookCredit) else entry.KIND]


def _state(entry: Entry) -> str:
    if entry.stored is None:
        return "new"
    parts: list[Entry] = [entry]
    if isinstance(entry, BookItem):
        parts.append(entry.invoice)
    if isinstance(entry, BookCredit):
        parts += entry.allocations
    return "changed" if any(map(is_changed, parts)) else "unchanged"


def _about(entry: Entry) -> Mapping[str, object]:
    match entry:
        case BookInvoice() | BookCredit():
            return {"customer": entry.customer.number, "currency": entry.currency}
        case BookAllocation() if entry.item is not None:
            return {"currency": entry.item.invoice.currency}
        case BookItem():
            return {"currency": entry.invoice.currency}
        case _:
            return {}


def _pairs(columns: Mapping[str, object]) -> str:
    """As `encode_change` would, in half the time: an import has millions of these."""
    return ", ".join([f'"{name}": {_value(value)}' for name, value in columns.items()])


def _value(value: object) -> str:
    match value:
        case str():
            return encode_basestring(value)
        case None:
            return "null"
        case int():
            return str(value)
        case _:
            return f'"{value}"'


def shown_columns(entry: Entry) -> Mapping[str, object]:
    """An entry as a document of an import would tell of it."""
    return {
        name: value if value is None or isinstance(value, str | int) else str(value)
        for name, value in _shown(entry.columns()).items()
    }


def _shown(columns: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in columns.items() if name not in _DERIVED}


def _total(total: Totals) -> Mapping[str, object]:
    return {
        "currency": total.currency,
        "items": total.items,
        "amount": _amount(total),
        "unapplied": plain(total.unapplied, total.currency),
    }


def _amount(total: Totals) -> str:
    return plain(total.amount, total.currency)
