"""A customer's money as its page shows it: totals and items, from the same facts that decide about follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.steps import LevelTerms, next_step
from arfollow.receivables.rules.accounts import OpenItem, chased_residuals, holds_on
from arfollow.receivables.rules.aging import bucket, buckets
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a customer owes in one currency. `disputed`, `promised` and `held` are parts of `total`, none of them chased.

    `aging`: the names of the company's buckets in order, with what is open in each.
    """

    currency: str
    overdue: Money
    not_due: Money
    unapplied: Money
    disputed: Money
    promised: Money
    held: Money
    aging: tuple[tuple[str, Money], ...]

    @property
    def total(self) -> Money:
        """All open items, before unapplied credit."""
        return self.overdue + self.not_due

    @property
    def balance(self) -> Money:
        """What is left when unapplied credit is taken off; may be below 0."""
        return self.total - self.unapplied


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An open item. `days_late` is 0 until it is overdue; `held_until` is date.max for a hold without an end.

    `level`: where it was followed last; `next_level` is due on `next_on`, which may have passed. `rests`: it goes nowhere
    meanwhile, because it is held, or disputed or promised but for a tolerated rest.
    """

    id: int
    name: str
    invoice_date: date
    due_date: date
    days_late: int
    amount: Money
    open: Money
    disputed: Money
    promised: Money
    held_until: date | None
    level: LevelTerms | None
    level_position: int | None
    next_level: LevelTerms | None
    next_position: int | None
    next_on: date | None
    rests: bool

    @property
    def paid(self) -> Money:
        """What was applied to it so far."""
        return self.amount - self.open


def totals(facts: Facts, day: date, *, borders: Sequence[int]) -> tuple[Totals, ...]:
    """The customer's totals by currency, sorted by code; empty when nothing is open and nothing unapplied."""
    lines = item_lines(facts, day)
    all_held = holds_on(facts.account.hold_until, day)
    currencies = {line.open.currency for line in lines} | set(facts.account.unapplied)
    return tuple(
        _totals(
            currency,
            [line for line in lines if line.open.currency == currency],
            unapplied=facts.account.unapplied.get(currency, 0),
            all_held=all_held,
            borders=borders,
        )
        for currency in sorted(currencies)
    )


def item_lines(facts: Facts, day: date) -> tuple[ItemLine, ...]:
    """The open items, by currency and then oldest due first."""
    chased = {item.id: amount for item, amount in chased_residuals(facts.account, day)}
    items = sorted(facts.account.items, key=lambda item: item.currency)
    return tuple(_line(facts, item, chased, day) for item in items)


def item_name(invoice: str, instalment: int) -> str:
    """How an item is called: the invoice's number, and the instalment's where it is not the first."""
    return invoice if instalment == 1 else f"{invoice}/{instalment}"


def _line(facts: Facts, item: OpenItem, chased: Mapping[int, int], day: date) -> ItemLine:
    plan = facts.plan
    place = facts.standing.places.get(item.id)
    step = next_step(plan, due_date=item.due_date, place=place, day=day) if plan else None
    return ItemLine(
        id=item.id,
        name=item_name(item.invoice, item.instalment),
        invoice_date=item.invoice_date,
        due_date=item.due_date,
        days_late=max(0, (day - item.due_date).days),
        amount=Money(item.currency, item.amount),
        open=Money(item.currency, item.residual),
        disputed=Money(item.currency, item.disputed),
        promised=Money(item.currency, item.residual - item.disputed - chased[item.id]),
        held_until=item.hold_until if holds_on(item.hold_until, day) else None,
        level=plan.levels[place.level] if plan and place else None,
        level_position=place.level + 1 if place else None,
        next_level=plan.levels[step.level] if plan and step else None,
        next_position=step.level + 1 if step else None,
        next_on=step.due_on if step else None,
        rests=holds_on(facts.account.hold_until, day)
        or holds_on(item.hold_until, day)
        or chased[item.id] <= facts.tolerances.get(item.currency, 0),
    )


def _totals(
    currency: str, lines: list[ItemLine], *, unapplied: int, all_held: bool, borders: Sequence[int]
) -> Totals:
    held = [line for line in lines if all_held or line.held_until is not None]
    open_in = [0] * len(buckets(borders))
    for line in lines:
        open_in[bucket(line.days_late, borders)] += line.open.minor
    return Totals(
        currency=currency,
        overdue=Money(currency, sum(line.open.minor for line in lines if line.days_late)),
        not_due=Money(currency, sum(line.open.minor for line in lines if not line.days_late)),
        unapplied=Money(currency, unapplied),
        disputed=Money(currency, sum(line.disputed.minor for line in lines)),
        promised=Money(currency, sum(line.promised.minor for line in lines)),
        held=Money(
            currency, sum(line.open.minor - line.disputed.minor - line.promised.minor for line in held)
        ),
        aging=tuple(
            (name, Money(currency, minor)) for name, minor in zip(buckets(borders), open_in, strict=True)
        ),
    )
