"""The rows of the list that are shown: what the stored list does not hold is read for them alone, in a fixed number of queries."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, select
from sqlalchemy.orm import Session

from arfollow.followup.queries.list_entry import Aging, Contact, LevelMark, ListEntry, Person
from arfollow.followup.queries.waiting import rules_version
from arfollow.followup.rules import Band, Status
from arfollow.followup.tables import CustomerState, ListAmount, ListRow
from arfollow.levels.queries import PlansInForce
from arfollow.levels.rules.explaining import Code
from arfollow.levels.tables import Level
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.rules.aging import buckets, earliest_due_dates
from arfollow.receivables.tables import Customer
from arfollow.tasks.tables import Task
from arfollow.users.tables import User
from arfollow.values.money import Money

# Made once: to build them anew would take longer than to run them. Columns instead of objects, for the same reason.
_IDS = bindparam("ids", type_=Integer(), expanding=True)
_ROWS = (
    select(
        ListRow.customer_id,
        ListRow.name,
        ListRow.status,
        ListRow.reason,
        ListRow.band,
        ListRow.level_id,
        ListRow.actions,
        ListRow.follow_up_on,
        ListRow.oldest_due_on,
        ListRow.responsible_id,
        ListRow.changes_on,
        (ListRow.rules_version < rules_version(ListRow.company_id)).label("stale"),
        Customer.number,
        User.name.label("responsible"),
        Level.name.label("level"),
        CustomerState.manual_on,
        CustomerState.last_contact_on,
        CustomerState.last_contact_kind,
    )
    .join(Customer, Customer.id == ListRow.customer_id)
    .outerjoin(User, User.id == ListRow.responsible_id)
    .outerjoin(Level, Level.id == ListRow.level_id)
    .outerjoin(CustomerState, CustomerState.customer_id == ListRow.customer_id)
    .where(ListRow.customer_id.in_(_IDS))
)
_AMOUNTS = select(
    ListAmount.customer_id, ListAmount.currency, ListAmount.overdue, ListAmount.total, ListAmount.dues
).where(ListAmount.customer_id.in_(_IDS))
_TASK_DAYS = (
    select(Task.customer_id, func.min(Task.due_on))
    .where(Task.customer_id.in_(_IDS), Task.state == "open")
    .group_by(Task.customer_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the company says about its list: its currency first among others, the borders of its aging buckets, its levels."""

    currency: str
    bucket_days: Sequence[int]
    plans: PlansInForce
    marks: Mapping[int, LevelMark]

    def order(self, currency: str) -> tuple[bool, str]:
        """What currencies are sorted by: the company's own, then the others by code."""
        return (currency != self.currency, currency)


def list_entries(
    session: Session, ledger: Ledger, customer_ids: Sequence[int], *, today: date
) -> tuple[ListEntry, ...]:
    """The rows of these customers, in the given order."""
    if not customer_ids:
        return ()
    asked = {"ids": sorted(customer_ids)}
    rows = {row.customer_id: row for row in session.execute(_ROWS, asked)}
    reason_days = _reason_days(session, rows, today)
    amounts = _amounts(session, ledger, asked)
    # Days as texts sort as the days do: the aging bars of a page look at thousands.
    edges = [edge.isoformat() for edge in reversed(earliest_due_dates(today, ledger.bucket_days))]
    names = buckets(ledger.bucket_days)
    return tuple(
        _entry(
            rows[customer_id],
            ledger,
            amounts=amounts.get(customer_id, ()),
            reason_on=reason_days.get(customer_id),
            aging=_aging(amounts.get(customer_id, ()), names, edges),
            today=today,
        )
        for customer_id in customer_ids
        if customer_id in rows
    )


def level_marks(plans: PlansInForce) -> Mapping[int, LevelMark]:
    """The levels in force of all plans, by id."""
    return {
        level.id: LevelMark(id=level.id, name=level.name, position=index)
        for plan in plans.by_id.values()
        for index, level in enumerate(plan.levels, start=1)
    }


