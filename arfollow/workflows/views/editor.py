"""The editor: the route beside the form of what was clicked. The same address gives the page and, to htmx, the editor in it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.web.exports import download, wanted
from arfollow.workflows.operations.drafting import undo
from arfollow.workflows.sheets import timeline_sheet
from arfollow.workflows.views.blueprint import blueprint, workflow_or_404
from arfollow.workflows.views.changing import REFUSALS, changed, refused, seen, show
from arfollow.workflows.views.desk import desk_of
from arfollow.workflows.views.panels import panel_of


@blueprint.get("/workflows/<int:workflow_id>")
@needs(Permission.VIEW)
def workflow(workflow_id: int) -> Response:
    """The workflow; `?step=`, `?block=` or `?add=` opens a form beside it."""
    desk = desk_of(workflow_id)
    if wanted():
        return download(lambda: timeline_sheet(desk.name, desk.rows))
    return show(desk, panel_of(desk, request.args.to_dict()))


@blueprint.post("/workflows/<int:workflow_id>/undo")
@needs(Permission.WORKFLOWS)
def undo_change(workflow_id: int) -> Response:
    """Take the last change back."""
    workflow_or_404(workflow_id)
    scope, session = current_scope(), current_session()
    try:
        undo(
            session,
            company_id=scope.company_id,
            workflow_id=workflow_id,
            seen=seen(),
            who=scope.user_name,
        )
    except REFUSALS as error:
        return refused(workflow_id, error, {})
    commit(session)
    return changed(workflow_id, {})
