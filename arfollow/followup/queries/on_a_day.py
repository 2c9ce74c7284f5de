"""Whom to contact on a day: the stored list for the company's today, the rules over all customers for any other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.queries.facts import facts_of
from arfollow.followup.rules import Band, Status, listing
from arfollow.followup.tables import ListAmount, ListRow
from arfollow.levels.rules.explaining import Code, explain
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.outlook import outlook
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.tables import Level
from arfollow.receivables.tables import Customer
from arfollow.users.tables import User
from arfollow.values.money import Money

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCustomer:
    """A customer on the list of a day. Amounts by currency, without zeros; `next_on`: when it is back after a Done that day."""

    number: str
    name: str
    reason: Code
    band: Band
    level: str | None
    actions: tuple[str, ...]
    overdue: tuple[Money, ...]
    total: tuple[Money, ...]
    oldest_due_on: date | None
    next_on: date | None
    responsible: str


@dataclass(frozen=True, slots=True)
class _Names:
    """How a customer and its responsible are called."""

    number: str
    name: str
    responsible: str


def listed_on(session: Session, *, company_id: int, day: date, today: date) -> list[ListedCustomer]:
    """Who is on the list of the day, the most urgent first. Of another day than today: by what is known today."""
    found: list[ListedCustomer] = []
    for ids in _batches(session, company_id, stored_only=day == today):
        names = _names(session, ids)
        facts = facts_of(session, company_id=company_id, customer_ids=ids, day=day)
        read = _stored(session, ids, names, facts, day) if day == today else _decided(names, facts, day)
        found += read
    return sorted(found, key=lambda each: (each.band, each.oldest_due_on or date.max, each.number))


def _batches(session: Session, company_id: int, *, stored_only: bool) -> Iterator[Sequence[int]]:
    wanted = select(Customer.id).where(Customer.company_id == company_id).order_by(Customer.id)
    if stored_only:
        wanted = wanted.join(ListRow, ListRow.customer_id == Customer.id).where(
            ListRow.status == Status.ACTION.value
        )
    ids = session.scalars(wanted).all()
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _names(session: Session, ids: Collection[int]) -> Mapping[int, _Names]:
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, User.name.label("responsible"))
        .outerjoin(User, User.id == Customer.responsible_id)
        .where(Customer.id.in_(ids))
    )
    return {row.id: _Names(row.number, row.name, row.responsible or "") for row in rows}


def _stored(
    session: Session,
    ids: Collection[int],
    names: Mapping[int, _Names],
    facts: Mapping[int, Facts],
    day: date,
) -> Iterator[ListedCustomer]:
    amounts: dict[int, list[ListAmount]] = {customer_id: [] for customer_id in ids}
    of_these = ListAmount.customer_id.in_(ids)
    for amount in session.scalars(select(ListAmount).where(of_these).order_by(ListAmount.currency)):
        amounts[amount.customer_id].append(amount)
    rows = session.execute(
        select(ListRow, Level.name.label("level"))
        .outerjoin(Level, Level.id == ListRow.level_id)
        .where(ListRow.customer_id.in_(ids))
    )
    for row, level in rows:
        known, owed = names[row.customer_id], amounts[row.customer_id]
        yield ListedCustomer(
            number=known.number,
            name=known.name,
            reason=Code(row.reason),
            band=Band(row.band),
            level=level,
            actions=tuple(row.actions),
            overdue=tuple(Money(each.currency, each.overdue) for each in owed if each.overdue),
            total=tuple(Money(each.currency, each.total) for each in owed if each.total),
            oldest_due_on=row.oldest_due_on,
            next_on=outlook(facts[row.customer_id], day).next_on,
            responsible=known.responsible,
        )


def _decided(names: Mapping[int, _Names], facts: Mapping[int, Facts], day: date) -> Iterator[ListedCustomer]:
    for customer_id, known in names.items():
        of_customer = facts[customer_id]
        decision = decide(of_customer, day)
        if not decision.listed:
            continue
        row = listing(of_customer, explain(of_customer, day), day=day, ledger_day=None)
        levels = {level.id: level.name for level in of_customer.plan.levels} if of_customer.plan else {}
        yield ListedCustomer(
            number=known.number,
            name=known.name,
            reason=row.code,
            band=row.band,
            level=levels.get(row.level_id) if row.level_id else None,
            actions=row.actions,
            overdue=tuple(Money(each.currency, each.overdue) for each in row.amounts if each.overdue),
            total=tuple(Money(each.currency, each.total) for each in row.amounts if each.total),
            oldest_due_on=row.oldest_due_on,
            next_on=outlook(of_customer, day).next_on,
            responsible=known.responsible,
        )
