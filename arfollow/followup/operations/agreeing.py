"""Holds, disputes and promises about several items at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from arfollow.followup.balances import item_name
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import facts_for
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.operations.promises import make_promise
from arfollow.receivables.queries.claims import promises
from arfollow.receivables.rules.accounts import OpenItem
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Refusal


class NoItemsChosenError(Refusal, ValueError):
    """Nothing was chosen that is still open."""

    def __init__(self) -> None:
        super().__init__(N_("Choose open items first: tick the boxes beside them."))


class PartOfSeveralError(Refusal, ValueError):
    """A disputed part belongs to one item."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "A part can be disputed of one item at a time. Leave the amount empty to dispute all of these items."
            )
        )


class PromisedAlreadyError(Refusal, ValueError):
    """The same items were promised for the same day already."""

    def __init__(self, items: str, promised: Money, due_on: date) -> None:
        super().__init__(
            N_(
                "%(items)s is promised for %(day)s already: %(amount)s. Choose another day, or cancel that promise first."
            ),
            items=items,
            day=due_on,
            amount=promised,
        )


def open_ones(session: Session, click: Click, *, item_ids: Collection[int]) -> Sequence[OpenItem]:
    """Those of the items that are open today, oldest due first; raise NoItemsChosenError when none is."""
    items = [item for item in facts_for(session, click).account.items if item.id in item_ids]
    if not items:
        raise NoItemsChosenError
    return items


def hold_items(
    session: Session, click: Click, *, items: Sequence[OpenItem], reason: str, until: date | None
) -> None:
    """No follow-up for these items up to and including `until` (None: until released). Raise as `set_hold` does."""
    for item in items:
        set_hold(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            instalment_id=item.id,
            reason=reason,
            until=until,
            on=click.today,
            who=click.who,
        )


def dispute_items(
    session: Session, click: Click, *, items: Sequence[OpenItem], reason: str, amount: int | None
) -> None:
    """The customer contests these items, or `amount` (minor units) of one. Raise PartOfSeveralError, and as `open_dispute`."""
    if amount is not None and len(items) > 1:
        raise PartOfSeveralError
    for item in items:
        open_dispute(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            instalment_id=item.id,
            amount=amount,
            reason=reason,
            on=click.today,
            who=click.who,
        )


def promise_items(
    session: Session,
    click: Click,
    *,
    items: Sequence[OpenItem],
    amount: int | None,
    due_on: date,
    note: str,
    long_allowed: bool,
) -> None:
    """The customer promises `amount` (minor units; None: all that is open and undisputed) of these items by `due_on`.

    Grace is that of the customer's plan. Raise PromisedAlreadyError, and as `make_promise` does.
    """
    _check_unpromised(session, click, items=items, due_on=due_on)
    plan = facts_for(session, click).plan
    make_promise(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        instalment_ids=[item.id for item in items],
        amount=sum(item.residual - item.disputed for item in items) if amount is None else amount,
        due_on=due_on,
        grace_days=plan.promise_grace_days if plan else 0,
        note=note,
        long_allowed=long_allowed,
        on=click.today,
        who=click.who,
    )


def _check_unpromised(session: Session, click: Click, *, items: Sequence[OpenItem], due_on: date) -> None:
    names = {(item.invoice, item.instalment): item_name(item.invoice, item.instalment) for item in items}
    made = promises(session, company_id=click.company_id, customer_id=click.customer_id, day=click.today)
    for promise in made:
        same = [names[item] for item in promise.items if item in names]
        if promise.state == "open" and promise.due_on == due_on and same:
            raise PromisedAlreadyError(", ".join(same), Money(promise.currency, promise.amount), due_on)
