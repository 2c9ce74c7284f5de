"""Erasing a customer: the page shows what would go, and asks for words before it does."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import checkpoint, commit, current_session
from arfollow.followup.operations import erasing
from arfollow.followup.operations.erasing import LeavingNowError, StillOpenError, WrongWordsError
from arfollow.followup.queries.customer import customer_id
from arfollow.followup.views.addresses import here
from arfollow.followup.views.blueprint import blueprint
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/customers/<customer:number>/erasure")
@needs(Permission.ADMINISTER)
def erasure(number: str) -> AnyResponse:
    """What would go, what stays, and what stands in the way."""
    return _page(number)


@blueprint.post("/customers/<customer:number>/erasure")
@needs(Permission.ADMINISTER)
def erase(number: str) -> AnyResponse:
    """Erase the customer, if the words are those that the page asked for."""
    scope, session = current_scope(), current_session()
    try:
        erasing.erase(
            session,
            company_id=scope.company_id,
            customer_id=_id(number),
            reason=request.form.get("reason", ""),
            words=request.form.get("words", ""),
            who=scope.user_name,
            today=scope.today,
        )
    except (LeavingNowError, MissingTextError, StillOpenError, WrongWordsError) as error:
        session.rollback()
        return _page(number, problem=said(error))
    commit(session)
    checkpoint(session)
    flash(_("The customer is erased. The log says so, and stays whole."), "success")
    return go_to(here("customer"))


def _id(number: str) -> int:
    found = customer_id(current_session(), company_id=current_scope().company_id, number=number)
    if found is None:
        abort(404)
    return found


def _page(number: str, *, problem: str = "") -> AnyResponse:
    scope = current_scope()
    return page(
        "customers/erasure.html",
        plan=erasing.plan(
            current_session(), company_id=scope.company_id, customer_id=_id(number), day=scope.today
        ),
        here=here,
        problem=problem,
        reason=request.form.get("reason", ""),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
    )
