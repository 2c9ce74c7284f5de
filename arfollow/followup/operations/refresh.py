"""Keeps the stored list: set-based, by the pure rules, only for customers that changed or whose day has come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.database import insert_into
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.waiting import waiting
from arfollow.followup.rules import Band, Listing, Status, listing
from arfollow.followup.tables import ListAmount, ListRow
from arfollow.levels.rules.explaining import explain
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.queries.accounts import next_ledger_days
from arfollow.receivables.tables import Customer
from arfollow.values.folding import fold

AT_ONCE = 1000
"""More touched customers than this in one transaction are left to the worker."""

BATCH = 500

# PostgreSQL indexes no row above 2,700 bytes.
_NAME, _NUMBER = 120, 79


def refresh_touched(session: Session, customer_ids: frozenset[int]) -> None:
    """Refresh these customers' rows, or mark them stale when they are many; `database.commit` runs it."""
    for company_id, timezone, ids in _by_company(session, sorted(customer_ids)):
        if len(ids) > AT_ONCE:
            mark_stale(session, customer_ids=ids)
        else:
            refresh(session, company_id=company_id, customer_ids=ids, today=clock.today(timezone))


def refresh(session: Session, *, company_id: int, customer_ids: Collection[int], today: date) -> None:
    """Write these customers' rows as the rules see them on the company's today."""
    for batch in _batches(sorted(customer_ids)):
        _lock(session, batch)
        listings = _listings(session, company_id, batch, today)
        _write_rows(session, listings)
        _write_amounts(session, company_id, listings)


def mark_stale(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Leave these customers' rows to the worker; customers without a row get one, which shows nothing yet."""
    for batch in _batches(customer_ids):
        rows = [_empty_row(customer) for customer in _customers(session, batch)]
        insert = insert_into(session, ListRow)
        session.execute(
            insert.on_conflict_do_update(index_elements=[ListRow.customer_id], set_={"stale": True}), rows
        )


def refresh_company(session: Session, company_id: int) -> None:
    """Leave all of a company's rows to the worker, when a setting that concerns everybody has changed."""
    session.execute(update(ListRow).where(ListRow.company_id == company_id).values(stale=True))


def refresh_due(session: Session, *, company_id: int, today: date) -> int:
    """Refresh the next batch of rows that are stale or change by today; how many there were, 0 when all is done."""
    ids = session.scalars(select(ListRow.customer_id).where(waiting(company_id, today)).limit(BATCH)).all()
    if ids:
        refresh(session, company_id=company_id, customer_ids=ids, today=today)
    return len(ids)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _by_company(session: Session, customer_ids: Sequence[int]) -> Iterator[tuple[int, str, list[int]]]:
    groups: dict[tuple[int, str], list[int]] = {}
    for batch in _batches(customer_ids):
        rows = session.execute(
            select(Company.id, Company.timezone, Customer.id)
            .join(Company, Company.id == Customer.company_id)
            .where(Customer.id.in_(batch))
        )
        for company_id, timezone, customer_id in rows:
            groups.setdefault((company_id, timezone), []).append(customer_id)
    return ((company_id, timezone, ids) for (company_id, timezone), ids in groups.items())


def _lock(session: Session, ids: Sequence[int]) -> None:
    """Wait for whoever refreshes these rows, so that each sees what the other committed; PostgreSQL only."""
    if session.get_bind().dialect.name == "postgresql":
        own = select(ListRow.customer_id).where(ListRow.customer_id.in_(ids)).order_by(ListRow.customer_id)
        session.execute(own.with_for_update()).all()


def _listings(
    session: Session, company_id: int, ids: Sequence[int], today: date
) -> list[tuple[Customer, Listing]]:
    facts = facts_of(session, company_id=company_id, customer_ids=ids, day=today)
    ledger_days = next_ledger_days(session, customer_ids=ids, after=today)
    return [
        (
            customer,
            listing(
                facts[customer.id],
                decide(facts[customer.id], today),
                explain(facts[customer.id], today),
                day=today,
                ledger_day=ledger_days.get(customer.id),
            ),
        )
        for customer in _customers(session, ids)
    ]


def _customers(session: Session, ids: Sequence[int]) -> Sequence[Customer]:
    return session.scalars(select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id)).all()


def _empty_row(customer: Customer) -> dict[str, Any]:
    return {
        "customer_id": customer.id,
        "company_id": customer.company_id,
        "name": customer.name,
        "name_key": f"{fold(customer.name)[:_NAME]}\t{fold(customer.number)[:_NUMBER]}",
        "responsible_id": customer.responsible_id,
        "due_key": date.max,
        "next_key": date.max,
        "status": Status.NONE.value,
        "reason": "",
        "band": Band.NOT_LISTED.value,
        "has_overdue": False,
        "actions": [],
        "stale": True,
    }


def _row(customer: Customer, row: Listing) -> dict[str, Any]:
    return {
        **_empty_row(customer),
        "status": row.status.value,
        "reason": row.code.value,
        "band": row.band.value,
        "has_overdue": row.has_overdue,
        "level_id": row.level_id,
        "actions": list(row.actions),
        "follow_up_on": row.follow_up_on,
        "next_key": date.min if row.status is Status.ACTION else row.follow_up_on or date.max,
        "oldest_due_on": row.oldest_due_on,
        "due_key": row.oldest_due_on or date.max,
        "changes_on": row.changes_on,
        "stale": False,
    }


def _write_rows(session: Session, listings: list[tuple[Customer, Listing]]) -> None:
    if not listings:
        return
    rows = [_row(customer, row) for customer, row in listings]
    insert = insert_into(session, ListRow)
    changed = {name: insert.excluded[name] for name in rows[0] if name != "customer_id"}
    session.execute(insert.on_conflict_do_update(index_elements=[ListRow.customer_id], set_=changed), rows)


def _write_amounts(session: Session, company_id: int, listings: list[tuple[Customer, Listing]]) -> None:
    rows = [
        {
            "customer_id": customer.id,
            "company_id": company_id,
            "status": row.status.value,
            "currency": amounts.currency,
            "overdue": amounts.overdue,
            "total": amounts.total,
            "unapplied": amounts.unapplied,
        }
        for customer, row in listings
        for amounts in row.amounts
    ]
    ids = [customer.id for customer, _ in listings]
    key = tuple_(ListAmount.customer_id, ListAmount.currency)
    kept = [(row["customer_id"], row["currency"]) for row in rows]
    gone = delete(ListAmount).where(ListAmount.customer_id.in_(ids))
    session.execute(gone.where(key.not_in(kept)) if kept else gone)
    if rows:
        insert = insert_into(session, ListAmount)
        changed = {name: insert.excluded[name] for name in ("status", "overdue", "total", "unapplied")}
        session.execute(
            insert.on_conflict_do_update(
                index_elements=[ListAmount.customer_id, ListAmount.currency], set_=changed
            ),
            rows,
        )
