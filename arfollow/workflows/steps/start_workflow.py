"""Starts another workflow with the customer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.queries.versions import workflow_named
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Enrol the customer in it; where that cannot be, the explanation says why."""
    name = str(doing.step.settings["workflow"])
    workflow = workflow_named(session, company_id=doing.company_id, name=name)
    if workflow is None:
        return Done(
            result="skipped",
            explanation=Remark(N_("There is no workflow “%(name)s” in this company."), name=name),
        )
    enrolment_id = enrol(
        session,
        company_id=doing.company_id,
        workflow_id=workflow.id,
        customer_id=doing.customer_id,
        now=doing.now,
        today=doing.today,
        who=doing.who,
    )
    if enrolment_id is None:
        return Done(
            result="skipped", explanation=Remark(N_("The customer may not enter “%(name)s” now."), name=name)
        )
    return Done()
