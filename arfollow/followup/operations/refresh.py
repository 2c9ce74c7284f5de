"""Keeps the stored list: set-based, by the pure rules, only for customers that changed or whose day has come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import insert_rows
from arfollow.companies.tables import Company
from arfollow.database import insert_into
from arfollow.followup.queries.stored_list import by_the_rules, empty_rows
from arfollow.followup.queries.waiting import waiting
from arfollow.followup.tables import ListAmount, ListRow
from arfollow.receivables.tables import Customer

AT_ONCE = 1000
"""More touched customers than this in one transaction are left to the worker."""

BATCH = 500


def refresh_touched(session: Session, customer_ids: frozenset[int]) -> None:
    """Refresh these customers' rows, or mark them stale when they are many; `database.commit` runs it."""
    for company_id, timezone, ids in _by_company(session, sorted(customer_ids)):
        if len(ids) > AT_ONCE:
            mark_stale(session, customer_ids=ids)
        else:
            refresh(session, company_id=company_id, customer_ids=ids, today=clock.today(timezone))


def refresh(session: Session, *, company_id: int, customer_ids: Collection[int], today: date) -> None:
    """Write these customers' rows as the rules see them on the company's today."""
    for batch in in_batches(sorted(customer_ids)):
        lock_rows(session, batch)
        said = by_the_rules(session, company_id=company_id, customer_ids=batch, today=today)
        _write_rows(session, said.rows)
        _write_amounts(session, batch, said.amounts)


def mark_stale(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Leave these customers' rows to the worker; customers without a row get one, which shows nothing yet."""
    for batch in in_batches(customer_ids):
        lock_rows(session, batch)
        of_batch = ListRow.customer_id.in_(batch)
        session.execute(update(ListRow).where(of_batch, ListRow.stale.is_(False)).values(stale=True))
        known = set(session.scalars(select(ListRow.customer_id).where(of_batch)))
        # Customers without a row are of this very transaction: nobody else can add theirs meanwhile.
        rows = empty_rows(session, customer_ids=[each for each in batch if each not in known])
        if rows:
            columns = [getattr(ListRow, name) for name in rows[0]]
            insert_rows(session, columns, [tuple(row.values()) for row in rows])


def refresh_company(session: Session, company_id: int) -> None:
    """Leave all of a company's rows to the worker, when a setting that concerns everybody has changed."""
    of_company = ListRow.company_id == company_id
    if session.get_bind().dialect.name == "postgresql":
        # In the order in which the worker locks its batches.
        rows = select(ListRow.customer_id).where(of_company).order_by(ListRow.customer_id)
        session.execute(rows.with_for_update()).all()
    session.execute(update(ListRow).where(of_company).values(stale=True))


def refresh_due(session: Session, *, company_id: int, today: date) -> int:
    """Refresh the next batch of rows that are stale or change by today and nobody else is at; how many there were."""
    free = select(ListRow.customer_id).where(waiting(company_id, today)).limit(BATCH)
    ids = session.scalars(free.with_for_update(skip_locked=True)).all()
    if ids:
        refresh(session, company_id=company_id, customer_ids=ids, today=today)
    return len(ids)


def in_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, as many at a time as one transaction refreshes."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _by_company(session: Session, customer_ids: Sequence[int]) -> Iterator[tuple[int, str, list[int]]]:
    groups: dict[tuple[int, str], list[int]] = {}
    for batch in in_batches(customer_ids):
        rows = session.execute(
            select(Company.id, Company.timezone, Customer.id)
            .join(Company, Company.id == Customer.company_id)
            .where(Customer.id.in_(batch))
        )
        for company_id, timezone, customer_id in rows:
            groups.setdefault((company_id, timezone), []).append(customer_id)
    return ((company_id, timezone, ids) for (company_id, timezone), ids in groups.items())


def lock_rows(session: Session, ids: Sequence[int]) -> None:
    """Wait for whoever refreshes these rows, so that each sees what the other committed; PostgreSQL only."""
    if session.get_bind().dialect.name == "postgresql":
        own = select(ListRow.customer_id).where(ListRow.customer_id.in_(ids)).order_by(ListRow.customer_id)
        session.execute(own.with_for_update()).all()


def _write_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = insert_into(session, ListRow)
    changed = {name: insert.excluded[name] for name in rows[0] if name != "customer_id"}
    upsert = insert.on_conflict_do_update(index_elements=[ListRow.customer_id], set_=changed)
    session.connection().execute(upsert, rows)


def _write_amounts(session: Session, customer_ids: Collection[int], amounts: list[dict[str, Any]]) -> None:
    key = tuple_(ListAmount.customer_id, ListAmount.currency)
    kept = [(row["customer_id"], row["currency"]) for row in amounts]
    gone = delete(ListAmount).where(ListAmount.customer_id.in_(customer_ids))
    session.execute(gone.where(key.not_in(kept)) if kept else gone)
    if amounts:
        insert = insert_into(session, ListAmount)
        changed = {name: insert.excluded[name] for name in ("status", "overdue", "total", "unapplied")}
        key_columns = [ListAmount.customer_id, ListAmount.currency]
        upsert = insert.on_conflict_do_update(index_elements=key_columns, set_=changed)
        session.connection().execute(upsert, amounts)
