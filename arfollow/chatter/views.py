"""Pages of the chatter: everything that happened, one entry, a customer's history, documents, the verification."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.chatter import documents, history, queries
from arfollow.chatter.customers import CustomerName, customer_names
from arfollow.chatter.documents import DocumentAlteredError, DocumentErasedError, DocumentMissingError
from arfollow.chatter.forms import LARGEST_ID, FilterForm
from arfollow.chatter.kinds import Kind
from arfollow.chatter.presentation import init_presentation
from arfollow.chatter.queries import EntryMissingError, Filters
from arfollow.chatter.rules import DIGEST
from arfollow.chatter.sheets import log_sheet
from arfollow.chatter.verification.runs import ask_for_verification, standing
from arfollow.database import commit, current_session
from arfollow.web import exports
from arfollow.web.htmx import go_to, is_htmx, page

blueprint = Blueprint("chatter", __name__)
init_presentation(blueprint)

# What was sent is shown, never run: no script, nothing loaded from anywhere.
_DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
# How a document is shown; any other is downloaded. An e-mail as sent is read as the text that it is.
_SHOWN_AS = {
    "application/pdf": "application/pdf",
    "text/html": "text/html; charset=utf-8",
    "text/plain": "text/plain; charset=utf-8",
    "text/csv": "text/plain; charset=utf-8",
    "message/rfc822": "text/plain; charset=utf-8",
    "image/png": "image/png",
}
_EXTENSIONS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/plain": "txt",
    "text/csv": "csv",
    "message/rfc822": "eml",
    "image/png": "png",
}
_LARGEST_SEQUENCE = 2**63 - 1


@blueprint.get("/chatter")
@needs(Permission.VIEW)
def log() -> Response:
    """Everything that happened in the company, newest first."""
    scope, session = current_scope(), current_session()
    form = FilterForm.of_request(queries.people(session, company_id=scope.company_id))
    filters = form.filters()
    if exports.wanted():
        return exports.download(lambda: log_sheet(session, company_id=scope.company_id, filters=filters))
    before = request.args.get("before", type=_sequence)
    found = queries.entries_page(session, company_id=scope.company_id, filters=filters, before=before)
    return page(
        "chatter/log.html",
        part="entries",
        form=form,
        page=found,
        before=before,
        is_filtered=filters != Filters(),
        verified=standing(session, company_id=scope.company_id).finished,
    )


@blueprint.get(f"/chatter/<int(max={_LARGEST_SEQUENCE}):sequence>")
@needs(Permission.VIEW)
def entry(sequence: int) -> Response:
    """One entry with everything that is in its hash; to htmx its line in a customer's history."""
    try:
        line = history.find_line(current_session(), company_id=current_scope().company_id, sequence=sequence)
    except EntryMissingError:
        abort(404)
    if is_htmx():
        return make_response(render_template("chatter/_line.html", line=line))
    return page("chatter/entry.html", line=line, name=_customer_name(line.entry.customer_id))


@blueprint.get(f"/chatter/customers/<int(max={LARGEST_ID}):customer_id>")
@needs(Permission.VIEW)
def customer(customer_id: int) -> Response:
    """What happened with one customer; to htmx the entries of its panel."""
    found = history.customer_history(
        current_session(),
        company_id=current_scope().company_id,
        customer_id=customer_id,
        kind=request.args.get("kind", type=Kind),
        person=request.args.get("person", type=_digest),
        before=request.args.get("before", type=_sequence),
    )
    return page("chatter/customer.html", part="entries", history=found, name=_customer_name(customer_id))


@blueprint.get("/chatter/verification")
@needs(Permission.VIEW)
def verification() -> Response:
    """What the last verification of the company's log found, and whether one is under way."""
    found = standing(current_session(), company_id=current_scope().company_id)
    return page("chatter/verification.html", part="standing", standing=found)


@blueprint.post("/chatter/verification")
@needs(Permission.VERIFY)
def ask() -> AnyResponse:
    """Have the log checked from its first entry to its last, documents included."""
    scope, session = current_scope(), current_session()
    ask_for_verification(session, company_id=scope.company_id, who=scope.user_name)
    commit(session)
    return go_to(url_for("chatter.verification"))


@blueprint.get("/documents/<sha256>")
@needs(Permission.VIEW)
def document(sha256: str) -> Response:
    """A document byte for byte, if an entry of the user's company has it; `download` keeps it from being shown."""
    session = current_session()
    is_digest = DIGEST.fullmatch(sha256) is not None
    if not is_digest or not documents.is_known_to(
        session, company_id=current_scope().company_id, sha256=sha256
    ):
        abort(404)
    try:
        found = documents.read(session, sha256=sha256)
    except DocumentMissingError:
        abort(404)
    except DocumentErasedError:
        abort(HTTPStatus.GONE, _("This document was erased. The chatter says when and why."))
    except DocumentAlteredError:
        abort(
            HTTPStatus.CONFLICT,
            _("This document was altered in the database and is not shown. Verify the chatter."),
        )
    return _shown(found, download="download" in request.args)


def _sequence(text: str) -> int:
    """A sequence of the address; raise ValueError, which `args.get` takes for none."""
    if not 0 < int(text) <= _LARGEST_SEQUENCE:
        raise ValueError(text)
    return int(text)


def _digest(text: str) -> str:
    """A digest of the address; raise ValueError."""
    if not DIGEST.fullmatch(text):
        raise ValueError(text)
    return text


def _customer_name(customer_id: int | None) -> CustomerName | None:
    wanted = () if customer_id is None else (customer_id,)
    names = customer_names(current_session(), company_id=current_scope().company_id, customer_ids=wanted)
    return next(iter(names.values()), None)


def _shown(found: documents.Document, *, download: bool) -> Response:
    shown_as = None if download else _SHOWN_AS.get(found.media_type)
    response = make_response(found.content)
    response.headers["Content-Type"] = shown_as or found.media_type
    # A PDF viewer does not start in a sandbox.
    if shown_as != "application/pdf":
        response.headers["Content-Security-Policy"] = _DOCUMENT_POLICY
    filename = f"{found.sha256[:12]}.{_EXTENSIONS.get(found.media_type, 'bin')}"
    response.headers.set("Content-Disposition", "inline" if shown_as else "attachment", filename=filename)
    response.headers["Cache-Control"] = "private, no-store"
    return response
