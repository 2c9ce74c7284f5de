"""PDFs of a customer: the letter's draft, the letter as printed, the statement."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, make_response
from flask_babel import gettext as _

from arfollow.access import Permission, needs
from arfollow.chatter import documents
from arfollow.database import current_session
from arfollow.followup.actions.letter import prepare_letter, render
from arfollow.followup.queries.letters import is_letter_of
from arfollow.followup.queries.messages import message_facts
from arfollow.followup.views.answers import find_click
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.refusals import REFUSALS
from arfollow.statements.letter import render_statement
from arfollow.web.refusals import said


@blueprint.get("/customers/<customer:number>/letter/draft.pdf")
@needs(Permission.VIEW)
def preview_letter(number: str) -> Response:
    """The letter as it would be printed now, marked DRAFT; nothing is logged."""
    click, session = find_click(number), current_session()
    try:
        facts = prepare_letter(session, click, draft=True)
    except REFUSALS as error:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, said(error))
    session.rollback()
    return _pdf(render(facts), _("Draft %(customer)s", customer=number), shown="inline")


@blueprint.get("/customers/<customer:number>/letters/<sha256>")
@needs(Permission.VIEW)
def letter(number: str, sha256: str) -> Response:
    """A letter that was printed, byte for byte."""
    click, session = find_click(number), current_session()
    printed_on = is_letter_of(session, customer_id=click.customer_id, sha256=sha256)
    if printed_on is None:
        abort(404)
    try:
        found = documents.read(session, sha256=sha256)
    except (documents.DocumentMissingError, documents.DocumentErasedError) as error:
        abort(404, said(error))
    name = _("Letter %(customer)s %(day)s", customer=number, day=printed_on.isoformat())
    return _pdf(found.content, name, shown="attachment")


@blueprint.get("/customers/<customer:number>/statement.pdf")
@needs(Permission.VIEW)
def statement(number: str) -> Response:
    """The statement of account as of today."""
    click, session = find_click(number), current_session()
    facts = message_facts(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        day=click.today,
        channel="letter",
        level_id=None,
    )
    session.rollback()
    name = _("Statement %(customer)s %(day)s", customer=number, day=click.today.isoformat())
    return _pdf(render_statement(facts.letter), name, shown="attachment")


def _pdf(content: bytes, name: str, *, shown: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers.set("Content-Disposition", shown, filename=f"{name.replace('/', '-')}.pdf")
    return response
