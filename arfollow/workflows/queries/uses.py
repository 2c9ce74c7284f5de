"""Which workflows need a list of customers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.profiles.tables import CustomerList
from arfollow.workflows.tables import Workflow, WorkflowCampaign, WorkflowVersion


def workflows_with_list(session: Session, company_id: int, name: str) -> Sequence[str]:
    """The names of the company's workflows that put somebody on that list, take somebody off it, look at it, or have it as a campaign.

    Retired ones do not count.
    """
    rows = session.execute(
        select(Workflow.name, WorkflowVersion.definition)
        .join(WorkflowVersion, WorkflowVersion.workflow_id == Workflow.id)
        .where(Workflow.company_id == company_id, Workflow.state != "retired")
    )
    named = [row.name for row in rows if _names(row.definition, name.casefold())]
    return list(dict.fromkeys([*named, *_with_campaign(session, company_id, name)]))


def _with_campaign(session: Session, company_id: int, name: str) -> Sequence[str]:
    return session.scalars(
        select(Workflow.name)
        .join(WorkflowCampaign, WorkflowCampaign.workflow_id == Workflow.id)
        .join(CustomerList, CustomerList.id == WorkflowCampaign.list_id)
        .where(CustomerList.company_id == company_id, CustomerList.name == name, Workflow.state != "retired")
        .order_by(Workflow.name)
    ).all()


def _names(part: object, name: str) -> bool:
    """Whether a definition, or a part of it, names the list."""
    if isinstance(part, dict):
        looked_at = part.get("value") if part.get("fact") == "lists" else part.get("list")
        if isinstance(looked_at, str) and looked_at.casefold() == name:
            return True
        return any(_names(each, name) for each in part.values())
    return isinstance(part, list) and any(_names(each, name) for each in part)
