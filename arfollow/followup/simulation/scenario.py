"""Scenarios: what a simulation starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from arfollow.levels.rules.steps import Place, PlanTerms
from arfollow.receivables.rules.ledger import CreditLine, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a customer, or to its item; `after_done`: once that day's list has been worked.

    `until`: the last day of a hold (None: without an end) or of a snooze. `on`: a Manual reminder's or a promise's date.
    """

    day: date
    kind: str
    customer: str
    item_id: int | None = None
    item_ids: tuple[int, ...] = ()
    amount: int | None = None
    currency: str = ""
    until: date | None = None
    on: date | None = None
    after_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """A customer with its ledger and its events in order; `places`: how far items were followed before the scenario begins."""

    name: str
    plan: PlanTerms | None
    items: tuple[Item, ...]
    credit_lines: tuple[CreditLine, ...]
    events: tuple[Event, ...]
    places: Mapping[int, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is played: debtors sorted by name, and the days in the order given."""

    debtors: tuple[Debtor, ...]
    days: tuple[date, ...]
    tolerances: Mapping[str, int]
