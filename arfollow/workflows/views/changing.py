"""How every change of a workflow is made and answered: with the editor as it is then, or with why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from arfollow.access import current_scope
from arfollow.database import commit, current_session
from arfollow.web.htmx import go_to, is_htmx, page
from arfollow.web.refusals import said
from arfollow.workflows.forms.conditions import group_names
from arfollow.workflows.operations.drafting import NothingToUndoError, OutdatedDraftError, change_draft
from arfollow.workflows.operations.drafts import NameTakenError, RetiredError
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.editing import MAIN, InsideItselfError, Place, UnknownPlaceError
from arfollow.workflows.views.blueprint import workflow_or_404
from arfollow.workflows.views.desk import Desk, desk_of
from arfollow.workflows.views.panels import Panel, panel_of

Change = Callable[[Definition], Definition]
REFUSALS = (
    OutdatedDraftError,
    RetiredError,
    NameTakenError,
    NothingToUndoError,
    UnknownPlaceError,
    InsideItselfError,
)


def change(workflow_id: int, how: Change) -> Exception | None:
    """Change the draft; gives why it was refused, None: it was changed."""
    workflow_or_404(workflow_id)
    scope, session = current_scope(), current_session()
    try:
        change_draft(
            session,
            company_id=scope.company_id,
            workflow_id=workflow_id,
            seen=seen(),
            change=how,
            who=scope.user_name,
        )
    except REFUSALS as error:
        session.rollback()
        return error
    commit(session)
    return None


def seen() -> str:
    """What the page showed when it was changed: the page's own, which follows every saving, before that of the form."""
    return request.form.get("seen-now") or request.form.get("seen", "")


def changed(workflow_id: int, opened: Mapping[str, str]) -> Response:
    """The editor after a change, with that opened."""
    if not is_htmx():
        return go_to(url_for("workflows.workflow", workflow_id=workflow_id, **dict[str, Any](opened)))
    desk = desk_of(workflow_id)
    response = show(desk, panel_of(desk, opened))
    response.headers["HX-Push-Url"] = url_for(
        "workflows.workflow", workflow_id=workflow_id, **dict[str, Any](opened)
    )
    return response


def refused(workflow_id: int, error: Exception, opened: Mapping[str, str]) -> Response:
    """The editor as it is, and why nothing was changed."""
    desk = desk_of(workflow_id)
    return show(desk, panel_of(desk, opened), problem=said(error), status=409)


def quietly(workflow_id: int, key: str) -> Response:
    """After a saving by itself: only what changes around the form."""
    return page("workflows/_quiet.html", desk=desk_of(workflow_id), key=key)


def show(desk: Desk, panel: Panel, *, problem: str = "", status: int = 200) -> Response:
    """The page, or to htmx the editor in it, also where a saving by itself expected nothing to show."""
    response = page(
        "workflows/workflow.html",
        part="editor",
        desk=desk,
        panel=panel,
        problem=problem,
        groups=group_names(),
        main_end=str(Place(lane=MAIN, at=len(desk.definition.route))),
        status=status,
    )
    if status >= HTTPStatus.BAD_REQUEST:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#editor", "outerHTML"
    return response
