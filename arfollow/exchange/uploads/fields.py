"""The fields that a file of each kind can give, and what a mapping made by clicking becomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from arfollow.exchange.formats import CUSTOMER_FIELDS, DATA, EVENT_FIELDS, OWN, Format
from arfollow.exchange.mapping import mapping_of
from arfollow.exchange.own_columns import field_key, own_name
from arfollow.exchange.uploads.rules import Kind, Settings
from arfollow.profiles.rules import ProfileError, suggested_name

_OF_CUSTOMERS = ("email", "phone", "street", "city", "postal_code", "country", "language", "vat")
_INVOICE = (
    "number customer name date due_date currency amount kind reference instalment applies_to level followed_on "
    "paid_on paid_amount"
).split()
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CUSTOMERS: CUSTOMER_FIELDS,
    Kind.INVOICES: (*_INVOICE, *_OF_CUSTOMERS),
    Kind.PAYMENTS: ("number", "customer", "date", "currency", "amount", "invoice", "instalment", "reference"),
    Kind.EVENTS: EVENT_FIELDS,
    Kind.OPEN_ITEMS: (
        *"number customer name date due_date currency amount open_amount kind reference instalment".split(),
        *_OF_CUSTOMERS,
    ),
}
_OF_INVOICES = ("number", "customer", "date", "due_date", "currency", "amount")
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.CUSTOMERS: ("number", "name"),
    Kind.INVOICES: _OF_INVOICES,
    Kind.PAYMENTS: ("number", "customer", "date", "currency", "amount"),
    Kind.EVENTS: ("customer", "event", "at"),
    Kind.OPEN_ITEMS: _OF_INVOICES,
}
_NUMBERS = frozenset({"number", "customer", "invoice"})
_NAMED = {Kind.CUSTOMERS: OWN, Kind.EVENTS: DATA}
"""How a field begins that the company, or who sends the file, has named."""
_PAYMENT = {"paid_on": "date", "paid_amount": "amount"}


@dataclass(frozen=True, slots=True)
class Given:
    """Where a field comes from: a column, or the same text for all rows."""

    column: str = ""
    constant: str = ""


def is_field(name: str, kind: Kind) -> bool:
    """Whether a file of the kind can give the field: one that is known, or one with a name of somebody's own."""
    if name in FIELDS[kind]:
        return True
    prefix = _NAMED.get(kind, "")
    try:
        return bool(prefix) and name.startswith(prefix) and bool(own_name(name))
    except ProfileError:
        return False


def named_fields(column: str, kind: Kind, known: Collection[str]) -> list[str]:
    """The fields with a name of somebody's own that are offered for a column: the one called like it, and the company's `known` ones."""
    prefix = _NAMED.get(kind)
    if prefix is None:
        return []
    own = suggested_name(column.partition(":")[2] if column.casefold().startswith(prefix) else column)
    names = [own, *known] if kind is Kind.CUSTOMERS else [own]
    return [f"{prefix}{name}" for name in dict.fromkeys(names) if name]


def needed(settings: Settings) -> tuple[str, ...]:
    """The fields without which no row of the file can be read."""
    wanted = NEEDED[settings.kind]
    brings = settings.brings_customers and settings.kind in (Kind.INVOICES, Kind.OPEN_ITEMS)
    return (*wanted, "name") if brings else wanted


def given(settings: Settings) -> dict[str, Given]:
    """Where each field that is given comes from."""
    known = FIELDS[settings.kind]
    found = {
        name: Given(column=column)
        for column, name in settings.columns.items()
        if is_field(name, settings.kind)
    }
    for name, column in settings.same.items():
        if name in known and column:
            found.setdefault(name, Given(column=column))
    for name, value in settings.constants.items():
        if name in known and value:
            found.setdefault(name, Given(constant=value))
    return found


def missing(settings: Settings) -> list[str]:
    """The needed fields that nothing gives."""
    found = given(settings)
    return [name for name in needed(settings) if name not in found]


