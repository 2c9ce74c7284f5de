"""Refusals in words: a page, or for htmx a notice in the page that asked."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import find_scope
from arfollow.database import current_session, is_busy
from arfollow.web.addresses import is_own_path, own_path_of
from arfollow.web.htmx import is_htmx


def init_errors(app: Flask) -> None:
    """Answer every refusal and failure of `app` in words."""
    app.register_error_handler(CSRFError, _answer_forged)
    app.register_error_handler(401, _answer_signed_out)
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(InternalServerError, _answer_failure)


def _words(error: HTTPException) -> tuple[str, str]:
    """Title and advice for an error; what the view said about it takes the advice's place."""
    titles = {
        400: (_("That request could not be read"), _("Reload the page and try again.")),
        403: (_("Your role does not allow this"), _("Ask a manager or an administrator.")),
        404: (_("There is no such page"), _("It may have been removed, or belong to another company.")),
        405: (_("That is not possible here"), _("Go back and try again.")),
        409: (
            _("That was not done"),
            _("Things have changed meanwhile. Reload the page to see how they stand."),
        ),
        413: (_("That is too large"), _("Choose a smaller file.")),
        429: (_("Too many tries"), _("Wait a little and try again.")),
    }
    title, advice = titles.get(
        error.code or 500, (_("That did not work"), _("Reload the page and try again."))
    )
    standard = type(error).description
    said = str(error.description or "")
    return title, said if said and said != standard else advice


def _answer(error: HTTPException) -> AnyResponse:
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    title, advice = _words(error)
    return _respond(error.code, title, advice)


def _answer_forged(_error: CSRFError) -> AnyResponse:
    title = _("This page is out of date")
    advice = _(
        "You signed in or out, or went to another company, since it was opened. Reload it and try again."
    )
    return _respond(400, title, advice)


def _answer_failure(error: InternalServerError) -> AnyResponse:
    # The database itself may be what failed: from here on, and for the words' language too, it is asked nothing.
    current_session().rollback()
    g.scope, g.workplaces = None, ()
    if is_busy(error.original_exception):
        advice = _(
            "Somebody else, perhaps an import, holds what this needs. Nothing was changed; try again in a minute."
        )
        return _respond(503, _("The ledger is busy"), advice)
    title = _("Something went wrong on our side")
    advice = _("Nothing was changed. Try again; if it goes on, tell your administrator the time it happened.")
    return _respond(500, title, advice)


def _answer_signed_out(_error: HTTPException) -> AnyResponse:
    """Go to the sign-in page, and afterwards back to the page that was wanted (never to another site)."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    if is_htmx():
        wanted = own_path_of(request.headers.get("HX-Current-URL", ""))
    location = url_for("users.sign_in", next=wanted if is_own_path(wanted) and wanted != "/" else None)
    if not is_htmx():
        return redirect(location, 303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = location
    return response


def _respond(status: int, title: str, advice: str) -> Response:
    # What the failed request had begun must neither be shown nor stand in the way of reading.
    current_session().rollback()
    if not is_htmx():
        bare = find_scope() is None
        layout = "layouts/narrow.html" if bare else "base.html"
        text = render_template("errors/error.html", layout=layout, status=status, title=title, advice=advice)
        return make_response(text, status)
    response = make_response(render_template("errors/_notice.html", title=title, advice=advice), status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "beforeend"
    return response
