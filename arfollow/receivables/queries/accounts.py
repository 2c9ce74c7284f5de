"""Loads customers' accounts for the rules: a fixed number of queries, however many customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.receivables.rules.accounts import Account, DisputeTerms, HoldTerms, account
from arfollow.receivables.rules.ledger import CreditLine, Item, Settlement
from arfollow.receivables.rules.promises import PromiseTerms
from arfollow.receivables.tables import (
    Allocation,
    Credit,
    Dispute,
    Hold,
    Instalment,
    Invoice,
    Promise,
    PromiseItem,
)

T = TypeVar("T")


def accounts(session: Session, *, customer_ids: Collection[int], day: date) -> dict[int, Account]:
    """Each customer's account as of the day; settled items and used-up credits are read only where a promise needs them."""
    if not customer_ids:
        return {}
    ids = sorted(customer_ids)
    items = _items(session, ids, day)
    credit_lines = _credit_lines(session, ids, day)
    promises = _promises(session, ids)
    disputes = _disputes(session, ids, day)
    holds = _holds(session, ids, day)
    return {
        customer_id: account(
            day=day,
            items=items[customer_id],
            credits_=credit_lines[customer_id],
            promises=promises[customer_id],
            disputes=disputes[customer_id],
            holds=holds[customer_id],
        )
        for customer_id in ids
    }


def next_ledger_days(session: Session, *, customer_ids: Collection[int], after: date) -> dict[int, date]:
    """The first day after `after` that a row of the ledger is dated, by customer: on it the account changes by itself."""
    days: dict[int, date] = {}
    for statement in _dated_later(sorted(customer_ids), after):
        for customer_id, day in session.execute(statement):
            days[customer_id] = min(day, days.get(customer_id, day))
    return days


def _dated_later(ids: list[int], after: date) -> Iterable[Select[Any, Any]]:
    yield select(Invoice.customer_id, Invoice.date).where(Invoice.customer_id.in_(ids), Invoice.date > after)
    yield select(Credit.customer_id, Credit.date).where(Credit.customer_id.in_(ids), Credit.date > after)
    yield select(Credit.customer_id, Credit.reversed_on).where(
        Credit.customer_id.in_(ids), Credit.reversed_on > after
    )
    yield select(Hold.customer_id, Hold.set_on).where(Hold.customer_id.in_(ids), Hold.set_on > after)
    applied = select(Instalment.customer_id, Allocation.date).join(
        Allocation, Allocation.instalment_id == Instalment.id
    )
    open_ones = or_(Instalment.settled_on.is_(None), Instalment.settled_on > after)
    yield applied.where(Instalment.customer_id.in_(ids), open_ones, Allocation.date > after)
    yield applied.with_only_columns(Instalment.customer_id, Allocation.ended_on).where(
        Instalment.customer_id.in_(ids), Allocation.ended_on > after
    )


def _items(session: Session, ids: list[int], day: date) -> Mapping[int, list[Item]]:
    promised = exists().where(PromiseItem.instalment_id == Instalment.id)
    wanted = and_(
        Instalment.customer_id.in_(ids),
        or_(Instalment.settled_on.is_(None), Instalment.settled_on > day, promised),
    )
    settlements = _settlements(session, Allocation.instalment_id, select(Instalment.id).where(wanted))
    rows = session.execute(
        select(Instalment, Invoice.number, Invoice.date, Invoice.currency)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(wanted, Invoice.date <= day)
    )
    return _grouped(
        (
            instalment.customer_id,
            Item(
                id=instalment.id,
                invoice=number,
                instalment=instalment.number,
                invoice_date=invoice_date,
                due_date=instalment.due_date,
                currency=currency,
                amount=instalment.amount,
                settlements=tuple(settlements.get(instalment.id, ())),
            ),
        )
        for instalment, number, invoice_date, currency in rows
    )


def _credit_lines(session: Session, ids: list[int], day: date) -> Mapping[int, list[CreditLine]]:
    since_promise = exists().where(Promise.customer_id == Credit.customer_id, Promise.made_on <= Credit.date)
    wanted = and_(
        Credit.customer_id.in_(ids),
        or_(Credit.used_up_on.is_(None), Credit.used_up_on > day, since_promise),
        Credit.date <= day,
    )
    settlements = _settlements(session, Allocation.credit_id, select(Credit.id).where(wanted))
    return _grouped(
        (
            credit.customer_id,
            CreditLine(
                id=credit.id,
                on=credit.date,
                currency=credit.currency,
                amount=credit.amount,
                reversed_on=credit.reversed_on,
                settlements=tuple(settlements.get(credit.id, ())),
            ),
        )
        for credit in session.scalars(select(Credit).where(wanted))
    )


def _settlements(
    session: Session, side: InstrumentedAttribute[int], wanted: Select[int]
) -> Mapping[int, list[Settlement]]:
    """All allocations of the wanted instalments, or of the wanted credits, by the id on that side."""
    rows = session.execute(
        select(side, Allocation.date, Allocation.ended_on, Allocation.amount).where(side.in_(wanted))
    )
    return _grouped((holder, Settlement(on, ended_on, amount)) for holder, on, ended_on, amount in rows)


def _promises(session: Session, ids: list[int]) -> Mapping[int, list[PromiseTerms]]:
    of_these = Promise.customer_id.in_(ids)
    items = _grouped(
        (promise_id, instalment_id)
        for promise_id, instalment_id in session.execute(
            select(PromiseItem.promise_id, PromiseItem.instalment_id).join(Promise).where(of_these)
        )
    )
    return _grouped(
        (
            promise.customer_id,
            PromiseTerms(
                id=promise.id,
                currency=promise.currency,
                amount=promise.amount,
                made_on=promise.made_on,
                due_on=promise.due_on,
                grace_days=promise.grace_days,
                item_ids=frozenset(items.get(promise.id, ())),
                cancelled_on=promise.cancelled_on,
            ),
        )
        for promise in session.scalars(select(Promise).where(of_these))
    )


def _disputes(session: Session, ids: list[int], day: date) -> Mapping[int, list[DisputeTerms]]:
    in_force = or_(Dispute.resolved_on.is_(None), Dispute.resolved_on > day)
    return _grouped(
        (
            row.customer_id,
            DisputeTerms(
                item_id=row.instalment_id,
                opened_on=row.opened_on,
                amount=row.amount,
                resolved_on=row.resolved_on,
            ),
        )
        for row in session.scalars(
            select(Dispute).where(Dispute.customer_id.in_(ids), in_force).order_by(Dispute.id)
        )
    )


def _holds(session: Session, ids: list[int], day: date) -> Mapping[int, list[HoldTerms]]:
    in_force = and_(
        or_(Hold.released_on.is_(None), Hold.released_on > day), or_(Hold.until.is_(None), Hold.until >= day)
    )
    return _grouped(
        (
            row.customer_id,
            HoldTerms(
                item_id=row.instalment_id, set_on=row.set_on, until=row.until, released_on=row.released_on
            ),
        )
        for row in session.scalars(select(Hold).where(Hold.customer_id.in_(ids), in_force))
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> Mapping[int, list[T]]:
    groups: defaultdict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
