"""Who may write about money next, where several workflows share a customer's contact gap: who has waited longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Waiter:
    """An enrolment with a message about money, and since when that waits."""

    since: datetime
    enrolment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peace:
    """From which days on a customer may be written to: since what others sent, and since what the asking enrolment sent, too."""

    after_others: date
    after_all: date
    gap_days: int


def turn_on(me: Waiter, others: Sequence[Waiter], *, peace: Peace, today: date) -> date:
    """The day on which it is my turn, or on which I ask again; not after `today`: now. `others`: those of the customer that wait.

    What I send one after the other is my rhythm, which nobody breaks who has not waited for a whole gap.
    """
    in_rhythm = peace.after_all > today >= peace.after_others
    before = [other for other in others if other < me]
    if in_rhythm:
        gap = timedelta(days=peace.gap_days)
        before = [other for other in before if other.since.date() + gap <= today]
    if not before:
        return peace.after_others
    return max(peace.after_all, today + timedelta(days=1))
