"""Mappings: small TOML files that say what the columns of a foreign file mean. `mappings/` holds those that come along."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from arfollow.exchange.amounts import DecimalMark
from arfollow.exchange.dates import ORDERS, DateOrder
from arfollow.exchange.formats import (
    CUSTOMER_FIELDS,
    EVENT_FIELDS,
    INVOICE_FIELDS,
    KINDS,
    OPEN,
    PAYMENT_FIELDS,
    Format,
)
from arfollow.values.refusals import N_, Refusal, Remark

_PARTS = {
    "customer": CUSTOMER_FIELDS,
    "invoice": INVOICE_FIELDS,
    "payment": PAYMENT_FIELDS,
    "event": EVENT_FIELDS,
}
_TABLES = frozenset({*_PARTS, "constants", "kinds", "only"})
_KEYS = frozenset({"heading", "date_order", "decimal_mark", "whole_numbers", "ignored", "negative", "add_up"})
MARKS: Mapping[str, DecimalMark] = {"point": ".", "comma": ","}


class MappingError(Refusal, ValueError):
    """A mapping cannot be used; says which, and what is wrong in it."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(N_("mapping %(name)s: %(what)s"), name=name, what=what)


def find_mapping(name: str, saved: Iterable[Format] = ()) -> Format:
    """The mapping in the file of that path, else of that name one that was saved or comes along; raise MappingError."""
    shipped = {each.name: each for each in (*shipped_mappings(), *saved)}
    path = Path(name)
    if not path.is_file():
        if name in shipped:
            return shipped[name]
        known = ", ".join(sorted(shipped))
        what = N_("there is neither such a file nor such a name; known are %(known)s.")
        raise MappingError(name, Remark(what, known=known))
    return parse_mapping(path.stem, path.read_bytes())


@lru_cache(maxsize=1)
def shipped_mappings() -> tuple[Format, ...]:
    """The mappings that come along, by name."""
    folder = files("arfollow.exchange") / "mappings"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda e: e.name)
    return tuple(parse_mapping(each.name.removesuffix(".toml"), each.read_bytes()) for each in found)


def parse_mapping(name: str, content: bytes) -> Format:
    """The format that the TOML describes; raise MappingError."""
    try:
        given = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise MappingError(name, f"it is no TOML: {problem}.") from None
    return mapping_of(name, given)


def mapping_of(name: str, given: Mapping[str, Any]) -> Format:
    """The format that these keys and tables describe, as in the TOML; raise MappingError."""
    return _Reader(name, given).format()


class _Reader:
    """Takes a mapping apart; every key has to be known."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self._name = name
        self._given = given

    def format(self) -> Format:
        self._known(self._given, _KEYS | _TABLES, "")
        parts = {part: self._texts(part, fields) for part, fields in _PARTS.items()}
        if not any(parts.values()):
            raise MappingError(
                self._name, "it has none of the tables [customer], [invoice], [payment], [event]."
            )
        kinds = self._texts("kinds", None)
        for kind in kinds.values():
            self._choose("kinds", kind, sorted(KINDS))
        fields = {name for fields in _PARTS.values() for name in fields}
        mark = self._choice("decimal_mark", list(MARKS))
        return Format(
            name=self._name,
            heading=self._list("heading") or self._named_columns(parts),
            constants=self._texts("constants", fields),
            kinds=kinds,
            only={column: self._list(column, self._table("only")) for column in self._table("only")},
            whole_numbers=self._list("whole_numbers"),
            ignored=self._list("ignored"),
            date_order=next((each for each in ORDERS if each == self._choice("date_order", ORDERS)), None),
            decimal_mark=None if mark is None else MARKS[mark],
            negative_is_credit=self._choice("negative", ["credit_note"]) is not None,
            adds_up=self._choice("add_up", ["items"]) is not None,
            customer=parts["customer"],
            invoice=parts["invoice"],
            payment=parts["payment"],
            event=parts["event"],
        )

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self._given.get(key, {})
        if not isinstance(table, dict):
            raise MappingError(self._name, f"[{key}] has to be a table.")
        return table

    def _texts(self, key: str, allowed: Sequence[str] | set[str] | None) -> Mapping[str, str]:
        table = self._table(key)
        if allowed is not None:
            own = {name for name in table if key in OPEN and name.startswith(OPEN[key])}
            self._known(table, frozenset(allowed) | own, f"[{key}] ")
        for name, value in table.items():
            if not isinstance(value, str):
                raise MappingError(self._name, f"[{key}] {name} has to be a text in quotation marks.")
        return table

    def _list(self, key: str, table: Mapping[str, Any] | None = None) -> list[str]:
        values = (self._given if table is None else table).get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise MappingError(self._name, f"{key} has to be a list of texts.")
        return values

    def _choice(self, key: str, allowed: Sequence[str]) -> str | None:
        value = self._given.get(key)
        return None if value is None else self._choose(key, value, allowed)

    def _choose(self, key: str, value: object, allowed: Sequence[str]) -> str:
        if value not in allowed:
            raise MappingError(self._name, f"{key} has to be one of {', '.join(allowed)}, not {value!r}.")
        return str(value)

    def _known(self, table: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
        unknown = sorted(set(table) - allowed)
        if unknown:
            known = ", ".join(sorted(allowed))
            raise MappingError(self._name, f"{where}{unknown[0]} is not known; known are {known}.")

    def _named_columns(self, parts: Mapping[str, Mapping[str, str]]) -> list[str]:
        return list(
            dict.fromkeys(column for part in parts.values() for column in part.values() if "{" not in column)
        )


def mark_of(word: str | None) -> DecimalMark | None:
    """The decimal mark that `point` or `comma` names."""
    return None if word is None else MARKS[word]


def order_of(word: str | None) -> DateOrder | None:
    """The date order of that name."""
    return next((order for order in ORDERS if order == word), None)
