"""The inbox: text messages that customers wrote, and those of which nobody knows yet whose they are."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow import database
from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.delivery.texts import operations, queries
from arfollow.delivery.texts.forms import AssignForm
from arfollow.delivery.texts.queries import Inbox, TextNotFoundError
from arfollow.receivables.queries.customers import find_customer, search_customers
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said

blueprint = Blueprint("texts", __name__, url_prefix="/texts")

_OPTIONS = 10


@blueprint.get("")
@needs(Permission.VIEW)
def inbox() -> Response:
    """Texts that came in, newest first."""
    return _page()


@blueprint.get("/customers")
@needs(Permission.VIEW)
def customers() -> Response:
    """Customers whom a text may be of, as the choices of a field."""
    text = request.args.get("customer", "")
    found = search_customers(
        current_session(), company_id=current_scope().company_id, text=text, limit=_OPTIONS
    )
    return make_response(render_template("levels/_preview_customers.html", customers=found))


@blueprint.post("/<int:text_id>/assign")
@needs(Permission.WORK)
def assign(text_id: int) -> AnyResponse:
    """Say whose a text is."""
    form, scope, session = AssignForm.from_request(), current_scope(), current_session()
    customer_id = _chosen(form) if form.validate() else None
    if customer_id is None:
        return _page(refused=text_id, form=form)
    try:
        operations.assign(
            session,
            company_id=scope.company_id,
            text_id=text_id,
            customer_id=customer_id,
            who=scope.user_name,
        )
    except TextNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except operations.AlreadySettledError as problem:
        abort(HTTPStatus.CONFLICT, said(problem))
    return _done(_("Assigned: it stands in the customer's chatter."))


@blueprint.post("/<int:text_id>/put-aside")
@needs(Permission.WORK)
def put_aside(text_id: int) -> AnyResponse:
    """Say that a text is no customer's."""
    scope, session = current_scope(), current_session()
    try:
        operations.put_aside(session, company_id=scope.company_id, text_id=text_id, who=scope.user_name)
    except TextNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except operations.AlreadySettledError as problem:
        abort(HTTPStatus.CONFLICT, said(problem))
    return _done(_("Put aside."))


def _chosen(form: AssignForm) -> int | None:
    """The customer of that number, or the only one whose name or number holds these words; None: why is said at the field."""
    company_id, words = current_scope().company_id, form.customer.data or ""
    known = find_customer(current_session(), company_id=company_id, number=words)
    if known is not None:
        return known.id
    found = search_customers(current_session(), company_id=company_id, text=words, limit=2)
    if len(found) == 1:
        return found[0].id
    form.customer.errors = [
        _("Several customers fit: choose one by its number.") if found else _("There is no such customer.")
    ]
    return None


def _done(words: str) -> AnyResponse:
    database.commit(current_session())
    flash(words, "success")
    return go_to(url_for("texts.inbox"))


def _page(*, refused: int | None = None, form: AssignForm | None = None) -> Response:
    scope, session = current_scope(), current_session()
    view = request.args.get("view", Inbox.TO_ASSIGN, type=Inbox)
    number = max(request.args.get("page", 1, type=whole), 1)
    return page(
        "texts/inbox.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK,
        view=view,
        counts=queries.counts(session, company_id=scope.company_id),
        page=queries.inbox(session, company_id=scope.company_id, view=view, page=number),
        number=number,
        refused=refused,
        form=form or AssignForm(),
    )
