"""Loads customers' accounts for the rules: a fixed number of queries, however many customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypedDict, TypeVar

from sqlalchemy import Row
from sqlalchemy.orm import Session

from arfollow.database import plain_rows
from arfollow.receivables.queries.account_statements import (
    CREDITS,
    DATED_LATER,
    DISPUTES,
    HOLDS,
    ITEMS,
    PROMISES,
)
from arfollow.receivables.rules.accounts import Account, DisputeTerms, HoldTerms, account
from arfollow.receivables.rules.ledger import CreditLine, Item, Settlement
from arfollow.receivables.rules.promises import PromiseTerms

T = TypeVar("T")


class _Asked(TypedDict):
    """What the statements are asked with."""

    ids: list[int]
    day: date


def accounts(session: Session, *, customer_ids: Collection[int], day: date) -> dict[int, Account]:
    """Each customer's account as of the day; settled items and used-up credits are read only where a promise needs them."""
    if not customer_ids:
        return {}
    ids = sorted(customer_ids)
    asked: _Asked = {"ids": ids, "day": day}
    items = _items(session, asked)
    credit_lines = _credit_lines(session, asked)
    promises = _promises(session, asked)
    disputes = _disputes(session, asked)
    holds = _holds(session, asked)
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
    rows = plain_rows(session, DATED_LATER, {"ids": sorted(customer_ids), "day": after})
    return dict(rows.all())


def _items(session: Session, asked: _Asked) -> Mapping[int, list[Item]]:
    items: defaultdict[int, list[Item]] = defaultdict(list)
    for row, settlements in _settled(plain_rows(session, ITEMS, asked)):
        id_, customer_id, number, due_date, amount, invoice, invoice_date, currency = row
        items[customer_id].append(
            Item(
                id=id_,
                invoice=invoice,
                instalment=number,
                invoice_date=invoice_date,
                due_date=due_date,
                currency=currency,
                amount=amount,
                settlements=settlements,
            )
        )
    return items


def _credit_lines(session: Session, asked: _Asked) -> Mapping[int, list[CreditLine]]:
    lines: defaultdict[int, list[CreditLine]] = defaultdict(list)
    for row, settlements in _settled(plain_rows(session, CREDITS, asked)):
        id_, customer_id, on, currency, amount, reversed_on = row
        lines[customer_id].append(
            CreditLine(
                id=id_,
                on=on,
                currency=currency,
                amount=amount,
                reversed_on=reversed_on,
                settlements=settlements,
            )
        )
    return lines


def _settled(
    rows: Iterable[Row[*tuple[Any, ...]]],
) -> Iterator[tuple[tuple[Any, ...], tuple[Settlement, ...]]]:
    """Each item or credit with all its allocations: one row each, and one without any where there is none.

    The id comes first in a row, what settles it in the last three columns.
    """
    first: dict[int, tuple[Any, ...]] = {}
    settlements: defaultdict[int, list[Settlement]] = defaultdict(list)
    for *about, settled_from, settled_until, amount in rows:
        id_ = about[0]
        if id_ not in first:
            first[id_] = tuple(about)
        if settled_from is not None:
            settlements[id_].append(Settlement(settled_from, settled_until, amount))
    return ((row, tuple(settlements.get(id_, ()))) for id_, row in first.items())


def _promises(session: Session, asked: _Asked) -> Mapping[int, list[PromiseTerms]]:
    items: defaultdict[int, set[int]] = defaultdict(set)
    promises = {}
    for row in plain_rows(session, PROMISES, asked):
        promises[row.id] = row
        if row.instalment_id is not None:
            items[row.id].add(row.instalment_id)
    return _grouped(
        (
            row.customer_id,
            PromiseTerms(
                id=row.id,
                currency=row.currency,
                amount=row.amount,
                made_on=row.made_on,
                due_on=row.due_on,
                grace_days=row.grace_days,
                item_ids=frozenset(items[row.id]),
                cancelled_on=row.cancelled_on,
            ),
        )
        for row in promises.values()
    )


def _disputes(session: Session, asked: _Asked) -> Mapping[int, list[DisputeTerms]]:
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
        for row in plain_rows(session, DISPUTES, asked)
    )


def _holds(session: Session, asked: _Asked) -> Mapping[int, list[HoldTerms]]:
    return _grouped(
        (
            row.customer_id,
            HoldTerms(
                item_id=row.instalment_id, set_on=row.set_on, until=row.until, released_on=row.released_on
            ),
        )
        for row in plain_rows(session, HOLDS, asked)
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> Mapping[int, list[T]]:
    groups: defaultdict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
