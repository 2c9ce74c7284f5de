"""Brings the books into step with a complete list of open items: what is gone was settled, what is back is open again.

The list is the truth as of its day. `docs/decisions` says how each difference is read.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from arfollow.exchange.posting.invoices import post_followed, post_head
from arfollow.exchange.posting.journal import Journal, twice
from arfollow.exchange.posting.stepping import Step
from arfollow.exchange.problems import Place
from arfollow.exchange.rows import CreditRow, InvoiceRow
from arfollow.receivables.rules.books import BookCredit, BookItem
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Count, Quoted, Remark

_GONE_LIMIT = 10


@dataclass(slots=True, kw_only=True)
class Gone:
    """How much of what was open is so no more: how many items, and by currency how much of the value (minor units)."""

    items: int = 0
    of_items: int = 0
    value: Counter[str] = field(default_factory=Counter)
    of_value: Counter[str] = field(default_factory=Counter)

    def count(self, currency: str, *, was: int, is_now: int) -> None:
        """Count an item or a credit that was open."""
        self.items += is_now == 0
        self.of_items += 1
        self.of_value[currency] += was
        self.value[currency] += max(0, was - is_now)

    @property
    def is_much(self) -> bool:
        """Whether more than a tenth of the items, or of a currency's value, is gone."""
        return self.items * _GONE_LIMIT > self.of_items or any(
            value * _GONE_LIMIT > self.of_value[currency] for currency, value in self.value.items()
        )

    @property
    def parts(self) -> tuple[Remark, ...]:
        """How many items, and how much of each currency: to be put into a message."""
        values = [
            Remark(
                N_("%(value)s of %(total)s"),
                value=Money(currency, value),
                total=Money(currency, self.of_value[currency]),
            )
            for currency, value in sorted(self.value.items())
            if value
        ]
        items = Remark(
            N_("%(count)s of %(total)s items"), count=Count(self.items), total=Count(self.of_items)
        )
        return (items, *values)


@dataclass(slots=True)
class _Wanted:
    """What the list says is open; items and credits of its customers that it does not name are not."""

    items: dict[BookItem, int] = field(default_factory=dict)
    credits: dict[BookCredit, int] = field(default_factory=dict)

    def close(self, items: Iterable[BookItem], credits_: Iterable[BookCredit]) -> None:
        """Nothing is open of these, where the list does not say otherwise."""
        for item in items:
            self.items.setdefault(item, 0)
        for credit in credits_:
            self.credits.setdefault(credit, 0)


def post_open_items(journal: Journal, *, day: dt.date, scope: Collection[str], gone: Gone) -> None:
    """Make exactly what the list names open on the day, for the customers of `scope`, and count what is gone.

    Once there are problems, in these rows or in others before, more of them are looked for, and nothing else is done.
    """
    open_before = _open_entries(journal, day, scope)
    wanted = _wanted(journal)
    if len(journal.problems):
        return
    wanted.close(open_before.items, open_before.credits)
    step = Step(journal, day)
    for credit, amount in wanted.credits.items():
        step.raise_credit(credit, amount)
    for item, amount in wanted.items.items():
        step.raise_item(item, amount)
    # Taking back what was applied opens the other side: the list decides about that, too.
    wanted.close(step.reopened, step.freed)
    step.lower(wanted.items, wanted.credits)
    for item, was in open_before.items.items():
        gone.count(item.invoice.currency, was=was, is_now=wanted.items[item])
    for credit, was in open_before.credits.items():
        gone.count(credit.currency, was=was, is_now=wanted.credits[credit])


def _open_entries(journal: Journal, day: dt.date, scope: Collection[str]) -> _Wanted:
    return _Wanted(
        items={
            item: residual
            for item in journal.books.items
            if item.invoice.date <= day
            and item.invoice.customer.number in scope
            and (residual := item.residual(day))
        },
        credits={
            credit: left
            for credit in journal.books.credits.values()
            if credit.date <= day and credit.customer.number in scope and (left := credit.unapplied(day))
        },
    )


def _wanted(journal: Journal) -> _Wanted:
    wanted = _Wanted()
    heads: dict[str, InvoiceRow] = {}
    places: dict[tuple[str, int], Place] = {}
    for row in journal.rows.invoices:
        if (row.number, row.instalment) in places:
            message = twice(
                places[row.number, row.instalment],
                row.place,
                Remark(N_("item %(number)s"), number=Quoted(row.number)),
            )
            journal.problems.about(row.place, "invoice", message)
            continue
        places[row.number, row.instalment] = row.place
        item = _post_item(journal, row, heads.setdefault(row.number, row))
        if item is not None:
            wanted.items[item] = row.amount if row.open_amount is None else row.open_amount
            journal.mentioned.append(item)
            post_followed(journal, row, item)
    for credit_row in journal.rows.credits:
        credit = _post_credit(journal, credit_row)
        if credit is not None and credit in wanted.credits:
            message = Remark(N_("credit %(number)s is there twice."), number=Quoted(credit_row.number))
            journal.problems.about(credit_row.place, "invoice", message)
        elif credit is not None:
            wanted.credits[credit] = credit_row.amount
            journal.mentioned.append(credit)
    return wanted


def _post_item(journal: Journal, row: InvoiceRow, head: InvoiceRow) -> BookItem | None:
    invoice = post_head(journal, row, head)
    if invoice is None:
        return None
    item = invoice.items.get(row.instalment)
    if item is None:
        item = BookItem(invoice=invoice, number=row.instalment, due_date=row.due_date, amount=row.amount)
        invoice.items[row.instalment] = item
    elif row.open_amount is not None:
        item.amount = row.amount
    item.due_date = row.due_date
    return item


def _post_credit(journal: Journal, row: CreditRow) -> BookCredit | None:
    customer = journal.customer(row.place, row.customer)
    if customer is None:
        return None
    other = "payment" if row.kind == "credit_note" else "credit_note"
    known = journal.books.credits
    credit = known.get((row.kind, row.number)) or known.get((other, row.number))
    if credit is None:
        credit = BookCredit(
            kind=row.kind,
            number=row.number,
            customer=customer,
            date=row.date,
            currency=row.currency,
            amount=row.amount,
        )
        known[row.kind, row.number] = credit
    if credit.customer is not customer or credit.currency != row.currency:
        message = Remark(
            N_("%(number)s is known as a credit of %(customer)s in %(currency)s."),
            number=Quoted(row.number),
            customer=credit.customer.number,
            currency=credit.currency,
        )
        journal.problems.about(row.place, "invoice", message)
        return None
    if row.reference is not None:
        credit.reference = row.reference
    return credit
