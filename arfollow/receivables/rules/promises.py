"""Promises to pay: what was received of them, and whether they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.receivables.rules.ledger import CreditLine, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTerms:
    """A promise as it was made: `amount` of `currency` for these items by `due_on` plus grace."""

    id: int
    currency: str
    amount: int
    made_on: date
    due_on: date
    grace_days: int
    item_ids: frozenset[int]
    cancelled_on: date | None = None

    @property
    def broken_on(self) -> date:
        """The day on which it is broken unless it was kept before."""
        return self.due_on + timedelta(days=self.grace_days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseState:
    """A promise on some day: what is still to come of it, when it was kept, and when it is (or would be) broken."""

    terms: PromiseTerms
    outstanding: int
    kept_on: date | None

    def is_open(self, day: date) -> bool:
        """Whether it still covers its items on the day."""
        return self.kept_on is None and not self._cancelled(day) and day < self.terms.broken_on

    def is_broken(self, day: date) -> bool:
        """Whether it stands broken on the day."""
        return self.kept_on is None and not self._cancelled(day) and day >= self.terms.broken_on

    def _cancelled(self, day: date) -> bool:
        return self.terms.cancelled_on is not None and self.terms.cancelled_on <= day


def promise_state(
    terms: PromiseTerms, *, items: Mapping[int, Item], credits_: Iterable[CreditLine], day: date
) -> PromiseState:
    """The promise on the day. `items` holds its items at least; `credits_` all of the customer's in its currency."""
    own = [items[item_id] for item_id in terms.item_ids if item_id in items]
    since = [c for c in credits_ if c.currency == terms.currency and c.on >= terms.made_on]
    last = min(day, terms.broken_on - timedelta(days=1))
    kept_on = next(
        (d for d in _turning_days(terms, own, since) if d <= last and _kept(terms, own, since, d)), None
    )
    return PromiseState(
        terms=terms, outstanding=max(0, terms.amount - _received(terms, own, since, day)), kept_on=kept_on
    )


def _kept(terms: PromiseTerms, items: list[Item], since: list[CreditLine], day: date) -> bool:
    return _received(terms, items, since, day) >= terms.amount or not any(
        item.residual(day) for item in items
    )


def _received(terms: PromiseTerms, items: list[Item], since: list[CreditLine], day: date) -> int:
    applied = sum(s.amount for i in items for s in i.settlements if s.on >= terms.made_on and s.counts(day))
    return applied + sum(credit.unapplied(day) for credit in since)


def _turning_days(terms: PromiseTerms, items: list[Item], since: list[CreditLine]) -> list[date]:
    """The days from the promise on which what was received can have changed, earliest first."""
    days = {terms.made_on} | {credit.on for credit in since}
    settlements = [s for item in items for s in item.settlements] + [
        s for credit in since for s in credit.settlements
    ]
    for settlement in settlements:
        days |= {settlement.on} | ({settlement.ended_on} if settlement.ended_on else set())
    return sorted(day for day in days if day >= terms.made_on)
