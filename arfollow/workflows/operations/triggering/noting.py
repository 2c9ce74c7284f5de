"""Noting at which customers the worker looks; cheap, since it is part of every change of an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, case, literal, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import one_of
from arfollow.database import insert_into
from arfollow.receivables.tables import Customer
from arfollow.workflows.tables import ArmedTrigger, CustomerLook

LATE = timedelta(days=7)
"""A day that comes to be known so late still counts: files come in once a week."""

_BATCH = 5000


def note_changed(session: Session, customer_ids: Sequence[int]) -> None:
    """These customers have changed: look at those in whose companies a workflow does so."""
    companies = session.scalars(
        select(ArmedTrigger.company_id).where(ArmedTrigger.looks.is_(True)).distinct()
    ).all()
    if not companies:
        return
    ids = sorted(customer_ids)
    for start in range(0, len(ids), _BATCH):
        members = select(Customer.id).where(
            one_of(Customer.id, ids[start : start + _BATCH]), Customer.company_id.in_(companies)
        )
        note_members(session, members, days_from=clock.now().date() - LATE)


def note_members(session: Session, customers: Select[int], *, days_from: date) -> None:
    """Look at the customers whose ids these are, at days from then on."""
    ids = customers.subquery()
    rows = (
        select(Customer.id, Customer.company_id, literal(days_from))
        .where(Customer.id.in_(select(ids.c[0])))
        .order_by(Customer.id)
    )
    new = insert_into(session, CustomerLook).from_select(["customer_id", "company_id", "days_from"], rows)
    earlier = case(
        (new.excluded.days_from < CustomerLook.days_from, new.excluded.days_from),
        else_=CustomerLook.days_from,
    )
    # An update, so that a worker who has begun to look at one is waited for, and looks again.
    session.execute(
        new.on_conflict_do_update(index_elements=[CustomerLook.customer_id], set_={"days_from": earlier}),
        execution_options={"synchronize_session": False},
    )
