"""How much of an amount is free to be allocated, and when a credit is used up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from arfollow.receivables.rules.ledger import Settlement, residual, settled_on


def free(amount: int, settlements: Iterable[Settlement], since: date) -> int:
    """What of the amount is unallocated on every day from `since` on, so that it can be allocated from then on."""
    known = tuple(settlements)
    days = {d for s in known for d in (s.on, s.ended_on) if d is not None and d > since}
    return min(residual(amount, known, day) for day in (since, *days))


def used_up_on(amount: int, settlements: Iterable[Settlement], reversed_on: date | None) -> date | None:
    """The first day from which on nothing of a credit is left unapplied, by all that is known; None while something is."""
    reversal = () if reversed_on is None else (Settlement(reversed_on, None, amount),)
    return settled_on(amount, (*settlements, *reversal))
