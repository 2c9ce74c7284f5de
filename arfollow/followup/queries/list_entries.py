"""The rows of the list that are shown: what the stored list does not hold is read for them alone, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from arfollow.followup.queries.list_entry import Aging, Contact, LevelMark, ListEntry, Person
from arfollow.followup.rules import Band, Status
from arfollow.followup.tables import CustomerState, ListAmount, ListRow
from arfollow.levels.queries import PlansInForce
from arfollow.levels.rules.explaining import Code
from arfollow.levels.tables import Level
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.rules.accounts import Account
from arfollow.receivables.rules.aging import bucket, buckets
from arfollow.receivables.tables import Customer
from arfollow.tasks.tables import Task
from arfollow.users.tables import User
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the company says about its list: its currency first among others, and the borders of its aging buckets."""

    company_id: int
    currency: str
    bucket_days: Sequence[int]
    plans: PlansInForce

    def order(self, currency: str) -> tuple[bool, str]:
        """What currencies are sorted by: the company's own, then the others by code."""
        return (currency != self.currency, currency)


def list_entries(
    session: Session, ledger: Ledger, customer_ids: Sequence[int], *, today: date
) -> tuple[ListEntry, ...]:
    """The rows of these customers, in the given order."""
    if not customer_ids:
        return ()
    rows = {row.ListRow.customer_id: row for row in _rows(session, customer_ids)}
    amounts = _amounts(session, ledger, customer_ids)
    known = accounts(session, customer_ids=customer_ids, day=today)
    tasks = _task_days(session, customer_ids)
    return tuple(
        _entry(
            rows[customer_id],
            ledger,
            amounts=amounts.get(customer_id, ()),
            account=known[customer_id],
            task_on=tasks.get(customer_id),
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


def _rows(session: Session, customer_ids: Collection[int]) -> Iterable[Row[Any]]:
    statement = (
        select(
            ListRow,
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
        .where(ListRow.customer_id.in_(customer_ids))
    )
    # A refresh writes rows behind the session's back.
    return session.execute(statement, execution_options={"populate_existing": True})


def _amounts(
    session: Session, ledger: Ledger, customer_ids: Collection[int]
) -> Mapping[int, list[ListAmount]]:
    found: defaultdict[int, list[ListAmount]] = defaultdict(list)
    statement = (
        select(ListAmount).where(ListAmount.customer_id.in_(customer_ids)).order_by(ListAmount.currency)
    )
    for amount in session.scalars(statement, execution_options={"populate_existing": True}):
        found[amount.customer_id].append(amount)
    return {
        customer_id: sorted(of, key=lambda each: ledger.order(each.currency))
        for customer_id, of in found.items()
    }


def _task_days(session: Session, customer_ids: Collection[int]) -> Mapping[int, date]:
    earliest = (
        select(Task.customer_id, func.min(Task.due_on))
        .where(Task.customer_id.in_(customer_ids), Task.state == "open")
        .group_by(Task.customer_id)
    )
    return dict(session.execute(earliest).all())


def _entry(
    row: Row[Any],
    ledger: Ledger,
    *,
    amounts: Sequence[ListAmount],
    account: Account,
    task_on: date | None,
    today: date,
) -> ListEntry:
    stored: ListRow = row.ListRow
    late = (today - stored.oldest_due_on).days if stored.oldest_due_on else 0
    reason = Code(stored.reason) if stored.reason else Code.NOT_REACHED
    return ListEntry(
        customer_id=stored.customer_id,
        number=row.number,
        name=stored.name,
        status=Status(stored.status),
        band=Band(stored.band),
        reason=reason,
        reason_on=_reason_on(reason, account, manual_on=row.manual_on, task_on=task_on, today=today),
        overdue=tuple(Money(each.currency, each.overdue) for each in amounts if each.overdue),
        total=tuple(Money(each.currency, each.total) for each in amounts if each.total),
        oldest_days=late if late > 0 else None,
        aging=_aging(account, ledger, today),
        level=_level(stored.level_id, row.level, ledger.plans),
        actions=tuple(stored.actions),
        contact=_contact(row),
        follow_up_on=stored.follow_up_on,
        responsible=_person(stored.responsible_id, row.responsible),
        is_waiting=stored.stale or (stored.changes_on is not None and stored.changes_on <= today),
    )


def _reason_on(
    reason: Code, account: Account, *, manual_on: date | None, task_on: date | None, today: date
) -> date | None:
    if reason is Code.PROMISE_BROKEN:
        broken = (promise.terms.broken_on for promise in account.promises if promise.is_broken(today))
        return max(broken, default=None)
    return {Code.MANUAL: manual_on, Code.MANUAL_AHEAD: manual_on, Code.TASK: task_on}.get(reason)


def _aging(account: Account, ledger: Ledger, today: date) -> Aging | None:
    """In the company's currency, or the first by code that anything is overdue in, where it is not overdue in that one."""
    overdue = {item.currency for item in account.items if item.overdue(today)}
    currencies = sorted(
        {item.currency for item in account.items}, key=lambda code: (code not in overdue, ledger.order(code))
    )
    if not currencies:
        return None
    names = buckets(ledger.bucket_days)
    open_in = [0] * len(names)
    for item in account.items:
        if item.currency == currencies[0]:
            open_in[bucket((today - item.due_date).days, ledger.bucket_days)] += item.residual
    return Aging(currency=currencies[0], buckets=tuple(zip(names, open_in, strict=True)))


def _level(level_id: int | None, name: str | None, plans: PlansInForce) -> LevelMark | None:
    if level_id is None or name is None:
        return None
    return level_marks(plans).get(level_id) or LevelMark(id=level_id, name=name, position=None)


def _contact(row: Row[Any]) -> Contact | None:
    return Contact(on=row.last_contact_on, kind=row.last_contact_kind) if row.last_contact_on else None


def _person(user_id: int | None, name: str | None) -> Person | None:
    return None if user_id is None or name is None else Person(id=user_id, name=name)
