"""Attaching workflows to campaigns: everybody on a campaign's list enters, once for each."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.profiles.operations import UnknownListError, find_list
from arfollow.receivables.rules.fields import line
from arfollow.workflows.operations.triggering.arming import look_at_campaigns
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.queries.versions import find_workflow
from arfollow.workflows.tables import WorkflowCampaign


def attach(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    campaign: str,
    values: Mapping[str, str],
    who: str,
) -> None:
    """Attach the workflow to the campaign (a list), or give it other values there; they go before the workflow's own.

    Who is on the list now enters as well as who is put on it later. Raise UnknownWorkflowError, UnknownListError.
    """
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    list_id = _list(session, company_id, campaign)
    attached = session.get(WorkflowCampaign, (workflow.id, list_id), populate_existing=True)
    if attached is None:
        attached = WorkflowCampaign(workflow_id=workflow.id, list_id=list_id)
        session.add(attached)
    attached.values = {name: line(text) for name, text in values.items()}
    session.flush()
    look_at_campaigns(session, workflow.id, today_of(session, company_id=company_id))
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="workflow:attached",
        who=who,
        text=f"Workflow “{workflow.name}” attached to the campaign “{campaign}”",
        facts={"workflow": workflow.id, "list": list_id, "values": attached.values},
    )


def detach(session: Session, *, company_id: int, workflow_id: int, campaign: str, who: str) -> None:
    """Nobody enters by the campaign any more; who has entered goes on. Raise UnknownWorkflowError, UnknownListError."""
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    list_id = _list(session, company_id, campaign)
    session.execute(
        delete(WorkflowCampaign).where(
            WorkflowCampaign.workflow_id == workflow.id, WorkflowCampaign.list_id == list_id
        )
    )
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="workflow:detached",
        who=who,
        text=f"Workflow “{workflow.name}” detached from the campaign “{campaign}”",
        facts={"workflow": workflow.id, "list": list_id},
    )


def _list(session: Session, company_id: int, name: str) -> int:
    list_id = find_list(session, company_id=company_id, name=line(name))
    if list_id is None:
        raise UnknownListError(name)
    return list_id
