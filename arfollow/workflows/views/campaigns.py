"""The campaigns that a workflow is attached to, each with values of its own."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.workflows.operations.campaigns import UnknownCampaignError, attach, detach
from arfollow.workflows.queries.campaigns import campaigns_of, lists_to_attach
from arfollow.workflows.rules.triggers import TriggerKind
from arfollow.workflows.views.blueprint import blueprint, workflow_or_404
from arfollow.workflows.views.desk import desk_of


@blueprint.get("/workflows/<int:workflow_id>/campaigns")
@needs(Permission.VIEW)
def campaigns(workflow_id: int) -> Response:
    """The campaigns, and the lists that it could be attached to."""
    return _page(workflow_id)


@blueprint.post("/workflows/<int:workflow_id>/campaigns")
@needs(Permission.WORKFLOWS)
def change_campaign(workflow_id: int) -> Response:
    """Attach a list, save a campaign's values, or take it off."""
    workflow_or_404(workflow_id)
    scope, session = current_scope(), current_session()
    which = {"company_id": scope.company_id, "workflow_id": workflow_id}
    list_id = request.form.get("list", type=whole) or 0
    try:
        if request.form.get("do") == "detach":
            detach(session, **which, list_id=list_id, who=scope.user_name)
        else:
            attach(session, **which, list_id=list_id, values=_values(workflow_id), who=scope.user_name)
    except UnknownCampaignError as error:
        session.rollback()
        return _page(workflow_id, problem=said(error))
    commit(session)
    flash(_("Saved."), "success")
    return go_to(url_for("workflows.campaigns", workflow_id=workflow_id))


def _values(workflow_id: int) -> dict[str, str]:
    names = desk_of(workflow_id).definition.values
    return {name: request.form.get(f"v.{name}", "").strip()[:2_000] for name in names}


def _page(workflow_id: int, *, problem: str = "") -> Response:
    desk, session = desk_of(workflow_id), current_session()
    trigger = desk.definition.trigger
    return page(
        "workflows/campaigns.html",
        desk=desk,
        campaigns=campaigns_of(session, workflow_id=workflow_id),
        lists=lists_to_attach(session, company_id=current_scope().company_id, workflow_id=workflow_id),
        enrols=trigger.kind == TriggerKind.LISTED.value and not trigger.settings.get("list"),
        problem=problem,
        status=422 if problem else 200,
    )
