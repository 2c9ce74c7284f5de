"""Attaching a workflow to campaigns: who is put on the list of one enters once for each, with the values of that campaign."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.profiles.tables import CustomerList
from arfollow.values.refusals import N_, Refusal
from arfollow.workflows.operations.triggering.arming import look_at_campaigns
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.queries.versions import find_workflow
from arfollow.workflows.tables import Workflow, WorkflowCampaign


class UnknownCampaignError(Refusal):
    """There is no such list in this company."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such campaign."))


def attach(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    list_id: int,
    values: Mapping[str, str],
    who: str,
) -> None:
    """Attach it, or change the campaign's values; empty ones are those of the workflow. Raise UnknownWorkflowError, UnknownCampaignError."""
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    name = _list_name(session, company_id, list_id)
    own = {key: text for key, text in values.items() if text}
    found = session.get(WorkflowCampaign, (workflow_id, list_id))
    if found is not None and found.values == own:
        return
    if found is None:
        session.add(WorkflowCampaign(workflow_id=workflow_id, list_id=list_id, values=own))
    else:
        found.values = own
    session.flush()
    look_at_campaigns(session, workflow.id, today_of(session, company_id=company_id))
    _tell(
        session,
        workflow,
        "workflow:attached",
        f"Workflow “{workflow.name}” attached to “{name}”",
        who=who,
        values=own,
    )


def detach(session: Session, *, company_id: int, workflow_id: int, list_id: int, who: str) -> None:
    """Take it off the campaign; who is in the workflow stays. Raise UnknownWorkflowError, UnknownCampaignError."""
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    name = _list_name(session, company_id, list_id)
    found = session.get(WorkflowCampaign, (workflow_id, list_id))
    if found is None:
        raise UnknownCampaignError
    session.delete(found)
    session.flush()
    _tell(
        session,
        workflow,
        "workflow:detached",
        f"Workflow “{workflow.name}” taken off “{name}”",
        who=who,
        values={},
    )


def detach_deleted(session: Session, list_id: int) -> None:
    """A list is deleted: nothing is attached to it any more, not even what is retired; registered with profiles."""
    session.execute(delete(WorkflowCampaign).where(WorkflowCampaign.list_id == list_id))


def _list_name(session: Session, company_id: int, list_id: int) -> str:
    name = session.scalar(
        select(CustomerList.name).where(CustomerList.id == list_id, CustomerList.company_id == company_id)
    )
    if name is None:
        raise UnknownCampaignError
    return name


def _tell(
    session: Session, workflow: Workflow, tag: str, text: str, *, who: str, values: Mapping[str, str]
) -> None:
    record(
        session,
        company_id=workflow.company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=text,
        facts={"workflow": workflow.id, "values": dict(values)},
    )
