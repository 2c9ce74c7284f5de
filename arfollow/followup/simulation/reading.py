"""Reads a scenario from JSON, field by field; what is wrong is said with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from arfollow.values.money import AmountError, UnknownCurrencyError, decimals, parse_decimal

T = TypeVar("T")


class ScenarioError(ValueError):
    """A scenario cannot be played; says where in the file, and what is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


class Row:
    """One JSON object of the scenario; every key must be asked for or be known."""

    def __init__(self, content: object, where: str, keys: frozenset[str]) -> None:
        if not isinstance(content, dict):
            raise ScenarioError(where, f"expected an object, got {content!r}")
        self.where = where
        self._content: Mapping[str, Any] = content
        for key in content:
            if key not in keys:
                raise ScenarioError(where, f"unknown key {key!r}; known are {', '.join(sorted(keys))}")

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._content.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as it stands; None when absent."""
        return self._content.get(key)

    def error(self, key: str, what: str) -> ScenarioError:
        """The error to raise about one key of this row."""
        return ScenarioError(f"{self.where}, {key}", what)

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        return self._get(key, default, _text)

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        return self._get(key, default, _number)

    def optional_number(self, key: str) -> int | None:
        """A whole number, or None for null or absent."""
        return self.number(key) if self.has(key) else None

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        return self._get(key, default=False, read=_flag)

    def day(self, key: str) -> date:
        """An ISO date."""
        return self._get(key, None, _day)

    def optional_day(self, key: str) -> date | None:
        """An ISO date, or None for null or absent."""
        return self.day(key) if self.has(key) else None

    def currency(self, key: str, default: str | None = None) -> str:
        """An ISO 4217 code."""
        return self._get(key, default, _currency)

    def minor(self, key: str, currency: str) -> int:
        """An amount of the currency, in minor units, above 0."""
        amount = self._get(key, None, lambda value: _minor(value, currency))
        if amount <= 0:
            raise self.error(key, f"expected an amount above 0, got {self.raw(key)!r}")
        return amount

    def limits(self, key: str, currencies: frozenset[str]) -> dict[str, int]:
        """Minor units by currency, from one number for every currency of the scenario or from numbers by currency."""
        value = self._content.get(key)
        if value is None:
            return {}
        by_currency = value if isinstance(value, dict) else dict.fromkeys(currencies, value)
        try:
            return {_currency(code): _minor(amount, code) for code, amount in by_currency.items()}
        except ValueError as problem:
            raise self.error(key, str(problem)) from None

    def rows(self, key: str, keys: frozenset[str]) -> list[Row]:
        """The objects of a list; none when absent."""
        content = self._content.get(key)
        if content is None:
            return []
        if not isinstance(content, list):
            raise self.error(key, f"expected a list, got {content!r}")
        prefix = f"{self.where}, " if self.where != "scenario" else ""
        return [Row(entry, f"{prefix}{key}[{index}]", keys) for index, entry in enumerate(content)]

    def _get(self, key: str, default: T | None, read: Callable[[Any], T]) -> T:
        value = self._content.get(key)
        if value is None:
            if default is None:
                raise self.error(key, "is missing")
            return default
        try:
            return read(value)
        except (AmountError, UnknownCurrencyError, ValueError) as problem:
            raise self.error(key, str(problem)) from None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected text, got {value!r}")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"expected a whole number, got {value!r}")  # noqa: TRY004 - one error for all bad values
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")  # noqa: TRY004 - one error for all bad values
    return value


def _day(value: object) -> date:
    text = _text(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"expected a date as 2026-01-31, got {text!r}") from None


def _currency(value: object) -> str:
    code = _text(value)
    decimals(code)
    return code


def _minor(value: object, currency: str) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"expected an amount in quotes, got {value!r}")  # noqa: TRY004 - one error for all bad values
    return parse_decimal(str(value), currency)
