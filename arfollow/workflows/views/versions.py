"""The versions of a workflow: what each changed, in words, and back to an earlier one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import current_session
from arfollow.web.htmx import go_to, page
from arfollow.workflows.queries.listing import VersionView, versions_of
from arfollow.workflows.rules.comparing import Comparison, compare
from arfollow.workflows.views.blueprint import blueprint, workflow_or_404
from arfollow.workflows.views.changing import change, refused
from arfollow.workflows.views.desk import desk_of
from arfollow.workflows.words.differences import ChangeView, told


@blueprint.get("/workflows/<int:workflow_id>/versions")
@needs(Permission.VIEW)
def versions(workflow_id: int) -> Response:
    """All versions, and what one (`?version=`, else the newest) changed."""
    workflow_or_404(workflow_id)
    known = versions_of(current_session(), workflow_id=workflow_id)
    shown = _wanted(known, request.args.get("version", type=int)) or known[0]
    earlier = next((each for each in known if each.number < shown.number), None)
    desk = desk_of(workflow_id)
    return page(
        "workflows/versions.html",
        desk=desk,
        known=known,
        shown=shown,
        earlier=earlier,
        changes=_changes(earlier, shown, desk.choices.currency, desk.choices.language),
    )


@blueprint.post("/workflows/<int:workflow_id>/versions")
@needs(Permission.WORKFLOWS)
def restore(workflow_id: int) -> Response:
    """Make an earlier version the draft."""
    workflow_or_404(workflow_id)
    known = versions_of(current_session(), workflow_id=workflow_id)
    found = _wanted(known, request.form.get("version", type=int)) or abort(404)
    if error := change(workflow_id, lambda _now: found.definition):
        return refused(workflow_id, error, {})
    flash(
        _("The draft is version %(number)s again. Publish it to put it in force.", number=found.number),
        "success",
    )
    return go_to(url_for("workflows.workflow", workflow_id=workflow_id))


def _wanted(known: Sequence[VersionView], number: int | None) -> VersionView | None:
    return next((each for each in known if each.number == number), None)


def _changes(
    earlier: VersionView | None, shown: VersionView, currency: str, language: str
) -> Sequence[ChangeView]:
    if earlier is None:
        return ()
    found: Comparison = compare(earlier.definition, shown.definition)
    return told(found, earlier.definition, shown.definition, currency=currency, language=language)
