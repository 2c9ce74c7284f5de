"""What the pages of workflows share."""

from __future__ import annotations

from flask import Blueprint, abort

from arfollow.access import current_scope
from arfollow.database import current_session
from arfollow.workflows.queries.versions import UnknownWorkflowError, find_workflow, latest_version
from arfollow.workflows.tables import Workflow, WorkflowVersion
from arfollow.workflows.words.kinds import LOOKS

blueprint = Blueprint("workflows", __name__)


@blueprint.context_processor
def looks() -> dict[str, object]:
    """How each kind of step is shown, for all templates of workflows."""
    return {"looks": LOOKS}


def workflow_or_404(workflow_id: int) -> Workflow:
    """The company's workflow of that id."""
    try:
        return find_workflow(
            current_session(), company_id=current_scope().company_id, workflow_id=workflow_id
        )
    except UnknownWorkflowError:
        abort(404)


def newest_or_404(workflow_id: int) -> WorkflowVersion:
    """Its draft, else its last version."""
    workflow_or_404(workflow_id)
    return latest_version(current_session(), workflow_id=workflow_id, published=False) or abort(404)
