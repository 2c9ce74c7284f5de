"""Keeps the stored list: set-based, by the pure rules, only for customers that changed or whose day has come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import one_of
from arfollow.companies.tables import Company
from arfollow.database import insert_into, one_at_a_time, plain_rows, waited
from arfollow.followup.operations.figures import FigureChanges
from arfollow.followup.operations.upserts import upsert
from arfollow.followup.queries.stored_list import StoredList, Values, as_stored, by_the_rules, empty_rows
from arfollow.followup.queries.waiting import waiting
from arfollow.followup.tables import ListAmount, ListRow, ListRules
from arfollow.levels.operations.plans import plans_lock
from arfollow.receivables.tables import Customer

AT_ONCE = 1000
"""More touched customers than this in one transaction are left to the worker."""

BATCH = 500

# Made once: to build them anew would take longer than to run them.
_COMPANIES = (
    select(Company.id, Company.timezone, Customer.id)
    .join(Company, Company.id == Customer.company_id)
    .where(one_of(Customer.id, "ids"))
)
_OWN_ROWS = (
    select(ListRow.customer_id)
    .where(one_of(ListRow.customer_id, "ids"))
    .order_by(ListRow.customer_id)
    .with_for_update()
)


def refresh_touched(session: Session, customer_ids: frozenset[int]) -> None:
    """Refresh these customers' rows, or mark them stale when they are many; `database.commit` runs it."""
    for company_id, timezone, ids in _by_company(session, sorted(customer_ids)):
        if len(ids) > AT_ONCE:
            mark_stale(session, customer_ids=ids)
        else:
            one_at_a_time(session, number=plans_lock(company_id), among_many=True)
            refresh(session, company_id=company_id, customer_ids=ids, today=clock.today(timezone))


def refresh(session: Session, *, company_id: int, customer_ids: Collection[int], today: date) -> None:
    """Write these customers' rows as the rules see them on the company's today."""
    figures = FigureChanges()
    for batch in in_batches(sorted(customer_ids)):
        _make_rows(session, batch, figures)
        before = as_stored(session, customer_ids=batch)
        said = by_the_rules(session, company_id=company_id, customer_ids=batch, today=today)
        rows = _changed_rows(before.rows, said.rows)
        amounts, gone = _changed_amounts(before.amounts, said.amounts)
        _write_rows(session, before.rows, said.rows, rows)
        _write_amounts(session, amounts, gone)
        changed = {row["customer_id"] for row in (*rows, *amounts, *gone)}
        figures.take(before.of(changed))
        figures.add(said.of(changed))
    figures.write(session)


def mark_stale(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Leave these customers' rows to the worker; customers without a row get one, which shows nothing yet."""
    figures = FigureChanges()
    for batch in in_batches(customer_ids):
        _make_rows(session, batch, figures)
        fresh = ListRow.customer_id.in_(batch) & (ListRow.rules_version > 0)
        session.execute(update(ListRow).where(fresh).values(rules_version=0))
    figures.write(session)


def refresh_company(session: Session, company_id: int) -> None:
    """Leave all of a company's rows to the worker, when something that concerns everybody has changed: one row says so."""
    insert = insert_into(session, ListRules).values(company_id=company_id, version=2)
    one_more = {"version": ListRules.version + 1}
    session.execute(insert.on_conflict_do_update(index_elements=["company_id"], set_=one_more))


def refresh_due(session: Session, *, company_id: int, today: date) -> int:
    """Refresh the next batch of rows that are stale or change by today and nobody else is at; how many there were."""
    for condition in waiting(company_id, today):
        free = select(ListRow.customer_id).where(condition).limit(BATCH).with_for_update(skip_locked=True)
        ids = session.scalars(free).all()
        if ids:
            refresh(session, company_id=company_id, customer_ids=ids, today=today)
            return len(ids)
    return 0


def in_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, as many at a time as one transaction refreshes."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _by_company(session: Session, customer_ids: Sequence[int]) -> Iterator[tuple[int, str, list[int]]]:
    groups: dict[tuple[int, str], list[int]] = {}
    for batch in in_batches(customer_ids):
        for company_id, timezone, customer_id in plain_rows(session, _COMPANIES, {"ids": [*batch]}):
            groups.setdefault((company_id, timezone), []).append(customer_id)
    return ((company_id, timezone, ids) for (company_id, timezone), ids in groups.items())


def lock_rows(session: Session, ids: Sequence[int]) -> Sequence[int]:
    """Wait for whoever refreshes these rows, so that each sees what the other committed; gives the customers that have one."""
    found = plain_rows(session, _OWN_ROWS, {"ids": [*ids]}).scalars().all()
    waited(session)
    return found


def _make_rows(session: Session, ids: Sequence[int], figures: FigureChanges) -> None:
    """Lock these customers' rows; who has none gets a stale one, which shows nothing yet."""
    missing = set(ids).difference(lock_rows(session, ids))
    if not missing:
        return
    insert = insert_into(session, ListRow).on_conflict_do_nothing().returning(ListRow.customer_id)
    rows = empty_rows(session, customer_ids=missing)
    # Somebody else may have made some of them meanwhile, and counted them.
    made = set(session.scalars(insert, rows))
    figures.add(StoredList([row for row in rows if row["customer_id"] in made], []))
    lock_rows(session, ids)


def _changed_rows(before: list[Values], rows: list[Values]) -> list[Values]:
    """Which say something else: most are the same after a new day or a plan that changed, and each has many index entries."""
    known = {row["customer_id"]: row for row in before}
    return [row for row in rows if row != known[row["customer_id"]] | {"rules_version": row["rules_version"]}]


def _write_rows(session: Session, before: list[Values], rows: list[Values], changed: list[Values]) -> None:
    if changed:
        replaced = tuple(name for name in changed[0] if name != "customer_id")
        of_customer = upsert(session, ListRow, key=("customer_id",), replaced=replaced)
        session.connection().execute(of_customer, changed)
    version = max((row["rules_version"] for row in rows), default=0)
    stale = {row["customer_id"] for row in before if row["rules_version"] < version}
    if same := stale - {row["customer_id"] for row in changed}:
        session.execute(update(ListRow).where(ListRow.customer_id.in_(same)).values(rules_version=version))


def _changed_amounts(before: list[Values], amounts: list[Values]) -> tuple[list[Values], list[Values]]:
    """Which say something else, and which are gone."""
    known, kept = ({(row["customer_id"], row["currency"]): row for row in rows} for rows in (before, amounts))
    changed = [row for key, row in kept.items() if row != known.get(key)]
    return changed, [known[key] for key in sorted(known.keys() - kept.keys())]


def _write_amounts(session: Session, changed: list[Values], gone: list[Values]) -> None:
    if gone:
        key = tuple_(ListAmount.customer_id, ListAmount.currency)
        rows = [(row["customer_id"], row["currency"]) for row in gone]
        session.execute(delete(ListAmount).where(key.in_(rows)))
    if changed:
        replaced = ("status", "overdue", "total", "unapplied", "dues")
        of_currency = upsert(session, ListAmount, key=("customer_id", "currency"), replaced=replaced)
        session.connection().execute(of_currency, changed)
