"""The letterhead's page: everybody may read it, administrators change it and see at once what letters look like."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies import operations
from arfollow.companies.forms import LetterheadForm, LogoForm
from arfollow.companies.letterhead import ACCENT, Legibility, legibility
from arfollow.companies.logo import LARGEST_BYTES, LogoError
from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.database import commit, current_session
from arfollow.statements.facts import LetterFacts
from arfollow.statements.glyphs import letter_texts, listed, unprintable
from arfollow.statements.images import page_at
from arfollow.statements.letterheads.forms import PreviewForm, Shape
from arfollow.statements.letterheads.trying import (
    Tried,
    UnknownCustomerError,
    refuse_unseen,
    render_tried,
    tried_facts,
)
from arfollow.statements.payment import unpayable
from arfollow.statements.preview import TooLongError
from arfollow.web.htmx import go_to, is_htmx, page
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first

blueprint = Blueprint("letterheads", __name__)
# Pixels of a picture: as wide as it stands beside the editor on a fine screen.
_WIDTH = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands beside the editor. `picture`: a page as a data address, empty where there is none; `problems`: why."""

    picture: str = ""
    page: int = 1
    pages: int = 0
    legibility: Legibility = Legibility.GOOD
    unpayable: tuple[str, ...] = ()
    unprintable: str = ""
    problems: tuple[str, ...] = ()


@blueprint.get("/settings/letterhead")
@needs(Permission.VIEW)
def letterhead() -> Response:
    """What letters look like and how they are paid."""
    return _page()


@blueprint.post("/settings/letterhead")
@needs(Permission.ADMINISTER)
@prepare_first
def change_letterhead() -> Response:
    """Save it, if letters can be made under it."""
    scope, session, form = current_scope(), current_session(), LetterheadForm.from_request()
    if not form.validate():
        return _page(form=form)
    company = find_company(session, company_id=scope.company_id)
    tried = Tried(letterhead=form.letterhead(), banks=form.bank_accounts(), language=company.language)
    facts = tried_facts(session, scope, company, tried)
    session.rollback()
    render_tried(facts)
    begin_writing(session)
    operations.hold_company(session, company_id=scope.company_id)
    if form.seen.data != _seen(find_company(session, company_id=scope.company_id)):
        return _page(form=form, outdated=True)
    who = scope.user_name
    operations.change_letterhead(session, company_id=scope.company_id, letterhead=tried.letterhead, who=who)
    operations.change_bank_accounts(session, company_id=scope.company_id, accounts=tried.banks, who=who)
    return _saved()


@blueprint.post("/settings/letterhead/preview")
@needs(Permission.ADMINISTER)
@prepare_first
def preview_letterhead() -> Response:
    """The page's picture as it stands in the editor; nothing is stored."""
    form, preview = LetterheadForm.from_request(), PreviewForm.from_request()
    shown = _shown(form, preview)
    response = _page(form=form, preview=preview, shown=shown, status=HTTPStatus.OK)
    if shown.problems and is_htmx():
        # The last picture that was right stays.
        response.headers["HX-Retarget"] = "#preview-notes"
        response.headers["HX-Reselect"] = "#preview-notes"
    return response


@blueprint.post("/settings/letterhead/preview.pdf")
@needs(Permission.ADMINISTER)
@prepare_first
def preview_letterhead_pdf() -> Response:
    """The same as PDF, marked DRAFT."""
    form, preview = LetterheadForm.from_request(), PreviewForm.from_request()
    facts = _facts(form, preview)
    if not isinstance(facts, LetterFacts):
        return _page(form=form, preview=preview, shown=Shown(problems=facts))
    response = make_response(render_tried(replace(facts, draft=True)))
    response.headers["Content-Type"] = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=f"{_('Letterhead')}.pdf")
    return response


