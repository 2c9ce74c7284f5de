"""Promises to pay: make, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.companies.tables import Company
from arfollow.database import touch
from arfollow.receivables.operations.invoices import check_amount
from arfollow.receivables.operations.lookup import claim_of, item_name, items_of, lock_customer, required
from arfollow.receivables.operations.telling import PROMISE_MADE, News, tell_news
from arfollow.receivables.tables import Instalment, Invoice, Promise, PromiseItem
from arfollow.values.days import spelled
from arfollow.values.money import Money, spelled_amount
from arfollow.values.refusals import N_, Refusal

_FURTHEST_DAYS = 3650


class PromiseCurrenciesError(Refusal, ValueError):
    """A promise is about items of one currency."""

    def __init__(self, currencies: Sequence[str]) -> None:
        super().__init__(
            N_("A promise is about one currency; these items are in %(currencies)s. Make one for each."),
            currencies=", ".join(currencies),
        )


class NoPromisedItemsError(Refusal, ValueError):
    """A promise needs at least one item."""

    def __init__(self) -> None:
        super().__init__(N_("A promise needs at least one open item."))


class PromiseDateError(Refusal, ValueError):
    """What is promised lies ahead, but not for years: such a day is a slip of the finger."""

    def __init__(self, due_on: date, why: Refusal) -> None:
        super().__init__(N_("A promise cannot be for %(day)s: %(why)s."), day=due_on, why=why)


class PromiseTooLongError(Refusal, PermissionError):
    """A promise that runs longer than the company's limit needs a manager."""

    def __init__(self, latest: date) -> None:
        super().__init__(N_("A promise for a day after %(day)s needs a manager."), day=latest)
        self.latest = latest


class NoPromiseError(Refusal, LookupError):
    """There is no such promise, or it was cancelled before."""

    def __init__(self) -> None:
        super().__init__(N_("This promise does not stand any more."))


def make_promise(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    instalment_ids: Sequence[int],
    amount: int,
    due_on: date,
    grace_days: int = 0,
    note: str = "",
    long_allowed: bool = False,
    on: date,
    who: str,
) -> int:
    """The customer gives its word to pay `amount` (minor units) of these items by `due_on`; gives the promise's id.

    `grace_days` are the plan's. Raise PromiseTooLongError unless `long_allowed`, PromiseDateError, NoPromisedItemsError,
    PromiseCurrenciesError, NotPositiveError, UnknownItemError.
    """
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    items = items_of(session, customer=customer, instalment_ids=instalment_ids)
    currency = _currency(items)
    check_amount(amount, currency)
    _check_date(session, company_id, due_on, on, long_allowed=long_allowed)
    promise = Promise(
        company_id=company_id,
        customer_id=customer_id,
        currency=currency,
        amount=amount,
        made_on=on,
        due_on=due_on,
        grace_days=grace_days,
        note=note.strip(),
    )
    session.add(promise)
    session.flush()
    session.add_all(PromiseItem(promise_id=promise.id, instalment_id=item.id) for item, _ in items)
    _record(session, promise, "promise:made", _words(promise, items), who)
    news = News(customer_id, str(promise.id), {"promise": str(promise.id)})
    tell_news(session, company_id, PROMISE_MADE, lambda: [news])
    return promise.id


def cancel_promise(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    promise_id: int,
    reason: str,
    on: date,
    who: str,
) -> None:
    """From that day on the promise covers nothing and cannot be broken. Raise NoPromiseError, MissingTextError."""
    reason = required(reason, N_("why the promise is cancelled"))
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    promise = claim_of(session, Promise, customer=customer, claim_id=promise_id)
    if promise is None or promise.cancelled_on is not None:
        raise NoPromiseError
    promise.cancelled_on = on
    text = f"Promise for {spelled(promise.due_on)} cancelled: {reason}"
    _record(session, promise, "promise:cancelled", text, who)


def _words(promise: Promise, items: Sequence[tuple[Instalment, Invoice]]) -> str:
    names = ", ".join(item_name(invoice, instalment) for instalment, invoice in items)
    amount = Money(promise.currency, promise.amount)
    return f"{spelled_amount(amount)} promised for {spelled(promise.due_on)} ({names})"


def _currency(items: Sequence[tuple[Instalment, Invoice]]) -> str:
    currencies = sorted({invoice.currency for _, invoice in items})
    if not currencies:
        raise NoPromisedItemsError
    if len(currencies) > 1:
        raise PromiseCurrenciesError(currencies)
    return currencies[0]


def _check_date(session: Session, company_id: int, due_on: date, on: date, *, long_allowed: bool) -> None:
    if due_on < on:
        raise PromiseDateError(due_on, Refusal(N_("that day has passed")))
    if (due_on - on).days > _FURTHEST_DAYS:
        raise PromiseDateError(
            due_on, Refusal(N_("that is more than %(days)s days ahead"), days=_FURTHEST_DAYS)
        )
    limit = session.scalar(select(Company.promise_limit_days).where(Company.id == company_id)) or 0
    latest = on + timedelta(days=limit)
    if due_on > latest and not long_allowed:
        raise PromiseTooLongError(latest)


def _record(session: Session, promise: Promise, tag: str, text: str, who: str) -> None:
    record(
        session,
        company_id=promise.company_id,
        customer_id=promise.customer_id,
        tag=tag,
        who=who,
        text=text,
        facts={
            "promise": promise.id,
            "amount": Money(promise.currency, promise.amount),
            "due_on": promise.due_on,
        },
        personal={"note": promise.note},
    )
    touch(session, [promise.customer_id])
