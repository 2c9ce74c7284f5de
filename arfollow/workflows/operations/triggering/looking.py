"""Looks at customers of whom something has changed, or whose day has come: who of them enters which workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.receivables.tables import Customer
from arfollow.workflows.operations.entering import enrol_all
from arfollow.workflows.operations.triggering.apart import all_or_apart
from arfollow.workflows.operations.triggering.telling import tell_of_promises
from arfollow.workflows.queries.armed import Armed, looking
from arfollow.workflows.queries.occasions import Asked, occasions
from arfollow.workflows.tables import CustomerLook

BATCH = 200


def look_at_some(session: Session, *, company_id: int, now: datetime, today: date) -> int:
    """Look at some of the company's customers, in a transaction that writes; gives how many. Nobody else does meanwhile."""
    free = (
        select(CustomerLook.customer_id)
        .join(Customer, Customer.id == CustomerLook.customer_id)
        .where(CustomerLook.company_id == company_id)
        .order_by(CustomerLook.customer_id)
        .limit(BATCH)
        .with_for_update(key_share=True, skip_locked=True)
    )
    ids = session.scalars(free).all()
    if not ids:
        _forget_those_who_are_gone(session, company_id)
        return 0
    days_from = _take(session, ids)
    tell_of_promises(session, company_id=company_id, customer_ids=sorted(days_from), today=today, now=now)
    for into in looking(session, company_id=company_id):
        all_or_apart(
            session, sorted(days_from), partial(_enrol, session, into, days_from, now=now, today=today)
        )
    return len(ids)


def _enrol(
    session: Session,
    into: Armed,
    days_from: Mapping[int, date],
    customer_ids: Sequence[int],
    *,
    now: datetime,
    today: date,
) -> None:
    asked = Asked(customer_ids=customer_ids, days_from=days_from, today=today)
    if found := occasions(session, into, asked):
        enrol_all(session, into, found, now=now, today=today)


def _take(session: Session, ids: Sequence[int]) -> Mapping[int, date]:
    """Read again, now that they are held: somebody else may have looked at one just before."""
    rows = session.execute(
        delete(CustomerLook)
        .where(one_of(CustomerLook.customer_id, ids))
        .returning(CustomerLook.customer_id, CustomerLook.days_from),
        execution_options={"synchronize_session": False},
    )
    return dict(iter(rows))


def _forget_those_who_are_gone(session: Session, company_id: int) -> None:
    """Customers go with the import that made them."""
    there = select(Customer.id).where(Customer.company_id == company_id)
    session.execute(
        delete(CustomerLook).where(
            CustomerLook.company_id == company_id, CustomerLook.customer_id.not_in(there)
        ),
        execution_options={"synchronize_session": False},
    )
