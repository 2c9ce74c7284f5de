"""Versions of a level's words: who changed what, and back to an earlier one."""

from __future__ import annotations

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations, queries
from arfollow.levels.differences import differences
from arfollow.levels.drafts import PlanError
from arfollow.levels.forms import WordingForm, language_name
from arfollow.levels.views.blueprint import blueprint, level_or_404, saved
from arfollow.web.htmx import page
from arfollow.web.refusals import said


@blueprint.get("/levels/<int:level_id>/words/<language>")
@needs(Permission.VIEW)
def versions(level_id: int, language: str) -> Response:
    """All versions of the words in a language, and one beside the version before it (`?version=`, the newest else)."""
    return _page(level_id, language, request.args.get("version", type=int))


@blueprint.post("/levels/<int:level_id>/words/<language>")
@needs(Permission.CONFIGURE)
def restore(level_id: int, language: str) -> Response:
    """Write an earlier version anew, as the newest."""
    found, scope = level_or_404(level_id), current_scope()
    version = request.form.get("version", type=int)
    known = queries.versions_of(
        current_session(), company_id=scope.company_id, level_id=found.id, language=language
    )
    wording = next((each for each in known if each.version == version), None) or abort(404)
    try:
        now = operations.restore_wording(
            current_session(), company_id=scope.company_id, wording_id=wording.id, who=scope.user_name
        )
    except PlanError as error:
        return _page(level_id, language, version, error=error)
    return saved(
        _("The words of version %(old)s are in force again, as version %(new)s.", old=version, new=now),
        "levels.versions",
        level_id=level_id,
        language=language,
    )


def _page(level_id: int, language: str, version: int | None, *, error: PlanError | None = None) -> Response:
    found, scope = level_or_404(level_id), current_scope()
    known = queries.versions_of(
        current_session(), company_id=scope.company_id, level_id=level_id, language=language
    )
    if not known:
        abort(404)
    shown = next((each for each in known if each.version == version), known[0])
    earlier = next((each for each in known if each.version < shown.version), None)
    return page(
        "levels/versions.html",
        level=found,
        language=language,
        language_name=language_name,
        known=known,
        shown=shown,
        earlier=earlier,
        fields=differences(earlier.text if earlier else shown.text, shown.text),
        labels={each.short_name: each.label.text for each in WordingForm()},
        problem=None if error is None else said(error),
        status=200 if error is None else 422,
    )
