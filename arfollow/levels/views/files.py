"""Files that go with a level's e-mails."""

from __future__ import annotations

from flask import abort, flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.chatter import documents
from arfollow.database import current_session
from arfollow.levels import operations
from arfollow.levels.attachments import LARGEST
from arfollow.levels.drafts import PlanError
from arfollow.levels.queries.files import FileView, files_of
from arfollow.levels.views.blueprint import blueprint, level_or_404, saved
from arfollow.web.htmx import go_to
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first


@blueprint.get("/levels/<int:level_id>/files/<int:file_id>")
@needs(Permission.VIEW)
def level_file(level_id: int, file_id: int) -> Response:
    """The file, as it is attached."""
    file = _file(level_id, file_id)
    response = make_response(documents.read(current_session(), sha256=file.sha256).content)
    response.headers["Content-Type"] = file.media_type
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return response


@blueprint.post("/levels/<int:level_id>/files")
@prepare_first
@needs(Permission.CONFIGURE)
def attach(level_id: int) -> Response:
    """Add a file, or put another in the place of the one with its name."""
    level_or_404(level_id)
    scope, session, upload = current_scope(), current_session(), request.files.get("file")
    if upload is None or not upload.filename:
        flash(_("Choose a file first."), "warning")
        return go_to(url_for("levels.level", level_id=level_id))
    content = upload.read(LARGEST + 1)
    begin_writing(session)
    try:
        operations.attach_file(
            session,
            company_id=scope.company_id,
            level_id=level_id,
            filename=upload.filename,
            content=content,
            who=scope.user_name,
        )
    except PlanError as error:
        session.rollback()
        flash(said(error), "danger")
        return go_to(url_for("levels.level", level_id=level_id))
    return saved(_("The file goes with every e-mail of this level now."), "levels.level", level_id=level_id)


@blueprint.post("/levels/<int:level_id>/files/<int:file_id>/detach")
@needs(Permission.CONFIGURE)
def detach(level_id: int, file_id: int) -> Response:
    """Take the file away."""
    _file(level_id, file_id)
    scope = current_scope()
    operations.detach_file(
        current_session(),
        company_id=scope.company_id,
        level_id=level_id,
        file_id=file_id,
        who=scope.user_name,
    )
    return saved(_("The file goes with this level's e-mails no longer."), "levels.level", level_id=level_id)


def _file(level_id: int, file_id: int) -> FileView:
    found = files_of(current_session(), company_id=current_scope().company_id, level_id=level_id)
    return next((each for each in found if each.id == file_id), None) or abort(404)
