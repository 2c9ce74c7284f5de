"""The keys that steps of a workflow have or had: none is given twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.workflows.file import from_data
from arfollow.workflows.rules.editing import keys_of
from arfollow.workflows.tables import WorkflowVersion


def keys_used(session: Session, *, workflow_id: int) -> frozenset[str]:
    """Those of all versions."""
    definitions = session.scalars(
        select(WorkflowVersion.definition).where(WorkflowVersion.workflow_id == workflow_id)
    )
    return frozenset().union(*(keys_of(from_data(each)) for each in definitions))
