"""The events of a scenario."""

from __future__ import annotations

from collections.abc import Collection

from arfollow.followup.simulation.ledger import Books
from arfollow.followup.simulation.reading import Row
from arfollow.followup.simulation.scenario import Event

_EVENT = frozenset(
    {"date", "event", "customer", "invoice", "instalment", "invoices", "amount", "on", "until", "after_done"}
)


def parse_events(scenario: Row, books: Books, *, customers: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """Events by customer, in the order in which they happen; raise ScenarioError for one that cannot."""
    events: dict[str, list[Event]] = {}
    for row in scenario.rows("events", _EVENT):
        kind = row.text("event")
        if kind not in _KINDS:
            raise row.error("event", f"unknown event {kind!r}; known are {', '.join(sorted(_KINDS))}")
        customer = row.text("customer")
        if customer not in customers:
            raise row.error("customer", f"unknown customer {customer!r}")
        events.setdefault(customer, []).append(_KINDS[kind](row, books, kind, customer))
    return {
        name: tuple(sorted(of, key=lambda event: (event.day, event.after_done)))
        for name, of in events.items()
    }


def _of_item(row: Row, books: Books, kind: str, customer: str) -> Event:
    item_id = _item(row, books, customer)
    if item_id is None and kind in ("dispute", "resolve"):
        raise row.error("invoice", "is missing")
    amount = row.minor("amount", books.items[item_id].currency) if item_id and row.has("amount") else None
    return Event(
        day=row.day("date"),
        kind=kind,
        customer=customer,
        item_id=item_id,
        amount=amount,
        until=row.optional_day("until"),
        after_done=row.flag("after_done"),
    )


def _of_customer(row: Row, _books: Books, kind: str, customer: str) -> Event:
    return Event(
        day=row.day("date"),
        kind=kind,
        customer=customer,
        until=row.day("until") if kind == "snooze" else None,
        on=row.day("on") if kind == "manual" else None,
        after_done=row.flag("after_done"),
    )


def _of_items(row: Row, books: Books, kind: str, customer: str) -> Event:
    item_ids = _items(row, books, customer)
    currencies = {books.items[item_id].currency for item_id in item_ids} or {books.default_currency}
    if len(currencies) > 1:
        raise row.error("invoices", f"a promise is of one currency, not of {', '.join(sorted(currencies))}")
    currency = currencies.pop()
    return Event(
        day=row.day("date"),
        kind=kind,
        customer=customer,
        item_ids=item_ids,
        amount=row.minor("amount", currency),
        currency=currency,
        on=row.day("on"),
        after_done=row.flag("after_done"),
    )


def _items(row: Row, books: Books, customer: str) -> tuple[int, ...]:
    if not row.has("invoices"):
        day = row.day("date")
        return tuple(item.id for item in books.items_of(customer) if item.residual(day))
    named = row.raw("invoices")
    if not isinstance(named, list) or any(not isinstance(key, list) or len(key) != 2 for key in named):  # noqa: PLR2004 - pairs
        raise row.error("invoices", "expected a list of [invoice, instalment]")
    return tuple(_item_id(row, books, customer, key[0], key[1]) for key in named)


def _item(row: Row, books: Books, customer: str) -> int | None:
    if not row.has("invoice"):
        return None
    return _item_id(row, books, customer, row.text("invoice"), row.number("instalment", 1))


def _item_id(row: Row, books: Books, customer: str, invoice: object, instalment: object) -> int:
    item_id = books.keys.get((str(invoice), instalment if isinstance(instalment, int) else -1))
    if item_id is None or books.owners[item_id] != customer:
        raise row.error("invoice", f"unknown item {invoice!r} instalment {instalment!r} of {customer!r}")
    return item_id


_KINDS = {
    "hold": _of_item,
    "release": _of_item,
    "dispute": _of_item,
    "resolve": _of_item,
    "promise": _of_items,
    "snooze": _of_customer,
    "manual": _of_customer,
    "auto": _of_customer,
}
