"""The page that says whether messages leave this system, and lets an administrator vouch for it."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from flask import Blueprint, Flask, Response, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from arfollow import database
from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.delivery import operations
from arfollow.delivery.forms import ReasonForm
from arfollow.delivery.queries.waiting import count_waiting, waiting_ids, waiting_messages
from arfollow.delivery.sheets import waiting_sheet
from arfollow.fence import operations as fence
from arfollow.fence.queries import is_closed, standing
from arfollow.fence.words import explanation
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said

blueprint = Blueprint("fence", __name__, url_prefix="/settings/sending")

_SHOWN = 200


def init_fence(app: Flask) -> None:
    """Let the list and the deliveries' page say on top that nothing is sent."""
    app.context_processor(lambda: {"sending_is_stopped": lambda: is_closed(current_session())})


@blueprint.get("")
@needs(Permission.ADMINISTER)
def sending() -> Response:
    """Whether messages are sent; if not, why, and which wait."""
    if exports.wanted():
        company_id = current_scope().company_id
        return exports.download(lambda: waiting_sheet(current_session(), company_id=company_id))
    return _page()


@blueprint.post("/confirm")
@needs(Permission.ADMINISTER)
def confirm() -> AnyResponse:
    """Vouch for this database as the live one."""
    form, session = ReasonForm.from_request(), current_session()
    if not form.validate():
        return _page(confirming=form)
    try:
        fence.confirm(session, reason=form.reason.data or "", who=current_scope().user_name)
    except fence.FenceOpenError as problem:
        abort(HTTPStatus.CONFLICT, said(problem))
    database.commit(session)
    flash(_("Messages are sent again from here."), "success")
    return go_to(url_for("fence.sending"))


@blueprint.post("/take-back")
@needs(Permission.ADMINISTER)
def take_back() -> AnyResponse:
    """Cancel the chosen messages, or all that wait in this company."""
    form, scope, session = ReasonForm.from_request(prefix="back"), current_scope(), current_session()
    waiting = waiting_ids(session, company_id=scope.company_id)
    chosen = set(request.form.getlist("delivery", type=whole))
    ids = waiting if "all" in request.form else [id_ for id_ in waiting if id_ in chosen]
    if not form.validate() or not ids:
        return _page(taking_back=form, is_none_chosen=not ids)
    taken = 0
    for delivery_id in ids:
        # A worker may be sending meanwhile: what has just left stays as it is.
        with suppress(operations.NotQueuedError):
            operations.cancel(
                session,
                company_id=scope.company_id,
                delivery_id=delivery_id,
                reason=form.reason.data or "",
                who=scope.user_name,
            )
            taken += 1
    database.commit(session)
    flash(ngettext("%(num)s message taken back.", "%(num)s messages taken back.", taken), "success")
    return go_to(url_for("fence.sending"))


def _page(
    *,
    confirming: ReasonForm | None = None,
    taking_back: ReasonForm | None = None,
    is_none_chosen: bool = False,
) -> Response:
    """The page with the form that was refused."""
    session, company_id = current_session(), current_scope().company_id
    known = standing(session)
    return page(
        "settings/sending.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if confirming or taking_back else HTTPStatus.OK,
        fence=known,
        explanation=explanation(known.closed_because) if known and known.closed_because else "",
        is_file=session.get_bind().dialect.name == "sqlite",
        waiting=waiting_messages(session, company_id=company_id, limit=_SHOWN),
        count=count_waiting(session, company_id=company_id),
        count_everywhere=count_waiting(session),
        confirming=confirming or ReasonForm(),
        taking_back=taking_back or ReasonForm(prefix="back"),
        is_none_chosen=is_none_chosen,
    )
