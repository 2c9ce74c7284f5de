"""Previews of a level's words as they stand in the editor, on a made-up customer. Nothing is stored."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import current_session
from arfollow.levels.forms import LevelForm, WordingForm
from arfollow.levels.wording import WordingError
from arfollow.statements.catalogue import letter_locale
from arfollow.statements.email import filename, render_email
from arfollow.statements.facts import LetterFacts, OurContact
from arfollow.statements.letter import render_letter
from arfollow.statements.queries import creditor, paper_of
from arfollow.statements.sample import contact_name, sample_facts
from arfollow.statements.variables import worded
from arfollow.users.queries import find_account
from arfollow.web.locale import letter_languages
from arfollow.web.transactions import prepare_first

blueprint = Blueprint("statements", __name__)
# An e-mail's styles stand in its elements; apart from them it may do nothing at all.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@blueprint.post("/levels/preview/letter/<language>")
@needs(Permission.CONFIGURE)
@prepare_first
def preview_letter(language: str) -> Response:
    """The letter as PDF, marked DRAFT."""
    try:
        facts = _facts(language, channel="letter")
    except WordingError as error:
        return _refusal(error)
    response = make_response(render_letter(facts))
    response.headers["Content-Type"] = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=filename(facts))
    return response


@blueprint.post("/levels/preview/email/<language>")
@needs(Permission.CONFIGURE)
@prepare_first
def preview_email(language: str) -> Response:
    """The e-mail's HTML."""
    try:
        facts = _facts(language, channel="email")
    except WordingError as error:
        return _refusal(error)
    response = make_response(render_email(facts).html)
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


def _facts(language: str, *, channel: str) -> LetterFacts:
    """What the preview shows; the database is let go before it is rendered. Raise WordingError."""
    if language not in letter_languages():
        abort(404)
    scope, session = current_scope(), current_session()
    company = find_company(session, company_id=scope.company_id)
    user = find_account(session, user_id=scope.user_id)
    form, words = LevelForm.from_request(), WordingForm.from_request(prefix=language)
    facts = sample_facts(
        creditor=creditor(session, company=company),
        our_contact=OurContact(
            name=scope.user_name,
            phone=(user.phone if user else "") or company.phone,
            email=user.email if user else company.email,
        ),
        locale=letter_locale(spoken=(language,), country=company.country),
        paper=paper_of(company.country),
        currency=company.currency,
        deadline_days=form.deadline_days.data or 0,
        level=form.name.data or "",
        today=scope.today,
    )
    session.rollback()
    return worded(
        facts, words.entered, language=language, contact_name=contact_name(language), channel=channel
    )


def _refusal(error: WordingError) -> Response:
    return make_response(render_template("levels/no_preview.html", problems=error.problems), 422)
