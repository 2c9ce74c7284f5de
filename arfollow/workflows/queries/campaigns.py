"""The campaigns that a workflow is attached to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.tables import CustomerList, ListMember
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.tables import Enrolment, WorkflowCampaign

_TOLD = ("name", "day", "time", "place", "map_link")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """A campaign. `members`: how many are on its list; `values`: its own, by name, before those of the workflow."""

    list_id: int
    name: str
    members: int
    values: Mapping[str, str]


def campaigns_of(session: Session, *, workflow_id: int) -> Sequence[CampaignView]:
    """Those of the workflow, by name."""
    rows = session.execute(
        select(CustomerList.id, CustomerList.name, WorkflowCampaign.values)
        .join(WorkflowCampaign, WorkflowCampaign.list_id == CustomerList.id)
        .where(WorkflowCampaign.workflow_id == workflow_id)
        .order_by(CustomerList.name)
    ).all()
    members = _members(session, [row.id for row in rows])
    return [
        CampaignView(list_id=row.id, name=row.name, members=members.get(row.id, 0), values=row[2])
        for row in rows
    ]


def lists_to_attach(session: Session, *, company_id: int, workflow_id: int) -> Sequence[tuple[int, str]]:
    """The company's lists that it is not attached to, by name."""
    attached = select(WorkflowCampaign.list_id).where(WorkflowCampaign.workflow_id == workflow_id)
    rows = session.execute(
        select(CustomerList.id, CustomerList.name)
        .where(CustomerList.company_id == company_id, CustomerList.id.not_in(attached))
        .order_by(CustomerList.name)
    )
    return [(row.id, row.name) for row in rows]


def count_campaigns(session: Session, *, workflow_id: int) -> int:
    """How many there are."""
    counted = select(func.count()).where(WorkflowCampaign.workflow_id == workflow_id)
    return session.scalar(counted) or 0


def values_of(session: Session, *, enrolment_ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """The own values of the campaign that each enrolment is about, by name; not of those that are about none."""
    rows = session.execute(
        select(Enrolment.id, WorkflowCampaign.values)
        .join(WorkflowCampaign, WorkflowCampaign.workflow_id == Enrolment.workflow_id)
        .join(CustomerList, CustomerList.id == WorkflowCampaign.list_id)
        .where(one_of(Enrolment.id, enrolment_ids), CustomerList.name == Enrolment.key)
    )
    return {row[0]: row[1] for row in rows}


def campaigns_named(
    session: Session, *, company_id: int, names: Sequence[str]
) -> Mapping[str, Mapping[str, Value]]:
    """What words say of each of these lists as a campaign, as facts, by the list's name."""
    rows = session.scalars(
        select(CustomerList).where(CustomerList.company_id == company_id, one_of(CustomerList.name, names))
    )
    return {each.name: {f"campaign.{name}": getattr(each, name) for name in _TOLD} for each in rows}


def _members(session: Session, list_ids: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(ListMember.list_id, func.count())
        .where(ListMember.list_id.in_(list_ids))
        .group_by(ListMember.list_id)
    )
    return {row[0]: row[1] for row in rows}