def _amounts(
    session: Session, ledger: Ledger, asked: Mapping[str, list[int]]
) -> Mapping[int, list[Row[*tuple[Any, ...]]]]:
    found: defaultdict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for amount in session.execute(_AMOUNTS, asked):
        found[amount.customer_id].append(amount)
    for of_customer in found.values():
        of_customer.sort(key=lambda each: ledger.order(each.currency))
    return found


def _reason_days(
    session: Session, rows: Mapping[int, Row[*tuple[Any, ...]]], today: date
) -> Mapping[int, date | None]:
    """The day that the reason is about, of the customers whose reason is about any."""
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows.values():
        by_reason[row.reason].append(row.customer_id)
    manual = by_reason[Code.MANUAL] + by_reason[Code.MANUAL_AHEAD]
    return {
        **{customer_id: rows[customer_id].manual_on for customer_id in manual},
        **_broken_on(session, by_reason[Code.PROMISE_BROKEN], today),
        **_task_days(session, by_reason[Code.TASK]),
    }


def _broken_on(session: Session, ids: Collection[int], today: date) -> Mapping[int, date | None]:
    return {
        customer_id: max(
            (each.terms.broken_on for each in account.promises if each.is_broken(today)), default=None
        )
        for customer_id, account in accounts(session, customer_ids=ids, day=today).items()
    }


def _task_days(session: Session, ids: Collection[int]) -> Mapping[int, date]:
    return dict(session.execute(_TASK_DAYS, {"ids": ids}).all()) if ids else {}


def _entry(
    row: Row[*tuple[Any, ...]],
    ledger: Ledger,
    *,
    amounts: Sequence[Row[*tuple[Any, ...]]],
    reason_on: date | None,
    aging: Aging | None,
    today: date,
) -> ListEntry:
    late = (today - row.oldest_due_on).days if row.oldest_due_on else 0
    return ListEntry(
        customer_id=row.customer_id,
        number=row.number,
        name=row.name,
        status=Status(row.status),
        band=Band(row.band),
        reason=Code(row.reason) if row.reason else Code.NOT_REACHED,
        reason_on=reason_on,
        overdue=tuple(Money(each.currency, each.overdue) for each in amounts if each.overdue),
        total=tuple(Money(each.currency, each.total) for each in amounts if each.total),
        oldest_days=late if late > 0 else None,
        aging=aging,
        level=_level(row.level_id, row.level, ledger),
        actions=tuple(row.actions),
        contact=Contact(on=row.last_contact_on, kind=row.last_contact_kind) if row.last_contact_on else None,
        follow_up_on=row.follow_up_on,
        responsible=_person(row.responsible_id, row.responsible),
        is_waiting=row.stale or (row.changes_on is not None and row.changes_on <= today),
    )


def _aging(
    amounts: Sequence[Row[*tuple[Any, ...]]], names: Sequence[str], edges: Sequence[str]
) -> Aging | None:
    """In the company's currency, or the first by code that anything is overdue in, where it is not overdue in that one.

    `edges`: the earliest due date of each bucket but the last, oldest first.
    """
    owed = [each for each in amounts if each.total]
    if not owed:
        return None
    shown = next((each for each in owed if each.overdue), owed[0])
    open_in = [0] * len(names)
    for on, _items, amount in shown.dues:
        open_in[len(edges) - bisect_right(edges, on)] += amount
    return Aging(currency=shown.currency, buckets=tuple(zip(names, open_in, strict=True)))


def _level(level_id: int | None, name: str | None, ledger: Ledger) -> LevelMark | None:
    if level_id is None or name is None:
        return None
    return ledger.marks.get(level_id) or LevelMark(id=level_id, name=name, position=None)


def _person(user_id: int | None, name: str | None) -> Person | None:
    return None if user_id is None or name is None else Person(id=user_id, name=name)
