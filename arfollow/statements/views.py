"""Previews of a level's words as they stand in the editor, on a real customer or a made-up one. Nothing is stored."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import current_session
from arfollow.levels.forms import LevelForm, WordingForm
from arfollow.levels.queries.files import files_of
from arfollow.levels.wording import WordingError
from arfollow.receivables.queries.customers import search_customers
from arfollow.statements.catalogue import words as catalogue
from arfollow.statements.email import filename, render_email
from arfollow.statements.facts import LetterFacts, OurContact
from arfollow.statements.images import pages
from arfollow.statements.items import workbook_name
from arfollow.statements.letter import render_letter
from arfollow.statements.preview import Asked, Preview, TooLongError, preview, refuse_too_long
from arfollow.users.queries import find_account
from arfollow.web.input import whole
from arfollow.web.locale import languages
from arfollow.web.refusals import said
from arfollow.web.transactions import prepare_first

blueprint = Blueprint("statements", __name__)
# An e-mail's styles stand in its elements; apart from them it may do nothing at all.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_PAGE_WIDTH, _MOST_PAGES = 900, 3
_OPTIONS = 12


@blueprint.post("/levels/preview")
@needs(Permission.CONFIGURE)
@prepare_first
def preview_words() -> Response:
    """Parts of the editor's preview, while somebody types: words that fail leave what was shown before, and say why."""
    language = request.form.get("preview-language", "")
    found, words = _found(language), WordingForm.from_request(prefix=language)
    shown = {"preview": found, "language": language, "mistakes": words.mistakes(), "fields": words}
    try:
        pane = request.form.get("preview-pane", "")
        parts = {} if found.is_too_long else _pane(found, words, pane)
    except WordingError:
        return make_response(render_template("levels/_preview.html", failed=True, **shown))
    response = make_response(render_template("levels/_preview.html", failed=False, **shown, **parts))
    if "email" in parts:
        response.headers["HX-Trigger"] = "mail-preview"
    return response


@blueprint.get("/levels/preview/customers")
@needs(Permission.CONFIGURE)
def preview_customers() -> Response:
    """Customers to preview on, as the choices of a field."""
    text = request.args.get("preview-customer", "")
    found = search_customers(
        current_session(), company_id=current_scope().company_id, text=text, limit=_OPTIONS
    )
    return make_response(render_template("levels/_preview_customers.html", customers=found))


@blueprint.post("/levels/preview/letter/<language>")
@needs(Permission.CONFIGURE)
@prepare_first
def preview_letter(language: str) -> Response:
    """The letter as PDF, marked DRAFT."""
    found, words = _short(language), WordingForm.from_request(prefix=language)
    try:
        facts = found.worded(words.entered, channel="letter")
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
    found, words = _short(language), WordingForm.from_request(prefix=language)
    try:
        facts = found.worded(words.entered, channel="email")
    except WordingError as error:
        return _refusal(error)
    response = make_response(render_email(facts).html)
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


def _short(language: str) -> Preview:
    """The same, unless it would take too long to make."""
    found = _found(language)
    try:
        refuse_too_long(found.facts)
    except TooLongError as error:
        abort(409, said(error))
    return found


def _found(language: str) -> Preview:
    """What the words are put into; the database is let go before anything is rendered."""
    if language not in languages():
        abort(404)
    scope, session = current_scope(), current_session()
    company = find_company(session, company_id=scope.company_id)
    user = find_account(session, user_id=scope.user_id)
    form = LevelForm.from_request()
    found = preview(
        session,
        company_id=scope.company_id,
        our_contact=OurContact(
            name=scope.user_name,
            phone=(user.phone if user else "") or company.phone,
            email=user.email if user else company.email,
        ),
        asked=Asked(
            level=form.name.data or "",
            days=form.days.data or 0,
            deadline_days=form.deadline_days.data or 0,
            language=language,
            customer=request.form.get("preview-customer", ""),
        ),
        today=scope.today,
    )
    session.rollback()
    return found


def _pane(found: Preview, words: WordingForm, pane: str) -> dict[str, object]:
    """What is rendered for the part of the preview that is in sight; raise WordingError."""
    if pane != "letter":
        facts = found.worded(words.entered, channel="email")
        return {"email": render_email(facts), "enclosed": [*_made(facts), *_files()]}
    shown, count = pages(
        render_letter(found.worded(words.entered, channel="letter")), width=_PAGE_WIDTH, most=_MOST_PAGES
    )
    return {
        "pages": [(b64encode(page.png).decode(), page.width, page.height) for page in shown],
        "page_count": count,
    }


def _made(facts: LetterFacts) -> Iterator[str]:
    """The names of what the program makes to go with the e-mail, by the form's boxes."""
    form = LevelForm.from_request()
    if form.attach_letter.data:
        yield filename(facts)
    if form.attach_statement.data:
        yield filename(facts, catalogue(facts.locale).gettext("Statement of account"))
    if form.attach_items.data:
        yield workbook_name(facts)


def _files() -> list[str]:
    """The names of the files that go with the level's e-mails; a new level has none."""
    session, level_id = current_session(), request.form.get("preview-level", type=whole)
    found = files_of(session, company_id=current_scope().company_id, level_id=level_id or 0)
    session.rollback()
    return [each.filename for each in found]


def _refusal(error: WordingError) -> Response:
    return make_response(render_template("levels/no_preview.html", problems=error.problems), 422)
