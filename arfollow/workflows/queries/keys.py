"""What an event has to tell so that it is about one enrolment and not about another of the same customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.workflows.file import from_data
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.tables import ArmedTrigger, Enrolment, WorkflowVersion


def key_of(session: Session, *, customer_id: int, enrolment_id: int) -> Mapping[str, str]:
    """The name and the key of the customer's enrolment, such as its appointment's; empty: there is but one, or none."""
    row = session.execute(
        select(Enrolment.key, WorkflowVersion.definition)
        .join(WorkflowVersion, WorkflowVersion.id == Enrolment.version_id)
        .where(Enrolment.id == enrolment_id, Enrolment.customer_id == customer_id)
    ).one_or_none()
    if row is None or not row.key:
        return {}
    name = key_name(from_data(row.definition).trigger)
    return {name: row.key} if name else {}


def keys_in_force(session: Session, company_id: int) -> Mapping[str, frozenset[str]]:
    """The names under which events tell what they enrol about, by their kind; registered with profiles."""
    armed = dict(
        session.execute(
            select(ArmedTrigger.version_id, ArmedTrigger.event).where(
                ArmedTrigger.company_id == company_id, ArmedTrigger.event != ""
            )
        ).all()
    )
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for version_id, definition in definitions(session, version_ids={*armed}).items():
        if name := key_name(definition.trigger):
            found[armed[version_id]] |= {name}
    return found