def definition(settings: Settings) -> dict[str, Any]:
    """The mapping as its TOML would hold it; raises nothing, whatever is missing."""
    found = given(settings)
    parts: dict[str, dict[str, str]] = {}
    constants: dict[str, str] = {}
    for name, source in found.items():
        for part, field in _places(name, settings):
            if source.column:
                parts.setdefault(part, {})[field] = source.column
            else:
                constants[field] = source.constant
    if "payment" in parts and settings.kind is not Kind.PAYMENTS and "number" in found:
        # A settled date is a payment of the invoice, under a number of its own.
        parts["payment"]["number"] = f"paid {{{found['number'].column}}}"
    columns = list(dict.fromkeys(each.column for each in found.values() if each.column))
    numbers = [each.column for name, each in found.items() if name in _NUMBERS and each.column]
    made: dict[str, Any] = {
        "heading": columns,
        "whole_numbers": list(dict.fromkeys(numbers)),
        **parts,
        **({"constants": constants} if constants else {}),
        **({"only": {settings.only_column: list(settings.only_values)}} if settings.only_column else {}),
    }
    if settings.kinds and "kind" in found:
        made["kinds"] = {value: kind for value, kind in settings.kinds.items() if kind}
    if settings.date_order:
        made["date_order"] = settings.date_order
    if settings.decimal_mark:
        made["decimal_mark"] = settings.decimal_mark
    if settings.negative_is_credit:
        made["negative"] = "credit_note"
    if settings.adds_up:
        made["add_up"] = "items"
    return made


def form_of(settings: Settings, heading: Sequence[str], name: str = "") -> Format | None:
    """The format of a mapping made by clicking, for a file of that heading; None while nothing is mapped."""
    made = definition(settings)
    if not any(part in made for part in ("customer", "invoice", "payment", "event")):
        return None
    read = {column.casefold() for column in made["heading"]}
    ignored = [column for column in heading if column.casefold() not in read]
    return replace(mapping_of(name or "own", {**made, "ignored": ignored}), heading=())


def settings_of(form: Format, heading: Sequence[str]) -> Settings:
    """The settings that show what a known format makes of a heading."""
    kind = _kind(form)
    names = {column.casefold(): column for column in reversed(heading)}
    columns: dict[str, str] = {}
    same: dict[str, str] = {}
    form = form.opened(heading)
    parts = {"invoice": form.invoice, "payment": form.payment, "event": form.event, "customer": form.customer}
    for part, fields in parts.items():
        for field, source in fields.items():
            name = field_key(_name_of(part, field, kind))
            column = names.get(source.casefold())
            if column is None or not is_field(name, kind) or name in {*columns.values(), *same}:
                continue
            if column in columns:
                same[name] = column
            else:
                columns[column] = name
    only = next(iter(form.only.items()), ("", ()))
    return Settings(
        kind=kind,
        mapping=form.name,
        columns=columns,
        same=same,
        constants=dict(form.constants),
        only_column=only[0],
        only_values=tuple(only[1]),
        kinds=dict(form.kinds),
        adds_up=form.adds_up,
        negative_is_credit=form.negative_is_credit,
        brings_customers=bool(form.customer),
    )


def _kind(form: Format) -> Kind:
    if form.event:
        return Kind.EVENTS
    if form.invoice:
        return Kind.OPEN_ITEMS if "open_amount" in form.invoice and not form.is_canonical else Kind.INVOICES
    return Kind.PAYMENTS if form.payment else Kind.CUSTOMERS


def _name_of(part: str, field: str, kind: Kind) -> str:
    if part == "payment" and kind is not Kind.PAYMENTS:
        return {"date": "paid_on", "amount": "paid_amount"}.get(field, "")
    if part == "customer" and kind is not Kind.CUSTOMERS:
        return {"number": "customer"}.get(field, field)
    return field


def _places(name: str, settings: Settings) -> list[tuple[str, str]]:
    """The part of a mapping and the field in it that a field of the screen becomes."""
    if settings.kind is Kind.CUSTOMERS:
        return [("customer", name)]
    if settings.kind is Kind.PAYMENTS:
        return [("payment", name)]
    if settings.kind is Kind.EVENTS:
        return [("event", name)]
    if name in _PAYMENT:
        return [("payment", _PAYMENT[name])]
    if name in ("name", *_OF_CUSTOMERS):
        return [("customer", name)] if settings.brings_customers else []
    places = [("invoice", name)]
    if name == "customer" and settings.brings_customers:
        places.append(("customer", "number"))
    return places
