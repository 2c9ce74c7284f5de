"""The rows of the stored list: as they have to be by the rules, and as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.database import plain_rows
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.waiting import rules_version
from arfollow.followup.rules import Band, Listing, Status, listing
from arfollow.followup.tables import ListAmount, ListRow
from arfollow.levels.rules.explaining import explain
from arfollow.receivables.queries.accounts import next_ledger_days
from arfollow.receivables.tables import Customer
from arfollow.values.folding import fold

# PostgreSQL indexes no row above 2,700 bytes.
_NAME, _NUMBER = 120, 79
_CUSTOMERS = (
    select(Customer.id, Customer.company_id, Customer.number, Customer.name, Customer.responsible_id)
    .where(one_of(Customer.id, "ids"))
    .order_by(Customer.id)
)
_VERSION = select(rules_version(bindparam("company_id", type_=Integer())))
_STORED = {
    table: select(*table.__table__.columns).where(one_of(table.customer_id, "ids"))
    for table in (ListRow, ListAmount)
}


Values = dict[str, Any]
"""A row of a table, by the names of its columns."""


@dataclass(frozen=True, slots=True)
class StoredList:
    """Rows of the tables list_rows and list_amounts."""

    rows: list[Values]
    amounts: list[Values]

    def of(self, customer_ids: Collection[int]) -> StoredList:
        """Those of some customers."""
        return StoredList(
            [row for row in self.rows if row["customer_id"] in customer_ids],
            [row for row in self.amounts if row["customer_id"] in customer_ids],
        )


def by_the_rules(
    session: Session, *, company_id: int, customer_ids: Collection[int], today: date
) -> StoredList:
    """What has to be stored of these customers on the company's today."""
    # Before the rules themselves are read: whoever changes them meanwhile makes the row stale.
    version = int(plain_rows(session, _VERSION, {"company_id": company_id}).scalar_one())
    facts = facts_of(session, company_id=company_id, customer_ids=customer_ids, day=today)
    ledger_days = next_ledger_days(session, customer_ids=customer_ids, after=today)
    rows, amounts = [], []
    for customer in _customers(session, customer_ids):
        of_customer = facts[customer.id]
        said = listing(
            of_customer,
            explain(of_customer, today),
            day=today,
            ledger_day=ledger_days.get(customer.id),
        )
        rows.append(_row(customer, said) | {"rules_version": version})
        amounts.extend(_amounts(customer, said))
    return StoredList(rows, amounts)


def as_stored(session: Session, *, customer_ids: Collection[int]) -> StoredList:
    """What is stored of these customers."""
    return StoredList(_stored(session, ListRow, customer_ids), _stored(session, ListAmount, customer_ids))


def empty_rows(session: Session, *, customer_ids: Collection[int]) -> list[Values]:
    """Stale rows for these customers, which show nothing yet."""
    return [_empty_row(customer) for customer in _customers(session, customer_ids)]


def _stored(
    session: Session, table: type[ListRow | ListAmount], customer_ids: Collection[int]
) -> list[Values]:
    found = plain_rows(session, _STORED[table], {"ids": [*customer_ids]})
    return [dict(row) for row in found.mappings()]


def _customers(session: Session, ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    return plain_rows(session, _CUSTOMERS, {"ids": sorted(ids)}).all()


def _empty_row(customer: Row[*tuple[Any, ...]]) -> Values:
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
        "rules_version": 0,
    }


def _row(customer: Row[*tuple[Any, ...]], row: Listing) -> Values:
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
    }


def _amounts(customer: Row[*tuple[Any, ...]], row: Listing) -> list[Values]:
    return [
        {
            "customer_id": customer.id,
            "company_id": customer.company_id,
            "status": row.status.value,
            "currency": amounts.currency,
            "overdue": amounts.overdue,
            "total": amounts.total,
            "unapplied": amounts.unapplied,
            "dues": [[due.on.isoformat(), due.items, due.amount] for due in amounts.dues],
        }
        for amounts in row.amounts
    ]
