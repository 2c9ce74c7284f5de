"""Enrolling a customer by hand or by a step, and letting customers leave."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.workflows.operations.entering import enrol_all
from arfollow.workflows.queries.armed import running
from arfollow.workflows.rules.candidates import Candidate
from arfollow.workflows.rules.entries import left
from arfollow.workflows.tables import Enrolment, StepPosition


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
    into = running(session, company_id=company_id, workflow_id=workflow_id)
    if into is None:
        return None
    candidate = Candidate(customer_id=customer_id, key=key)
    return next(iter(enrol_all(session, into, [candidate], now=now, today=today, who=who)), None)


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
    """Let the customer leave: nothing more of it happens, but after an `end` what events have begun beside the route goes on.

    `why`: in a colleague's own words.
    """
    enrolment.left_at, enrolment.reason = now, reason
    gone = StepPosition.enrolment_id == enrolment.id
    session.execute(delete(StepPosition).where(gone & (StepPosition.path == 0) if reason == "end" else gone))
    facts = {
        "workflow": enrolment.workflow_id,
        "name": name,
        "enrolment": enrolment.id,
        "reason": reason,
        **({"why": why} if why else {}),
    }
    record(
        session,
        company_id=enrolment.company_id,
        customer_id=enrolment.customer_id,
        tag="workflow:left",
        who=who,
        text=str(left(facts)),
        facts=facts,
    )
