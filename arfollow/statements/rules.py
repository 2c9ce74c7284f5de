"""What a statement lists and what a letter claims, from a customer's account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arfollow.receivables.rules.accounts import Account, OpenItem, chased_residuals, holds_on
from arfollow.values.refusals import N_, Refusal


class NothingToClaimError(Refusal, ValueError):
    """A letter or e-mail would claim nothing."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "There is nothing to claim: what is overdue is on hold, disputed, promised or covered by unapplied credit. "
                "You can send a statement instead."
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """An open item. Minor units; `open` = disputed + promised + chased; `days_late` is 0 until it is overdue."""

    invoice: str
    instalment: int
    invoice_date: date
    due_date: date
    reference: str
    amount: int
    open: int
    disputed: int
    promised: int
    days_late: int

    @property
    def label(self) -> str:
        """The invoice's number, with the instalment's where it is not the first."""
        return self.invoice if self.instalment == 1 else f"{self.invoice}/{self.instalment}"

    @property
    def paid(self) -> int:
        """What was applied to it."""
        return self.amount - self.open

    @property
    def chased(self) -> int:
        """What may be claimed of it."""
        return self.open - self.disputed - self.promised


@dataclass(frozen=True, slots=True, kw_only=True)
class UnappliedRow:
    """What is left of a payment or credit note (`kind`), in minor units."""

    kind: str
    number: str
    date: date
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """All of an account in one currency, in minor units; rows oldest due first. `held` was left out of the rows."""

    currency: str
    overdue: tuple[StatementRow, ...]
    not_due: tuple[StatementRow, ...]
    credits: tuple[UnappliedRow, ...]
    unapplied: int
    held: int

    @property
    def has_references(self) -> bool:
        """Whether any row has one: else the column is left out."""
        return any(row.reference for row in (*self.overdue, *self.not_due))

    @property
    def overdue_open(self) -> int:
        """What is owed of overdue items, disputed and promised parts included."""
        return sum(row.open for row in self.overdue)

    @property
    def disputed(self) -> int:
        """The disputed parts of overdue items."""
        return sum(row.disputed for row in self.overdue)

    @property
    def promised(self) -> int:
        """What open promises cover of overdue items."""
        return sum(row.promised for row in self.overdue)

    @property
    def not_due_open(self) -> int:
        """What will fall due."""
        return sum(row.open for row in self.not_due)

    @property
    def claimed(self) -> int:
        """The chased residuals of overdue items less unapplied credit, never below 0."""
        return max(0, self.overdue_open - self.disputed - self.promised - self.unapplied)

    @property
    def coming(self) -> int:
        """What will have to be paid of items not yet due, once the credit is used; never below 0."""
        covered = max(0, self.unapplied - sum(row.chased for row in self.overdue))
        return max(0, sum(row.chased for row in self.not_due) - covered)

    @property
    def balance(self) -> int:
        """Everything listed less unapplied credit; below 0 when the customer has more credit than debt."""
        return self.overdue_open + self.not_due_open - self.unapplied


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A customer's account on `as_of`, a block for each currency, by code."""

    as_of: date
    blocks: tuple[Block, ...]

    @property
    def claimed(self) -> dict[str, int]:
        """What a letter claims, by currency; those without a claim are left out."""
        return {block.currency: block.claimed for block in self.blocks if block.claimed}

    @property
    def coming(self) -> dict[str, int]:
        """What will have to be paid of items not yet due, by currency; those with nothing are left out."""
        return {block.currency: block.coming for block in self.blocks if block.coming}

    @property
    def overdue(self) -> dict[str, int]:
        """What is overdue before credits are taken off, by currency; those with nothing are left out."""
        return {block.currency: block.overdue_open for block in self.blocks if block.overdue_open}

    @property
    def overdue_count(self) -> int:
        """How many overdue items there are, in all currencies."""
        return sum(len(block.overdue) for block in self.blocks)

    @property
    def oldest_days(self) -> int:
        """How late the oldest overdue item is; 0 when there is none."""
        return max((row.days_late for block in self.blocks for row in block.overdue), default=0)


def statement(
    account: Account,
    *,
    references: Mapping[int, str],
    credits_: Sequence[tuple[str, UnappliedRow]] = (),
    customer_hold_counts: bool = True,
) -> Statement:
    """The statement of an account as of its day. `references` by item id; `credits_` with their currencies.

    Items on hold are left out, all of them when the customer is (unless `customer_hold_counts` is false: an account that
    somebody asks for is shown whatever the follow-up does).
    """
    day = account.as_of
    all_held = customer_hold_counts and holds_on(account.hold_until, day)
    held = [item for item in account.items if all_held or holds_on(item.hold_until, day)]
    held_ids = {item.id for item in held}
    rows = _rows((item for item in account.items if item.id not in held_ids), account, references)
    currencies = {item.currency for item in account.items} | {
        currency for currency, left in account.unapplied.items() if left
    }
    return Statement(
        as_of=day,
        blocks=tuple(
            Block(
                currency=currency,
                overdue=tuple(row for item, row in rows if item.currency == currency and item.overdue(day)),
                not_due=tuple(
                    row for item, row in rows if item.currency == currency and not item.overdue(day)
                ),
                credits=tuple(row for of, row in credits_ if of == currency),
                unapplied=account.unapplied.get(currency, 0),
                held=sum(item.residual for item in held if item.currency == currency),
            )
            for currency in sorted(currencies)
        ),
    )


def claiming(facts: Statement, *, courtesy: bool = False) -> Statement:
    """The same statement, fit for a letter or e-mail that asks for money; raise NothingToClaimError.

    `courtesy`: a level that reminds before anything is overdue may also tell what is going to be due.
    """
    if not facts.claimed and not (courtesy and facts.coming):
        raise NothingToClaimError
    return facts


def _rows(
    items: Iterable[OpenItem], account: Account, references: Mapping[int, str]
) -> list[tuple[OpenItem, StatementRow]]:
    """Each of these items with its row."""
    chased = {item.id: amount for item, amount in chased_residuals(account, account.as_of)}
    return [
        (
            item,
            StatementRow(
                invoice=item.invoice,
                instalment=item.instalment,
                invoice_date=item.invoice_date,
                due_date=item.due_date,
                reference=references.get(item.id, ""),
                amount=item.amount,
                open=item.residual,
                disputed=item.disputed,
                promised=item.residual - item.disputed - chased[item.id],
                days_late=max(0, (account.as_of - item.due_date).days),
            ),
        )
        for item in items
    ]
