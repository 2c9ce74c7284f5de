"""How many customers a workflow is for as things stand, before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.profiles.tables import ListMember
from arfollow.receivables.tables import Customer
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.rules.conditions import facts_of, holds
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.facts import all_facts, bases
from arfollow.workflows.tables import WorkflowCampaign

MOST = 1000
"""Customers that are asked one by one; with more, nobody waits for it."""

_OF_AN_ENROLMENT = ("invoice.", "campaign.", "event.", "in_a_row.", "answer.")


@dataclass(frozen=True, slots=True)
class Matching:
    """How many of the company's customers the condition is true of."""

    meant: int
    of: int


def matching(
    session: Session, *, company_id: int, definition: Definition, now: datetime, today: date
) -> Matching | None:
    """Those whom the trigger would let in today. None: all, or there is no telling before somebody enters, or it takes too long."""
    asked = bases(facts_of(definition.only))
    if not asked or any(name.startswith(_OF_AN_ENROLMENT) for name in asked):
        return None
    mine = select(Customer.id).where(Customer.company_id == company_id).order_by(Customer.id)
    ids = session.scalars(mine.limit(MOST + 1)).all()
    if len(ids) > MOST:
        return None
    seen = snapshot(
        session, company_id=company_id, customer_ids=ids, since=now, until=now, today=today, asked=asked
    )
    known = [seen.known(each, key="", since=now) for each in ids]
    meant = [
        each
        for each in known
        if holds(definition.only, all_facts(each.facts, events=(), now=now, place=each.place))
    ]
    return Matching(meant=len(meant), of=len(ids))


def invited(session: Session, *, workflow_id: int) -> int:
    """How many are on the campaigns that it is attached to, once for each."""
    return session.scalars(
        select(func.count())
        .select_from(WorkflowCampaign)
        .join(ListMember, ListMember.list_id == WorkflowCampaign.list_id)
        .where(WorkflowCampaign.workflow_id == workflow_id)
    ).one()
