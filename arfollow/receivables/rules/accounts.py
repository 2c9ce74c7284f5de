"""A customer's account on a day: what is owed of it, and what may be chased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.receivables.rules.ledger import CreditLine, Item
from arfollow.receivables.rules.promises import PromiseState, PromiseTerms, promise_state


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An item with a residual. `disputed` is never above it; `hold_until`: the last day of its hold, None: no hold."""

    id: int
    invoice: str
    instalment: int
    invoice_date: date
    due_date: date
    currency: str
    amount: int
    residual: int
    disputed: int = 0
    hold_until: date | None = None

    def overdue(self, day: date) -> bool:
        """Due today is not overdue."""
        return self.due_date < day


@dataclass(frozen=True, slots=True)
class Chased:
    """An item that may be chased, and how much of it."""

    item: OpenItem
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of a customer's money on `as_of`. Open items come oldest due first; promises as they were made."""

    as_of: date
    items: tuple[OpenItem, ...]
    unapplied: Mapping[str, int]
    promises: tuple[PromiseState, ...] = ()
    hold_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """A hold on an item, or on the customer (`item_id` None), until and including `until` (None: until released)."""

    item_id: int | None
    set_on: date
    until: date | None
    released_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTerms:
    """A dispute about an item, or about `amount` of it."""

    item_id: int
    opened_on: date
    amount: int | None
    resolved_on: date | None = None


def account(
    *,
    day: date,
    items: Iterable[Item],
    credits_: Iterable[CreditLine],
    promises: Iterable[PromiseTerms] = (),
    disputes: Iterable[DisputeTerms] = (),
    holds: Iterable[HoldTerms] = (),
) -> Account:
    """The account from facts, of which only those dated up to the day count."""
    by_id = {item.id: item for item in items if item.invoice_date <= day}
    credit_lines = [credit for credit in credits_ if credit.on <= day]
    held = _holds_on(holds, day)
    disputed = _disputed_on(disputes, day)
    return Account(
        as_of=day,
        items=tuple(_open_items(by_id.values(), disputed, held, day)),
        unapplied=_unapplied(credit_lines, day),
        promises=tuple(
            promise_state(terms, items=by_id, credits_=credit_lines, day=day)
            for terms in sorted(promises, key=lambda terms: (terms.made_on, terms.id))
            if terms.made_on <= day
        ),
        hold_until=held.get(None),
    )


def chased(account: Account, day: date, *, tolerances: Mapping[str, int]) -> tuple[Chased, ...]:
    """The chaseable items on a day from `as_of` on, with their chased residuals; oldest due first."""
    if holds_on(account.hold_until, day):
        return ()
    return tuple(
        Chased(item, amount)
        for item, amount in chased_residuals(account, day)
        if amount > tolerances.get(item.currency, 0) and not holds_on(item.hold_until, day)
    )


def chased_residuals(account: Account, day: date) -> Iterator[tuple[OpenItem, int]]:
    """Each open item with its residual less its disputed part and what open promises cover of it."""
    left = {item.id: item.residual - item.disputed for item in account.items}
    for promise in account.promises:
        if promise.is_open(day):
            _cover(promise, account.items, left)
    return ((item, left[item.id]) for item in account.items)


def holds_on(hold_until: date | None, day: date) -> bool:
    """Whether a hold with that last day (None: no hold) is in force."""
    return hold_until is not None and day <= hold_until


def _cover(promise: PromiseState, items: tuple[OpenItem, ...], left: dict[int, int]) -> None:
    outstanding = promise.outstanding
    for item in items:
        if item.id in promise.terms.item_ids:
            covered = min(outstanding, left[item.id])
            left[item.id] -= covered
            outstanding -= covered


def _open_items(
    items: Iterable[Item], disputed: Mapping[int, int | None], held: Mapping[int | None, date], day: date
) -> Iterator[OpenItem]:
    for item in sorted(items, key=lambda item: item.order):
        residual = item.residual(day)
        if residual:
            part = disputed.get(item.id, 0)
            yield OpenItem(
                id=item.id,
                invoice=item.invoice,
                instalment=item.instalment,
                invoice_date=item.invoice_date,
                due_date=item.due_date,
                currency=item.currency,
                amount=item.amount,
                residual=residual,
                disputed=residual if part is None else min(part, residual),
                hold_until=held.get(item.id),
            )


def _unapplied(credit_lines: Iterable[CreditLine], day: date) -> dict[str, int]:
    sums: dict[str, int] = {}
    for credit in credit_lines:
        left = credit.unapplied(day)
        if left:
            sums[credit.currency] = sums.get(credit.currency, 0) + left
    return sums


def _holds_on(holds: Iterable[HoldTerms], day: date) -> dict[int | None, date]:
    """The last day of each hold in force, by item (None: the customer's); the later one where two overlap."""
    lasts: dict[int | None, date] = {}
    for hold in holds:
        last = hold.until or date.max
        if hold.released_on is not None:
            last = min(last, hold.released_on - timedelta(days=1))
        if hold.set_on <= day <= last:
            lasts[hold.item_id] = max(last, lasts.get(hold.item_id, last))
    return lasts


def _disputed_on(disputes: Iterable[DisputeTerms], day: date) -> dict[int, int | None]:
    """The disputed part by item, None: all of it; the latest dispute wins."""
    return {
        dispute.item_id: dispute.amount
        for dispute in sorted(disputes, key=lambda dispute: dispute.opened_on)
        if dispute.opened_on <= day and (dispute.resolved_on is None or dispute.resolved_on > day)
    }
