"""Pure rules of the stored list: what one row of it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from arfollow.levels.rules.explaining import Code, Explanation
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.turning import next_turning_day


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


@dataclass(frozen=True, slots=True)
class CurrencyAmounts:
    """What a customer owes in one currency, before unapplied credit, in minor units."""

    currency: str
    overdue: int
    total: int
    unapplied: int


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
    days = [each for each in (next_turning_day(facts, day), ledger_day) if each is not None]
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
    return [
        CurrencyAmounts(
            currency=currency,
            overdue=sum(i.residual for i in account.items if i.currency == currency and i.overdue(day)),
            total=sum(i.residual for i in account.items if i.currency == currency),
            unapplied=account.unapplied.get(currency, 0),
        )
        for currency in currencies
    ]
