"""Pure rules of the stored list: what one row of it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from itertools import groupby
from typing import NamedTuple

from arfollow.levels.rules.explaining import Code, Explanation
from arfollow.levels.rules.facts import Facts
from arfollow.receivables.rules.accounts import Account, OpenItem


class Status(StrEnum):
    """Where a customer stands: to be worked, late but resting, or neither."""

    ACTION = "action"
    OVERDUE = "overdue"
    NONE = "none"


class Band(IntEnum):
    """The list's bands, most urgent first."""

    UNDELIVERED = 1
    PROMISE_BROKEN = 2
    TASK = 3
    MANUAL = 4
    LEVEL = 5
    STARTED = 6
    REVIEW = 7
    CASH = 8
    NOT_LISTED = 9


_BANDS = {Code(band.name.lower()): band for band in Band if band is not Band.NOT_LISTED}


class Due(NamedTuple):
    """Open items with one due date: how many, and what they leave open in minor units."""

    on: date
    items: int
    amount: int


@dataclass(frozen=True, slots=True)
class CurrencyAmounts:
    """What a customer owes in one currency, before unapplied credit, in minor units. `dues`: the same by due date."""

    currency: str
    overdue: int
    total: int
    unapplied: int
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One customer's row. `level_id`: the customer's level; `follow_up_on`: the next day on the list, None once listed."""

    status: Status
    code: Code
    band: Band
    level_id: int | None
    actions: tuple[str, ...]
    follow_up_on: date | None
    oldest_due_on: date | None
    changes_on: date | None
    amounts: tuple[CurrencyAmounts, ...]

    @property
    def has_overdue(self) -> bool:
        """Whether something is overdue."""
        return any(amounts.overdue for amounts in self.amounts)


def listing(facts: Facts, explanation: Explanation, *, day: date, ledger_day: date | None) -> Listing:
    """The row of a customer on the day; `ledger_day`: the first later day that a row of its ledger is dated."""
    account, decision = facts.account, explanation.decision
    days = [each for each in (explanation.turns_on, ledger_day) if each is not None]
    overdue = any(item.overdue(day) for item in account.items)
    status = Status.ACTION if decision.listed else Status.OVERDUE if overdue else Status.NONE
    level = None if facts.plan is None or decision.level is None else facts.plan.levels[decision.level]
    return Listing(
        status=status,
        code=explanation.code,
        band=_BANDS[explanation.code] if decision.listed else Band.NOT_LISTED,
        level_id=level.id if level else None,
        actions=decision.actions,
        follow_up_on=None if decision.listed else explanation.next_on,
        oldest_due_on=account.items[0].due_date if account.items else None,
        changes_on=min(days, default=None),
        amounts=tuple(_amounts(facts, day)),
    )


def _amounts(facts: Facts, day: date) -> list[CurrencyAmounts]:
    account = facts.account
    currencies = sorted({item.currency for item in account.items} | set(account.unapplied))
    return [_in_currency(account, currency, day) for currency in currencies]


def _in_currency(account: Account, currency: str, day: date) -> CurrencyAmounts:
    items = [item for item in account.items if item.currency == currency]
    return CurrencyAmounts(
        currency=currency,
        overdue=sum(item.residual for item in items if item.overdue(day)),
        total=sum(item.residual for item in items),
        unapplied=account.unapplied.get(currency, 0),
        dues=tuple(_dues(items)),
    )


def _dues(items: Sequence[OpenItem]) -> Iterator[Due]:
    """Open items come oldest due first."""
    for on, group in groupby(items, lambda item: item.due_date):
        residuals = [item.residual for item in group]
        yield Due(on=on, items=len(residuals), amount=sum(residuals))
