"""Workflows as files, out and in."""

from __future__ import annotations

import re

from flask import flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.web.htmx import go_to, page
from arfollow.workflows.file import WorkflowFileError, from_data, read_workflow, write_workflow
from arfollow.workflows.operations.beginning import begin_as, free_name
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.views.blueprint import blueprint, newest_or_404

_LARGEST = 512 * 1024
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@blueprint.get("/workflows/<int:workflow_id>/file")
@needs(Permission.VIEW)
def workflow_file(workflow_id: int) -> Response:
    """The workflow as a file that people read and change."""
    definition = from_data(newest_or_404(workflow_id).definition)
    response = make_response(write_workflow(definition))
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    name = _NOT_IN_NAMES.sub("-", definition.name).strip("-")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.toml")
    return response


@blueprint.get("/workflows/import")
@needs(Permission.WORKFLOWS)
def choose_file() -> Response:
    """Where a file is chosen."""
    return page("workflows/import.html", problem="", text="")


@blueprint.post("/workflows/import")
@needs(Permission.WORKFLOWS)
def import_file() -> Response:
    """Begin a workflow from a file, or from text that is pasted; what is wrong in it is said with its place."""
    text = _text()
    if not text.strip():
        return _refused(_("Choose a file, or paste its text."), "")
    try:
        definition = read_workflow(text)
    except WorkflowFileError as error:
        return _refused(str(error), text)
    return _begun(definition)


def _begun(definition: Definition) -> Response:
    scope, session = current_scope(), current_session()
    name = free_name(session, company_id=scope.company_id, name=definition.name)
    workflow_id = begin_as(
        session, company_id=scope.company_id, definition=definition, name=name, who=scope.user_name
    )
    commit(session)
    flash(
        _("“%(name)s” was read. It is a draft: it does nothing until you publish it.", name=name), "success"
    )
    return go_to(url_for("workflows.workflow", workflow_id=workflow_id))


def _text() -> str:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return str(upload.read(_LARGEST), "utf-8-sig", "replace").replace("\0", "")
    return request.form.get("text", "")[:_LARGEST]


def _refused(problem: str, text: str) -> Response:
    return page("workflows/import.html", problem=problem, text=text, status=422)
