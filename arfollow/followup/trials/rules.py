"""Whom a plan contacts when, if nothing more is paid and every due follow-up is done on its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.levels.rules.facts import Facts, level_terms
from arfollow.levels.rules.outlook import after_done, moves
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.rules.turning import next_chased
from arfollow.receivables.rules.accounts import chased

DAYS = 60
WEEK = 7


@dataclass(frozen=True, slots=True)
class Contact:
    """A follow-up on a day. `level_id` None: none was reached; `claimed`: what its letter would ask for, minor units by currency."""

    day: date
    level_id: int | None
    actions: tuple[str, ...]
    claimed: Mapping[str, int]


def contacts(facts: Facts, *, first: date, days: int = DAYS) -> Iterator[Contact]:
    """The customer's follow-ups from `first` on, for so many days, in their order.

    One that is begun counts as made before: it is marked Done on the first day and is not among them.
    """
    if facts.standing.begun is not None:
        facts = after_done(facts, moves(facts, decide(facts, first), first), first)
    day: date | None = first
    end = first + timedelta(days=days)
    while day is not None and day < end:
        decision = decide(facts, day)
        if decision.reason is not None:
            level = level_terms(facts, decision)
            yield Contact(day, level.id if level else None, decision.actions, _claimed(facts, day))
            facts = after_done(facts, moves(facts, decision, day), day)
        day = next_chased(facts, day)


def tally(made: Sequence[Contact], *, first: date) -> Counter[str]:
    """What one customer's contacts come to, to be added up: their number, by week, level and action; the most that is claimed at once.

    Keys: `contacts`, `customers`, `week:<from 0>:<action>`, `level:<id or 0>:<action>`, each also for `contacts`; `claimed:<currency>`.
    """
    counts: Counter[str] = Counter()
    for contact in made:
        week = (contact.day - first).days // WEEK
        for what in ("contacts", *contact.actions):
            counts[f"week:{week}:{what}"] += 1
            counts[f"level:{contact.level_id}:{what}"] += 1
            counts[what] += 1
        for currency, minor in contact.claimed.items():
            counts[f"claimed:{currency}"] = max(counts[f"claimed:{currency}"], minor)
    counts["customers"] = 1 if made else 0
    return +counts


def differ(now: Sequence[Contact], then: Sequence[Contact]) -> bool:
    """Whether a customer would notice: another day, level or action, or another number of contacts."""
    return [_noticed(each) for each in now] != [_noticed(each) for each in then]


def _noticed(contact: Contact) -> tuple[date, int | None, tuple[str, ...]]:
    return contact.day, contact.level_id, contact.actions


def _claimed(facts: Facts, day: date) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for each in chased(facts.account, day, tolerances=facts.tolerances):
        if each.item.overdue(day):
            sums[each.item.currency] += each.amount
    rests = {currency: sum_ - facts.account.unapplied.get(currency, 0) for currency, sum_ in sums.items()}
    return {currency: rest for currency, rest in rests.items() if rest > 0}
