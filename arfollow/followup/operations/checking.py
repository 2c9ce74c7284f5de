"""Compares the stored list with the rules and its figures with its rows, and puts right what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.database import begin_write, commit
from arfollow.followup.operations.figures import Alike, DueKey, FigureChanges
from arfollow.followup.operations.refresh import BATCH, lock_rows, refresh
from arfollow.followup.queries.miscounted import misadded_dues, miscounted
from arfollow.followup.queries.stored_list import StoredList, as_stored, by_the_rules
from arfollow.receivables.tables import Customer


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of the stored list that is not what the rules say; `name`: its column, and the currency of an amount."""

    customer: str
    name: str
    stored: object
    right: object


def check_list(
    session: Session,
    *,
    company_id: int,
    today: date,
    repair: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Difference]:
    """What differs on the company's today, of rows that do not wait to be refreshed; put right unless `repair` is False.

    It begins and ends its own transactions, a batch of customers each; what looked wrong is looked at again under lock.
    """
    after = 0
    while ids := _next(session, company_id, after):
        suspects = {each.customer_id for each in _compare(session, company_id, ids, today)}
        session.rollback()
        if suspects:
            begin_write(session)
            lock_rows(session, sorted(suspects))
            wrong = list(_compare(session, company_id, sorted(suspects), today))
            yield from _named(session, wrong)
            if repair:
                refresh(
                    session,
                    company_id=company_id,
                    customer_ids={each.customer_id for each in wrong},
                    today=today,
                )
                commit(session)
            session.rollback()
        progress(len(ids))
        after = ids[-1]


def check_figures(session: Session, *, company_id: int, repair: bool) -> int:
    """How many figures of the list are off what its rows count and add up to; put right unless `repair` is False.

    It begins and ends its own transactions; what looked wrong is looked at again in the one that puts it right. Others may
    change the same figures meanwhile: what is off is added, not written over.
    """
    session.rollback()
    wrong, _ = _figures_off(session, company_id)
    session.rollback()
    if wrong and repair:
        begin_write(session)
        wrong, corrections = _figures_off(session, company_id)
        corrections.write(session)
        commit(session)
    return wrong


def count_customers(session: Session, *, company_id: int) -> int:
    """How many customers there are to check."""
    return session.scalar(select(func.count()).where(Customer.company_id == company_id)) or 0


@dataclass(frozen=True, slots=True)
class _Wrong:
    customer_id: int
    name: str
    stored: object
    right: object


def _figures_off(session: Session, company_id: int) -> tuple[int, FigureChanges]:
    """How many figures are off, and what puts them right."""
    figures = miscounted(session, company_id=company_id)
    dues = misadded_dues(session, company_id=company_id)
    corrections = FigureChanges()
    for *key, customers, overdue in figures:
        corrections.figures.add(Alike(*key), -customers, -overdue)
    for currency, due_date, items, amount in dues:
        corrections.dues.add(DueKey(company_id, currency, due_date), -items, -amount)
    return len(figures) + len(dues), corrections


def _next(session: Session, company_id: int, after: int) -> Sequence[int]:
    ids = select(Customer.id).where(Customer.company_id == company_id, Customer.id > after)
    return session.scalars(ids.order_by(Customer.id).limit(BATCH)).all()


def _compare(session: Session, company_id: int, ids: Sequence[int], today: date) -> Iterator[_Wrong]:
    stored = _values(as_stored(session, customer_ids=ids))
    right = _values(by_the_rules(session, company_id=company_id, customer_ids=ids, today=today))
    for customer_id in ids:
        of_customer = stored.get(customer_id, {})
        if _waits(of_customer, right[customer_id]["rules_version"], today):
            continue
        for name in sorted(of_customer.keys() | right[customer_id].keys()):
            is_now, should_be = of_customer.get(name), right[customer_id].get(name)
            if is_now != should_be:
                yield _Wrong(customer_id, name, is_now, should_be)


def _waits(row: dict[str, Any], version: int, today: date) -> bool:
    changes_on = row.get("changes_on")
    return row.get("rules_version", version) < version or (changes_on is not None and changes_on <= today)


def _values(found: StoredList) -> dict[int, dict[str, Any]]:
    """All that is stored of a customer, by column, and by column and currency."""
    values = {row["customer_id"]: dict(row) for row in found.rows}
    for row in found.amounts:
        for name, value in row.items():
            values.setdefault(row["customer_id"], {})[f"{name} {row['currency']}"] = value
    return values


def _named(session: Session, wrong: Sequence[_Wrong]) -> Iterator[Difference]:
    ids = {each.customer_id for each in wrong}
    numbers = dict(session.execute(select(Customer.id, Customer.number).where(Customer.id.in_(ids))).all())
    return (Difference(numbers[each.customer_id], each.name, each.stored, each.right) for each in wrong)
