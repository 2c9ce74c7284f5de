"""Changes of the books from one list of open items to the next: reopen, raise, settle, write off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from arfollow.exchange.posting.journal import Journal
from arfollow.receivables.rules.books import BookAllocation, BookCredit, BookCustomer, BookItem
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Remark

ORIGIN = "open-items"
"""Origin of payments and allocations that were concluded from a list."""


class Step:
    """One list's changes. An entry dated after the list's day counts from its own date."""

    def __init__(self, journal: Journal, day: dt.date) -> None:
        self._journal = journal
        self._day = day
        self.freed: dict[BookCredit, None] = {}
        self.reopened: dict[BookItem, None] = {}

    def raise_credit(self, credit: BookCredit, amount: int) -> None:
        """Leave at least `amount` of the credit unapplied: take back what it is applied to, the latest first."""
        since = max(self._day, credit.date)
        if credit.reversed_on is not None:
            credit.reversed_on = None
        for allocation in _latest_first(credit.allocations, since):
            if credit.unapplied(since) >= amount:
                return
            allocation.end(since)
            if allocation.item is not None:
                self.reopened[allocation.item] = None
        self._raise_amount(credit, amount - credit.unapplied(since), credit.currency)

    def raise_item(self, item: BookItem, amount: int) -> None:
        """Leave at least `amount` of the item open: take back what was concluded from earlier lists first."""
        since = max(self._day, item.invoice.date)
        concluded_first = sorted(
            _latest_first(item.allocations, since), key=lambda each: each.origin != ORIGIN
        )
        for allocation in concluded_first:
            if item.residual(since) >= amount:
                return
            self._take_back(allocation, since)
        self._raise_amount(item, amount - item.residual(since), item.invoice.currency)

    def lower(self, items: Mapping[BookItem, int], credits_: Mapping[BookCredit, int]) -> None:
        """Leave exactly these amounts open: what items have more is settled, first by what credits have more, then by payments.

        What is still left of a credit was not used for any item: it is written off.
        """
        pools = _Pools(
            (credit, credit.unapplied(self._since(credit)) - left) for credit, left in credits_.items()
        )
        too_open = ((item, item.residual(self._since(item)) - left) for item, left in items.items())
        for item, amount in sorted(
            (pair for pair in too_open if pair[1] > 0),
            key=lambda pair: (pair[0].due_date, pair[0].invoice.number, pair[0].number),
        ):
            left = amount
            for credit, part in pools.take(item.invoice.customer, item.invoice.currency, amount):
                self._apply(credit, item, part)
                left -= part
            if left:
                self._pay(item, left)
        for credit, amount in pools.left:
            self._write_off(credit, amount)

    def _since(self, entry: BookItem | BookCredit) -> dt.date:
        own = entry.invoice.date if isinstance(entry, BookItem) else entry.date
        return max(self._day, own)

    def _take_back(self, allocation: BookAllocation, since: dt.date) -> None:
        allocation.end(since)
        credit = allocation.credit
        if credit is None:
            return
        if credit.origin == ORIGIN:
            credit.reversed_on = max(since, credit.date)
        else:
            self.freed[credit] = None

    def _raise_amount(self, entry: BookItem | BookCredit, by: int, currency: str) -> None:
        if by <= 0:
            return
        before = Money(currency, entry.amount)
        entry.amount += by
        self._journal.notes.append(
            Remark(
                N_("%(what)s: more is open than its amount of %(before)s; it was raised to %(after)s."),
                what=entry.key,
                before=before,
                after=Money(currency, entry.amount),
            )
        )

    def _apply(self, credit: BookCredit, item: BookItem, amount: int) -> None:
        since = max(self._since(credit), self._since(item))
        _make_room(credit.allocations, credit, since, amount)
        _make_room(item.allocations, item, since, amount)
        self._journal.books.apply(credit, item, amount, on=since, origin=ORIGIN)

    def _pay(self, item: BookItem, amount: int) -> None:
        since = self._since(item)
        number = self._free_number(f"{since.isoformat()} {item.key}")
        payment = BookCredit(
            kind="payment",
            number=number,
            customer=item.invoice.customer,
            date=since,
            currency=item.invoice.currency,
            amount=amount,
            origin=ORIGIN,
        )
        self._journal.books.credits[payment.kind, number] = payment
        self._apply(payment, item, amount)

    def _free_number(self, wanted: str) -> str:
        number, again = wanted, 1
        while ("payment", number) in self._journal.books.credits:
            again += 1
            number = f"{wanted} ({again})"
        return number

    def _write_off(self, credit: BookCredit, amount: int) -> None:
        """The credit is gone, and nothing that it could have settled is: it was paid out, or cancelled."""
        since = self._since(credit)
        _make_room(credit.allocations, credit, since, amount)
        if credit.unapplied(since) == amount and not any(
            each.settlement.counts(since) for each in credit.allocations
        ):
            credit.reversed_on = since
            for allocation in credit.allocations:
                if allocation.stands:
                    allocation.end(since)
        else:
            credit.amount -= amount


class _Pools:
    """What of each customer's credits is gone from the list, by currency; the oldest is used first."""

    def __init__(self, used: Iterable[tuple[BookCredit, int]]) -> None:
        self._pools: dict[tuple[BookCustomer, str], list[tuple[BookCredit, int]]] = {}
        some = ((credit, amount) for credit, amount in used if amount > 0)
        for credit, amount in sorted(some, key=lambda pair: (pair[0].date, pair[0].kind, pair[0].number)):
            self._pools.setdefault((credit.customer, credit.currency), []).append((credit, amount))

    def take(self, customer: BookCustomer, currency: str, amount: int) -> Iterator[tuple[BookCredit, int]]:
        """Credits and parts of them, together at most the amount."""
        pool = self._pools.get((customer, currency), [])
        while pool and amount:
            credit, left = pool.pop(0)
            part = min(left, amount)
            if left > part:
                pool.insert(0, (credit, left - part))
            amount -= part
            yield credit, part

    @property
    def left(self) -> Iterator[tuple[BookCredit, int]]:
        """What nobody took."""
        return (pair for pool in self._pools.values() for pair in pool)


def _latest_first(allocations: Iterable[BookAllocation], since: dt.date) -> list[BookAllocation]:
    standing = [each for each in allocations if each.settlement.counts(since)]
    return sorted(standing, key=lambda each: (each.on, each.id or 0), reverse=True)


def _make_room(
    allocations: Iterable[BookAllocation], entry: BookItem | BookCredit, since: dt.date, amount: int
) -> None:
    """Annul what was applied after the list's day where the list leaves no room for it; the latest first."""
    later = [each for each in allocations if each.stands and each.on > since]
    for allocation in sorted(later, key=lambda each: each.on, reverse=True):
        if entry.free(since) >= amount:
            return
        allocation.end(allocation.on)
