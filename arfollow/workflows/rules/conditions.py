"""Conditions on a customer's facts: written as a small tree, decided without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

Value: TypeAlias = str | int | bool | date | Decimal | tuple[str, ...] | None
Facts = Mapping[str, Value]
"""What is known, by name: `customer.country`, `field.lease_start`, `money.overdue`, `answer.s1.score`, `event.replied`, …"""


class Operator(StrEnum):
    """How a fact is compared."""

    IS = "is"
    IS_NOT = "is_not"
    LESS = "less"
    MORE = "more"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    CONTAINS = "contains"
    KNOWN = "known"
    UNKNOWN = "unknown"


ORDERED = frozenset({Operator.LESS, Operator.MORE, Operator.AT_LEAST, Operator.AT_MOST})
WITHOUT_VALUE = frozenset({Operator.KNOWN, Operator.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One comparison. Text is compared without case; a fact that is not known is equal to nothing and no less or more."""

    __test__ = False

    fact: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds; with no part it holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """Some part holds; with no part it does not."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = "Test | All | Some | Not"


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether the facts are as the condition says; None always holds."""
    match condition:
        case None:
            return True
        case All(parts=parts):
            return all(holds(part, facts) for part in parts)
        case Some(parts=parts):
            return any(holds(part, facts) for part in parts)
        case Not(part=part):
            return not holds(part, facts)
        case Test():
            return _compare(condition, facts.get(condition.fact))


def facts_of(condition: Condition | None) -> frozenset[str]:
    """The names of the facts that the condition looks at."""
    match condition:
        case None:
            return frozenset()
        case All(parts=parts) | Some(parts=parts):
            return frozenset().union(*(facts_of(part) for part in parts))
        case Not(part=part):
            return facts_of(part)
        case Test(fact=fact):
            return frozenset({fact})


def _compare(test: Test, fact: Value) -> bool:
    if _is_unknown(fact):
        return test.operator in (Operator.UNKNOWN, Operator.IS_NOT)
    match test.operator:
        case Operator.KNOWN | Operator.UNKNOWN:
            return test.operator is Operator.KNOWN
        case Operator.IS | Operator.IS_NOT:
            return _equal(fact, test.value) is (test.operator is Operator.IS)
        case Operator.CONTAINS:
            return _contains(fact, test.value)
        case _:
            return _ordered(test.operator, fact, test.value)


def _is_unknown(fact: Value) -> bool:
    return fact is None or fact in ("", ())


def _equal(fact: Value, value: Value) -> bool:
    if isinstance(fact, tuple):
        return _contains(fact, value)
    if isinstance(fact, str) or isinstance(value, str):
        return str(fact).casefold() == str(value).casefold()
    return fact == value


def _contains(fact: Value, value: Value) -> bool:
    wanted = str(value).casefold()
    if isinstance(fact, tuple):
        return any(each.casefold() == wanted for each in fact)
    return wanted in str(fact).casefold()


def _ordered(operator: Operator, fact: Value, value: Value) -> bool:
    order = _order(fact, value)
    if order is None:
        return False
    match operator:
        case Operator.LESS:
            return order < 0
        case Operator.MORE:
            return order > 0
        case Operator.AT_LEAST:
            return order >= 0
        case _:
            return order <= 0


def _order(fact: Any, value: Any) -> int | None:
    """Below, at or above 0; None: the two cannot be compared."""
    are_days = isinstance(fact, date) and isinstance(value, date)
    if not are_days and not (_is_number(fact) and _is_number(value)):
        return None
    return int(fact > value) - int(fact < value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
