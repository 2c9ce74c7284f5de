"""Who is responsible for a customer, by the company's rules: the first that fits says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arfollow.receivables.rules import fields
from arfollow.values.folding import fold
from arfollow.values.money import UnknownCurrencyError, decimals
from arfollow.values.refusals import N_, Refusal

Columns = Mapping[str, str]
_Test = Callable[[str], bool]
_RANGE = re.compile(r"\s*(?:\.\.|–|—)\s*")
_HYPHEN = re.compile(r"([0-9a-z]+)\s*-\s*([0-9a-z]+)")
_LONGEST = 500


class By(StrEnum):
    """What of a customer a rule looks at; the value is the customer's column."""

    COUNTRY = "country"
    POSTAL_CODE = "postal_code"
    NAME = "name"
    NUMBER = "number"
    LANGUAGE = "language"
    CURRENCY = "currency"
    EVERYBODY = "everybody"


class RuleError(Refusal, ValueError):
    """What a rule asks for cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Customers whose `by` is among `asked` are this user's. `asked`: parts with commas between, none for everybody."""

    by: By
    asked: str
    user_id: int


def checked(by: By, text: str) -> str:
    """What a rule asks for, tidied; raise RuleError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if by is By.EVERYBODY:
        return ""
    if not parts:
        raise RuleError(N_("Please enter what to look for."))
    tidied = ", ".join(_tidied(by, part) for part in parts)
    if len(tidied) > _LONGEST:
        raise RuleError(N_("At most %(number)s characters are kept: make two rules of it."), number=_LONGEST)
    return tidied


def chooser(rules: Sequence[Rule]) -> Callable[[Columns], int | None]:
    """A function that gives the user who is responsible for the customer with these columns; None: no rule fits."""
    tests = [(rule.by.value, _test(rule), rule.user_id) for rule in rules]

    def choose(customer: Columns) -> int | None:
        for column, fits, user_id in tests:
            if fits(customer.get(column, "")):
                return user_id
        return None

    return choose


def _tidied(by: By, part: str) -> str:
    try:
        match by:
            case By.COUNTRY:
                return fields.country(part)
            case By.LANGUAGE:
                return fields.language(part)
            case By.CURRENCY:
                decimals(part.upper())
                return part.upper()
    except fields.FieldError as error:
        raise RuleError(error.message, **error.values) from None
    except UnknownCurrencyError:
        raise RuleError(
            N_("“%(text)s” is not a currency code of three letters, such as EUR."), text=part
        ) from None
    first, last = _borders(by, part)
    if last is None:
        return part
    if len(first) != len(last):
        raise RuleError(
            N_("“%(part)s” is no range: its two ends need the same length, such as 10–19 or A–K."), part=part
        )
    if first > last:
        raise RuleError(N_("“%(part)s” is no range: its first end comes after its last."), part=part)
    return f"{first.upper()}–{last.upper()}"


def _borders(by: By, part: str) -> tuple[str, str | None]:
    """The ends of a range, folded; without a second one it is no range but a beginning."""
    ends = [_folded(by, end) for end in _RANGE.split(part)]
    if len(ends) == 2 and all(ends):  # noqa: PLR2004 - first and last
        return ends[0], ends[1]
    hyphen = _HYPHEN.fullmatch(fold(part))
    # A hyphen is also a part of numbers and of Portuguese and Polish postal codes.
    if hyphen and by is not By.NUMBER and len(hyphen[1]) == len(hyphen[2]):
        return hyphen[1], hyphen[2]
    return _folded(by, part), None


def _folded(by: By, text: str) -> str:
    folded = fold(text)
    return folded.replace(" ", "") if by is By.POSTAL_CODE else folded


def _test(rule: Rule) -> _Test:
    parts = [part for part in rule.asked.split(", ") if part]
    match rule.by:
        case By.EVERYBODY:
            return lambda _value: True
        case By.COUNTRY | By.CURRENCY:
            codes = frozenset(parts)
            return codes.__contains__
        case By.LANGUAGE:
            return _speaks(parts)
        case _:
            return _begins(rule.by, parts)


def _speaks(parts: Sequence[str]) -> _Test:
    """`de` is asked of `de-AT` too, but not the other way round."""
    tags = frozenset(parts)
    return lambda value: value in tags or value.partition("-")[0] in tags


def _begins(by: By, parts: Sequence[str]) -> _Test:
    borders = [_borders(by, part) for part in parts]
    beginnings = tuple(first for first, last in borders if last is None)
    ranges = [(first, last) for first, last in borders if last is not None]

    def fits(value: str) -> bool:
        folded = _folded(by, value)
        return folded.startswith(beginnings) or any(
            first <= folded[: len(first)] <= last for first, last in ranges
        )

    return fits
