"""Reads of workflows and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from json import dumps, loads

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.workflows.file import from_data
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import Workflow, WorkflowVersion


class UnknownWorkflowError(LookupError):
    """There is no such workflow in this company."""

    def __init__(self, workflow: object) -> None:
        super().__init__(f"There is no workflow {workflow} in this company.")


def find_workflow(session: Session, *, company_id: int, workflow_id: int) -> Workflow:
    """The company's workflow; raise UnknownWorkflowError."""
    found = session.scalar(
        select(Workflow)
        .where(Workflow.id == workflow_id, Workflow.company_id == company_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownWorkflowError(workflow_id)
    return found


def workflow_named(session: Session, *, company_id: int, name: str) -> Workflow | None:
    """The company's workflow of that name; None: there is none."""
    return session.scalar(select(Workflow).where(Workflow.company_id == company_id, Workflow.name == name))


def latest_version(session: Session, *, workflow_id: int, published: bool) -> WorkflowVersion | None:
    """The highest version: of those published, or of all, which is the draft if there is one."""
    versions = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id)
    if published:
        versions = versions.where(WorkflowVersion.published_at.is_not(None))
    return session.scalar(versions.order_by(WorkflowVersion.number.desc()).limit(1))


def definitions(session: Session, *, version_ids: set[int]) -> Mapping[int, Definition]:
    """The definitions of these versions, by id."""
    rows = session.execute(
        select(WorkflowVersion.id, WorkflowVersion.definition).where(WorkflowVersion.id.in_(version_ids))
    )
    return {id_: _read(dumps(data, sort_keys=True)) for id_, data in rows}


@lru_cache(maxsize=256)
def _read(text: str) -> Definition:
    """A published version never changes, so what was read once holds."""
    return from_data(loads(text))
