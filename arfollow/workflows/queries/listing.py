"""The list of a company's workflows, and the versions of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.workflows.file import from_data
from arfollow.workflows.queries.figures import Standing, standing_of_workflows
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import Enrolment, Workflow, WorkflowVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRow:
    """A workflow. `number`: of the version in force, None: none yet; `has_draft`: there are changes that are not published."""

    id: int
    name: str
    state: str
    definition: Definition
    number: int | None
    has_draft: bool
    changed_at: datetime
    changed_by: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version; `published_at` None: the draft."""

    number: int
    written_at: datetime
    written_by: str
    published_at: datetime | None
    enrolled: int
    definition: Definition


def workflow_rows(session: Session, *, company_id: int) -> Sequence[WorkflowRow]:
    """All workflows by name, the retired ones last."""
    workflows = session.scalars(
        select(Workflow)
        .where(Workflow.company_id == company_id)
        .order_by(Workflow.state == "retired", Workflow.name)
    ).all()
    versions = _last_versions(session, company_id)
    standing = standing_of_workflows(session, company_id)
    return [_row(each, versions[each.id], standing.get(each.id, Standing())) for each in workflows]


def versions_of(session: Session, *, workflow_id: int) -> Sequence[VersionView]:
    """All versions, the newest first."""
    counts = _counts(
        session.execute(
            select(Enrolment.version_id, func.count())
            .where(Enrolment.workflow_id == workflow_id, Enrolment.left_at.is_(None))
            .group_by(Enrolment.version_id)
        ).all()
    )
    found = session.scalars(
        select(WorkflowVersion)
        .where(WorkflowVersion.workflow_id == workflow_id)
        .order_by(WorkflowVersion.number.desc())
    )
    return [
        VersionView(
            number=each.number,
            written_at=each.written_at,
            written_by=each.written_by,
            published_at=each.published_at,
            enrolled=counts.get(each.id, 0),
            definition=from_data(each.definition),
        )
        for each in found
    ]


def _last_versions(session: Session, company_id: int) -> Mapping[int, list[WorkflowVersion]]:
    """The last published version and the draft of each workflow, the older first."""
    highest = (
        select(WorkflowVersion.workflow_id, func.max(WorkflowVersion.number).label("number"))
        .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
        .where(Workflow.company_id == company_id)
        .group_by(WorkflowVersion.workflow_id, WorkflowVersion.published_at.is_(None))
        .subquery()
    )
    found: dict[int, list[WorkflowVersion]] = {}
    for version in session.scalars(
        select(WorkflowVersion)
        .join(
            highest,
            (highest.c.workflow_id == WorkflowVersion.workflow_id)
            & (highest.c.number == WorkflowVersion.number),
        )
        .order_by(WorkflowVersion.number)
    ):
        found.setdefault(version.workflow_id, []).append(version)
    return found


def _row(workflow: Workflow, versions: Sequence[WorkflowVersion], standing: Standing) -> WorkflowRow:
    published = [each for each in versions if each.published_at is not None]
    last = versions[-1]
    return WorkflowRow(
        id=workflow.id,
        name=workflow.name,
        state=workflow.state,
        definition=from_data((published or versions)[-1].definition),
        number=published[-1].number if published else None,
        has_draft=last.published_at is None,
        changed_at=last.written_at,
        changed_by=last.written_by,
        standing=standing,
    )


def _counts(rows: Sequence[object]) -> dict[int, int]:
    return {int(row[0]): int(row[1]) for row in rows}  # type: ignore[index]
