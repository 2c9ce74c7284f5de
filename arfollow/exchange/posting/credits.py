"""Enters payments and credit notes, and applies them to the items that the files name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arfollow.exchange.posting.invoices import instalment as named
from arfollow.exchange.posting.journal import Journal, twice
from arfollow.exchange.rows import CreditRow
from arfollow.receivables.rules.books import BookAllocation, BookCredit, BookItem
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Quoted, Remark

_FIELDS = {"payment": "payment", "credit_note": "invoice"}
_NAMES = {"payment": N_("payment %(number)s"), "credit_note": N_("credit note %(number)s")}
LEDGER = "ledger"
_REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class _Part:
    """How much of a credit a file applies to an item."""

    item: BookItem
    amount: int


def post_credits(journal: Journal) -> None:
    """Enter every payment and credit note; several rows of one number are one credit with several targets.

    Older ones are applied first; each item takes what is open of it, the rest stays unapplied.
    """
    groups: dict[tuple[str, str], list[CreditRow]] = {}
    for row in sorted(journal.rows.credits, key=lambda row: row.kind):
        groups.setdefault((row.kind, row.number), []).append(row)
    for rows in sorted(groups.values(), key=lambda rows: rows[0].date):
        before = len(journal.problems)
        parts = _parts(journal, rows)
        credit = _head(journal, rows)
        if credit is None or len(journal.problems) > before:
            continue
        journal.mentioned.append(credit)
        _post(journal, credit, rows, parts)
        is_larger = credit.stored is None and credit.applied < sum(part.amount for part in parts)
        journal.left_over += is_larger


def _parts(journal: Journal, rows: Sequence[CreditRow]) -> list[_Part]:
    """What the rows apply to which items; every row is checked."""
    first, seen, parts = rows[0], dict[tuple[str, int] | None, CreditRow](), []
    for row in rows:
        name = _name(row)
        if row.target in seen:
            message = twice(seen[row.target].place, row.place, name)
            journal.problems.about(row.place, _FIELDS[row.kind], message)
            continue
        seen[row.target] = row
        for field in ("customer", "date", "currency"):
            if getattr(row, field) != getattr(first, field):
                message = Remark(
                    N_("differs from row %(row)s, which is the same: %(what)s."),
                    row=first.place.line,
                    what=name,
                )
                journal.problems.about(row.place, field, message)
        item = _target(journal, row)
        if item is not None:
            parts.append(_Part(item, row.amount))
    return parts


def _name(row: CreditRow) -> str:
    return Remark(_NAMES[row.kind], number=Quoted(row.number))


def _target(journal: Journal, row: CreditRow) -> BookItem | None:
    if row.target is None:
        return None
    field = "invoice" if row.kind == "payment" else "applies_to"
    invoice, instalment = row.target
    item = journal.books.item(invoice, instalment)
    problem = ""
    if item is None:
        if invoice not in journal.unread.invoices:
            problem = Remark(N_("%(what)s is not known."), what=named(invoice, instalment))
    elif item.invoice.customer.number != row.customer:
        problem = Remark(
            N_("invoice %(number)s is customer %(owner)s's, not %(customer)s's."),
            number=Quoted(invoice),
            owner=item.invoice.customer.number,
            customer=row.customer,
        )
    elif item.invoice.currency != row.currency:
        problem = Remark(
            N_("invoice %(number)s is in %(known)s, not %(given)s."),
            number=Quoted(invoice),
            known=item.invoice.currency,
            given=row.currency,
        )
    if problem:
        journal.problems.about(row.place, field, problem)
    return None if problem else item


def _head(journal: Journal, rows: Sequence[CreditRow]) -> BookCredit | None:
    row = rows[0]
    customer = journal.customer(row.place, row.customer)
    if customer is None:
        return None
    credit = journal.books.credits.get((row.kind, row.number))
    if credit is None:
        return BookCredit(
            kind=row.kind,
            number=row.number,
            customer=customer,
            date=row.date,
            currency=row.currency,
            amount=0,
        )
    for name, known, given in (
        ("customer", credit.customer.number, row.customer),
        ("currency", credit.currency, row.currency),
    ):
        if known != given:
            message = Remark(
                N_("%(what)s is known with %(known)s, not %(given)s; that cannot change."),
                what=_name(row),
                known=known,
                given=given,
            )
            journal.problems.about(row.place, name, message)
            return None
    return credit


def _post(journal: Journal, credit: BookCredit, rows: Sequence[CreditRow], parts: Sequence[_Part]) -> None:
    first = rows[0]
    journal.books.credits[credit.kind, credit.number] = credit
    credit.date, credit.amount = first.date, sum(row.amount for row in rows)
    if first.reference is not None:
        credit.reference = first.reference
    _replace(credit, parts)
    if credit.applied > credit.amount:
        message = Remark(
            N_("%(amount)s is less than the %(applied)s of it that is already applied."),
            amount=Money(credit.currency, credit.amount),
            applied=Money(credit.currency, credit.applied),
        )
        journal.problems.about(first.place, "amount", message)
        return
    for part in parts:
        _apply(journal, credit, part)


def _replace(credit: BookCredit, parts: Iterable[_Part]) -> None:
    """Take back what an earlier file applied and this one does not; what a clerk applied stays."""
    named = {part.item: part.amount for part in parts}
    for allocation in _of_files(credit):
        if allocation.item is None:
            continue
        if allocation.item not in named:
            allocation.origin = _REPLACED
            allocation.end(allocation.on)
        else:
            allocation.amount = min(allocation.amount, named[allocation.item])
            allocation.on = max(credit.date, allocation.item.invoice.date)


def _apply(journal: Journal, credit: BookCredit, part: _Part) -> None:
    """Apply what the file says and was not applied yet; what somebody took back is not applied again."""
    item = part.item
    known = [each for each in credit.allocations if each.item is item and each.origin != _REPLACED]
    if any(not each.stands for each in known):
        return
    since = max(credit.date, item.invoice.date)
    wanted = part.amount - sum(each.amount for each in known)
    amount = min(wanted, credit.free(since), item.free(since))
    if amount <= 0:
        return
    for allocation in known:
        if allocation.origin == LEDGER:
            allocation.amount += amount
            return
    journal.books.apply(credit, item, amount, on=since, origin=LEDGER)


def _of_files(credit: BookCredit) -> Iterable[BookAllocation]:
    return [each for each in credit.allocations if each.stands and each.origin == LEDGER]
