"""Enrolling customers, and letting them leave. The database takes an entry of a customer, a key and a number but once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import insert_into
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.queries.versions import definitions, find_workflow, latest_version
from arfollow.workflows.rules.conditions import holds
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.engine import Route, watched_facts
from arfollow.workflows.rules.facts import all_facts
from arfollow.workflows.tables import Enrolment, StepPosition

MONEY = ("money.", "invoice.")
"""Facts that change with the customer's account."""


def enrol(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    customer_id: int,
    key: str = "",
    now: datetime,
    today: date,
    who: str,
) -> int | None:
    """Enrol a customer in what the workflow's last published version says, about `key`; gives the enrolment's id.

    None: the workflow does not run, the customer is in it, may not enter again yet, or is none of those who may.
    """
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    version = latest_version(session, workflow_id=workflow.id, published=True)
    if workflow.state != "running" or version is None:
        return None
    definition = definitions(session, version_ids={version.id})[version.id]
    last = _last_entry(session, workflow_id, customer_id, key)
    if last is not None and not _may_again(definition, last, now):
        return None
    known = snapshot(
        session, company_id=company_id, customer_ids=[customer_id], since=now, today=today
    ).known(customer_id, key=key, since=now)
    facts = all_facts(known.facts, events=known.events, now=now, place=known.place)
    if not holds(definition.only, facts) or (definition.goal and holds(definition.goal, facts)):
        return None
    enrolment_id = _insert(
        session,
        workflow_id=workflow_id,
        version_id=version.id,
        company_id=company_id,
        customer_id=customer_id,
        key=key,
        entry=1 if last is None else last.entry + 1,
        entered_at=now,
        reason="",
    )
    if enrolment_id is None:
        return None
    begin_path(session, definition, enrolment_id, company_id, customer_id, now=now)
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag="workflow:entered",
        who=who,
        text=f"Enters “{workflow.name}”, version {version.number}",
        facts={"workflow": workflow.id, "version": version.number, "enrolment": enrolment_id, "key": key},
    )
    return enrolment_id


def begin_path(
    session: Session,
    definition: Definition,
    enrolment_id: int,
    company_id: int,
    customer_id: int,
    *,
    now: datetime,
    path: int = 0,
    whenever: int | None = None,
    event_id: int | None = None,
) -> None:
    """Stand at the beginning of the route, or of what an event begins beside it; due at once."""
    session.add(
        StepPosition(
            enrolment_id=enrolment_id,
            path=path,
            company_id=company_id,
            customer_id=customer_id,
            whenever=whenever,
            event_id=event_id,
            step=Route(definition, whenever=whenever).first,
            round=1,
            entered_at=now,
            due_at=now,
            watches=any(fact.startswith(MONEY) for fact in watched_facts(definition)),
        )
    )
    session.flush()


def leave(
    session: Session,
    enrolment: Enrolment,
    *,
    reason: str,
    now: datetime,
    who: str,
    name: str,
    why: str = "",
) -> None:
    """Let the customer leave: nothing more of it happens. `why`: in a colleague's own words."""
    enrolment.left_at, enrolment.reason = now, reason
    session.execute(delete(StepPosition).where(StepPosition.enrolment_id == enrolment.id))
    record(
        session,
        company_id=enrolment.company_id,
        customer_id=enrolment.customer_id,
        tag="workflow:left",
        who=who,
        text=f"Leaves “{name}”: {_REASONS.get(reason, reason)}" + (f": {why}" if why else ""),
        facts={
            "workflow": enrolment.workflow_id,
            "enrolment": enrolment.id,
            "reason": reason,
            **({"why": why} if why else {}),
        },
    )


_REASONS = {
    "goal": "its goal is reached",
    "end": "the route is at its end",
    "removed": "taken out",
    "retired": "the workflow is retired",
}


def _last_entry(session: Session, workflow_id: int, customer_id: int, key: str) -> Enrolment | None:
    entries = select(Enrolment).where(
        Enrolment.workflow_id == workflow_id, Enrolment.customer_id == customer_id, Enrolment.key == key
    )
    return session.scalar(
        entries.order_by(Enrolment.entry.desc()).limit(1).execution_options(populate_existing=True)
    )


def _may_again(definition: Definition, last: Enrolment, now: datetime) -> bool:
    if last.left_at is None or definition.again_after_days is None:
        return False
    return now >= last.left_at + timedelta(days=definition.again_after_days)


def _insert(session: Session, **values: object) -> int | None:
    """The new entry's id; None: somebody else has just made it."""
    made: int | None = session.scalar(
        insert_into(session, Enrolment).values(**values).on_conflict_do_nothing().returning(Enrolment.id)
    )
    return made
