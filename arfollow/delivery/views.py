"""Pages of deliveries: all of them, one as it was sent, and what to do about those that went wrong."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from arfollow import database
from arfollow.access import Permission, current_scope, needs
from arfollow.chatter.documents import DocumentErasedError, read
from arfollow.database import current_session
from arfollow.delivery import operations, queries
from arfollow.delivery.forms import ReasonForm
from arfollow.delivery.queries import DeliveryNotFoundError, OutgoingDelivery, View
from arfollow.delivery.reading import ReadEmail, read_email
from arfollow.delivery.rules import State
from arfollow.delivery.sheets import deliveries_sheet
from arfollow.delivery.texts import queries as received
from arfollow.delivery.texts.queries import Inbox
from arfollow.delivery.words import text_length
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@blueprint.get("")
@needs(Permission.VIEW)
def overview() -> Response:
    """All deliveries, newest first."""
    scope, session = current_scope(), current_session()
    view = request.args.get("view", View.ALL, type=View)
    if exports.wanted():
        return exports.download(lambda: deliveries_sheet(session, company_id=scope.company_id, view=view))
    number = max(request.args.get("page", 1, type=whole), 1)
    texts = received.counts(session, company_id=scope.company_id)
    return page(
        "deliveries/overview.html",
        view=view,
        counts=queries.counts(session, company_id=scope.company_id),
        page=queries.deliveries(session, company_id=scope.company_id, view=view, page=number),
        number=number,
        received=texts[Inbox.ALL],
        to_assign=texts[Inbox.TO_ASSIGN],
    )


@blueprint.get("/<int:delivery_id>")
@needs(Permission.VIEW)
def delivery(delivery_id: int) -> Response:
    """One delivery, with the message as it was sent."""
    return _delivery_page(delivery_id, ReasonForm())


@blueprint.post("/<int:delivery_id>/sent-after-all")
@needs(Permission.WORK)
def sent_after_all(delivery_id: int) -> AnyResponse:
    """Settle an uncertain delivery as sent."""
    return _decide(delivery_id, operations.sent_after_all, _("Noted as sent."))


@blueprint.post("/<int:delivery_id>/give-up")
@needs(Permission.WORK)
def give_up(delivery_id: int) -> AnyResponse:
    """Do nothing more about a failed or uncertain delivery."""
    return _decide(delivery_id, operations.give_up, _("Closed without sending it again."))


@blueprint.post("/<int:delivery_id>/send-again")
@needs(Permission.WORK)
def send_again(delivery_id: int) -> AnyResponse:
    """Queue the same message once more, as a delivery of its own."""
    return _decide(delivery_id, operations.resend, _("Queued to be sent again."))


@blueprint.post("/<int:delivery_id>/cancel")
@needs(Permission.WORK)
def cancel(delivery_id: int) -> AnyResponse:
    """Take a queued message back."""
    return _decide(delivery_id, operations.cancel, _("Taken back: it will not be sent."))


@blueprint.post("/<int:delivery_id>/discard")
@needs(Permission.WORK)
def discard(delivery_id: int) -> AnyResponse:
    """Say that a printed letter will not be posted."""
    return _decide(delivery_id, operations.discard_letter, _("Noted: it will not be posted."))


@blueprint.post("/<int:delivery_id>/came-back")
@needs(Permission.WORK)
def came_back(delivery_id: int) -> AnyResponse:
    """Say that a posted letter came back."""
    return _decide(delivery_id, operations.letter_returned, _("Noted as come back. Now decide what to do."))


def _decide(delivery_id: int, operation: Callable[..., int | None], done: str) -> AnyResponse:
    form, scope, session = ReasonForm.from_request(), current_scope(), current_session()
    _find(delivery_id)
    if not form.validate():
        return _delivery_page(delivery_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        shown = operation(
            session,
            company_id=scope.company_id,
            delivery_id=delivery_id,
            reason=form.reason.data or "",
            who=scope.user_name,
        )
    except (
        operations.AlreadyDecidedError,
        operations.AlreadyQueuedError,
        operations.NotQueuedError,
    ) as problem:
        abort(409, said(problem))
    database.commit(session)
    flash(done, "success")
    return go_to(url_for("deliveries.delivery", delivery_id=shown or delivery_id))


def _delivery_page(delivery_id: int, form: ReasonForm, *, status: int = HTTPStatus.OK) -> Response:
    found = _find(delivery_id)
    company_id = current_scope().company_id
    return page(
        "deliveries/delivery.html",
        status=status,
        delivery=found,
        customer=queries.customer_of(current_session(), company_id=company_id, delivery_id=delivery_id),
        email=_email(current_session(), found),
        text=_text(current_session(), found),
        text_length=text_length,
        form=form,
    )


def _find(delivery_id: int) -> OutgoingDelivery:
    company_id = current_scope().company_id
    try:
        return queries.outgoing_delivery(current_session(), delivery_id=delivery_id, company_id=company_id)
    except DeliveryNotFoundError:
        abort(404)


def _text(session: Session, found: OutgoingDelivery) -> str | None:
    content = _first_file(session, found) if found.channel in ("sms", "webhook") else None
    return None if content is None else content.decode()


def _email(session: Session, found: OutgoingDelivery) -> ReadEmail | None:
    content = _first_file(session, found) if found.channel == "email" else None
    return None if content is None else read_email(content)


def _first_file(session: Session, found: OutgoingDelivery) -> bytes | None:
    """The message itself; None: there is none, or no more."""
    # One that is queued again will be written anew.
    if not found.files or found.state in (State.QUEUED, State.SENDING):
        return None
    try:
        return read(session, sha256=found.files[0].sha256).content
    except DocumentErasedError:
        return None
