"""Workflows that customers enter by themselves, as they are in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.workflows.queries.versions import definitions, find_workflow, latest_version
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import ArmedTrigger, Workflow, WorkflowVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """A workflow that runs, in its last published version. `timezone`: the company's; `fires_from`: as in its table."""

    company_id: int
    timezone: str
    workflow_id: int
    name: str
    version_id: int
    number: int
    definition: Definition
    fires_from: datetime | None = None

    @property
    def first_day(self) -> date:
        """The first day that fires."""
        if self.fires_from is None:
            return date.max
        return self.fires_from.astimezone(ZoneInfo(self.timezone)).date()


def running(session: Session, *, company_id: int, workflow_id: int) -> Armed | None:
    """The workflow as customers enter it; None: it does not run. Raise UnknownWorkflowError."""
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    version = latest_version(session, workflow_id=workflow.id, published=True)
    if workflow.state != "running" or version is None:
        return None
    return Armed(
        company_id=company_id,
        timezone=session.scalars(select(Company.timezone).where(Company.id == company_id)).one(),
        workflow_id=workflow.id,
        name=workflow.name,
        version_id=version.id,
        number=version.number,
        definition=definitions(session, version_ids={version.id})[version.id],
    )


def looking(session: Session, *, company_id: int) -> Sequence[Armed]:
    """The company's running workflows that look at customers of whom something has changed."""
    return _armed(session, company_id, ArmedTrigger.looks.is_(True))


def waiting_for(session: Session, *, company_id: int, events: Collection[str]) -> Sequence[Armed]:
    """The company's running workflows that such an event enrols in."""
    return _armed(session, company_id, ArmedTrigger.event.in_(sorted(events)))


def of_kind(session: Session, *, company_id: int, kind: str) -> Sequence[Armed]:
    """The company's running workflows with such a trigger."""
    return _armed(session, company_id, ArmedTrigger.kind == kind)


def _armed(session: Session, company_id: int, condition: ColumnElement[bool]) -> Sequence[Armed]:
    rows = session.execute(
        select(
            ArmedTrigger.workflow_id,
            Workflow.name,
            ArmedTrigger.version_id,
            WorkflowVersion.number,
            ArmedTrigger.fires_from,
            Company.timezone,
        )
        .join(Workflow, Workflow.id == ArmedTrigger.workflow_id)
        .join(WorkflowVersion, WorkflowVersion.id == ArmedTrigger.version_id)
        .join(Company, Company.id == ArmedTrigger.company_id)
        .where(ArmedTrigger.company_id == company_id, Workflow.state == "running", condition)
        .order_by(ArmedTrigger.workflow_id)
    ).all()
    read = definitions(session, version_ids={row.version_id for row in rows}) if rows else {}
    return [
        Armed(
            company_id=company_id,
            timezone=row.timezone,
            workflow_id=row.workflow_id,
            name=row.name,
            version_id=row.version_id,
            number=row.number,
            definition=read[row.version_id],
            fires_from=row.fires_from,
        )
        for row in rows
    ]
