"""The campaigns that workflows are attached to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.profiles.tables import CustomerList
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import WorkflowCampaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A campaign that a workflow is attached to; `values` go before those of the workflow."""

    list_id: int
    name: str
    values: Mapping[str, str]


def campaigns_of(session: Session, *, workflow_id: int) -> Sequence[Attached]:
    """Those that the workflow is attached to, by name."""
    rows = session.execute(
        select(WorkflowCampaign.list_id, CustomerList.name, WorkflowCampaign.values)
        .join(CustomerList, CustomerList.id == WorkflowCampaign.list_id)
        .where(WorkflowCampaign.workflow_id == workflow_id)
        .order_by(CustomerList.name)
    )
    return [Attached(list_id=list_id, name=name, values=values) for list_id, name, values in rows]


def values_for(session: Session, *, workflow_id: int, key: str, definition: Definition) -> Mapping[str, str]:
    """What the words of an enrolment say about the company: the workflow's values, and before them those of its campaign."""
    own = session.scalar(
        select(WorkflowCampaign.values)
        .join(CustomerList, CustomerList.id == WorkflowCampaign.list_id)
        .where(WorkflowCampaign.workflow_id == workflow_id, CustomerList.name == key)
    )
    return {**definition.values, **(own or {})}