@blueprint.post("/settings/letterhead/logo")
@needs(Permission.ADMINISTER)
@prepare_first
def change_logo() -> Response:
    """Keep an uploaded logo, if it can be drawn."""
    session, scope, upload, form = current_session(), current_scope(), request.files.get("logo"), LogoForm()
    content = upload.read(LARGEST_BYTES + 1) if upload else b""
    if not content:
        form.logo.errors = [_("Choose a file.")]
        return _page(image=form)
    try:
        refuse_unseen(content)
    except LogoError as error:
        form.logo.errors = [said(error)]
        return _page(image=form)
    begin_writing(session)
    operations.change_logo(session, company_id=scope.company_id, content=content, who=scope.user_name)
    return _saved()


@blueprint.post("/settings/letterhead/logo/remove")
@needs(Permission.ADMINISTER)
def remove_logo() -> Response:
    """Write letters without a logo."""
    scope = current_scope()
    operations.remove_logo(current_session(), company_id=scope.company_id, who=scope.user_name)
    return _saved()


def _saved() -> Response:
    commit(current_session())
    flash(_("Saved. Letters printed from now on look like this."), "success")
    return go_to(url_for("letterheads.letterhead"))


def _shown(form: LetterheadForm, preview: PreviewForm) -> Shown:
    facts = _facts(form, preview)
    if not isinstance(facts, LetterFacts):
        return Shown(problems=facts)
    shown, number, count = page_at(render_tried(facts), width=_WIDTH, number=preview.page.data or 1)
    return Shown(
        picture="data:image/png;base64," + b64encode(shown.png).decode(),
        page=number,
        pages=count,
        legibility=legibility(facts.creditor.accent),
        unpayable=unpayable(facts),
        unprintable=listed(unprintable(letter_texts(facts))),
    )


def _facts(form: LetterheadForm, preview: PreviewForm) -> LetterFacts | tuple[str, ...]:
    """The letter that is shown, and the database let go before it is rendered; or what keeps it from being made."""
    is_valid = form.validate() and preview.validate()
    if not is_valid:
        return _problems(form) + _problems(preview)
    scope, session = current_scope(), current_session()
    company = find_company(session, company_id=scope.company_id)
    tried = Tried(
        letterhead=form.letterhead(),
        banks=form.bank_accounts(),
        language=preview.language.data,
        shape=Shape(preview.shape.data),
        customer=preview.customer.data or "",
    )
    try:
        return tried_facts(session, scope, company, tried)
    except (UnknownCustomerError, TooLongError) as error:
        return (said(error),)
    finally:
        session.rollback()


def _problems(form: LetterheadForm | PreviewForm) -> tuple[str, ...]:
    """What is wrong, each with the name of its field."""
    return tuple(
        _("%(label)s: %(text)s", label=field.label.text, text=words)
        for field in form
        for words in _words(field.errors)
    )


def _words(errors: Any) -> Iterator[str]:
    """The errors of a field; rows of accounts hold theirs by row and by the row's field."""
    for error in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(error, (dict, list, tuple)):
            yield from _words(error)
        else:
            yield str(error)


def _page(
    *,
    form: LetterheadForm | None = None,
    preview: PreviewForm | None = None,
    shown: Shown | None = None,
    image: LogoForm | None = None,
    outdated: bool = False,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    """The page as the company is, or as it was entered."""
    company = find_company(current_session(), company_id=current_scope().company_id)
    is_refused = form is not None or image is not None
    return page(
        "settings/letterhead.html",
        part="preview",
        company=company,
        form=form or _form_of(company),
        preview=preview or PreviewForm(language=company.language),
        shown=shown,
        image=image or LogoForm(),
        outdated=outdated,
        status=HTTPStatus.CONFLICT if outdated else status if is_refused else HTTPStatus.OK,
    )


def _form_of(company: CompanyProfile) -> LetterheadForm:
    chosen = company.letterhead
    form = LetterheadForm(
        obj=replace(chosen, accent=chosen.accent or ACCENT),
        accounts=[asdict(account) for account in company.bank_accounts],
        seen=_seen(company),
    )
    form.accounts.append_entry({"currency": "" if company.bank_accounts else company.currency})
    return form


def _seen(company: CompanyProfile) -> str:
    """What the page shows, in short: a form from before somebody else's change is found out by it."""
    shown = (company.letterhead, tuple(company.bank_accounts))
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
