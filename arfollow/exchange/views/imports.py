"""Imports: drop files, check, import; how far it is, its problems, and what is under way."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.exchange.sheets import history_sheet, problems_sheet
from arfollow.exchange.uploads import words
from arfollow.exchange.uploads.mappings import saved_mappings
from arfollow.exchange.uploads.operations import (
    NotOpenError,
    TooManyFilesError,
    Upload,
    add_files,
    ask,
    begin,
    discard,
)
from arfollow.exchange.uploads.queries import (
    PAGE_SIZE,
    Job,
    count_imports,
    jobs_under_way,
    past_imports,
)
from arfollow.exchange.uploads.rules import KEPT_DAYS, LARGEST, MOST_FILES, Kind, State
from arfollow.exchange.uploads.taking import UploadError, listed_day, take
from arfollow.exchange.views.blueprint import blueprint
from arfollow.exchange.views.desk import chosen_file, find, job_page, known_formats, missing_of
from arfollow.web.exports import download, wanted
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first


@blueprint.get("/imports")
@needs(Permission.VIEW)
def imports() -> Response:
    """Where files are dropped, what is under way, and all imports of the past."""
    scope, session = current_scope(), current_session()
    if wanted():
        return download(lambda: history_sheet(session, company_id=scope.company_id))
    number = max(request.args.get("page", 1, type=whole), 1)
    may_import = scope.may(Permission.IMPORT)
    return page(
        "imports/overview.html",
        under_way=jobs_under_way(session, company_id=scope.company_id, user_id=scope.user_id)
        if may_import
        else (),
        past=past_imports(session, company_id=scope.company_id, page=number),
        total=count_imports(session, company_id=scope.company_id),
        mappings=saved_mappings(session, company_id=scope.company_id),
        number=number,
        size=PAGE_SIZE,
        may_import=may_import,
        largest=LARGEST,
        most_files=MOST_FILES,
        kept_days=KEPT_DAYS,
        words=words,
    )


@blueprint.post("/imports")
@needs(Permission.IMPORT)
@prepare_first
def upload() -> AnyResponse:
    """Take the files, and look at each."""
    uploads, day = _taken()
    scope, session = current_scope(), current_session()
    if not uploads:
        return go_to(url_for("exchange.imports"))
    begin_writing(session)
    try:
        import_id = begin(
            session,
            company_id=scope.company_id,
            user_id=scope.user_id,
            who=scope.user_name,
            uploads=uploads,
            as_of=day,
        )
    except TooManyFilesError as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.get("/imports/<int:import_id>")
@needs(Permission.VIEW)
def import_(import_id: int) -> Response:
    """One import: how its files will be read, how far it is, what came of it; its problems as a file."""
    if wanted():
        job = find(import_id)
        return download(lambda: problems_sheet(current_session(), job))
    return job_page(find(import_id), file_id=chosen_file())


@blueprint.post("/imports/<int:import_id>/files")
@needs(Permission.IMPORT)
@prepare_first
def upload_more(import_id: int) -> AnyResponse:
    """Take further files for the same import."""
    find(import_id)
    uploads, _day = _taken()
    session = current_session()
    begin_writing(session)
    try:
        add_files(session, company_id=current_scope().company_id, import_id=import_id, uploads=uploads)
    except (NotOpenError, TooManyFilesError) as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/check")
@needs(Permission.IMPORT)
def check(import_id: int) -> AnyResponse:
    """Have all files read and compared with the ledger; nothing is written."""
    job = find(import_id)
    as_of = _as_of()
    _check_whole(job, as_of)
    try:
        ask(
            current_session(),
            company_id=current_scope().company_id,
            import_id=import_id,
            state=State.CHECKING,
            as_of=as_of,
            customers_in_file="customers_in_file" in request.form,
            confirmed="confirmed" in request.form,
        )
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(current_session())
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/apply")
@needs(Permission.IMPORT)
def apply_import(import_id: int) -> AnyResponse:
    """Go."""
    find(import_id)
    session = current_session()
    try:
        ask(session, company_id=current_scope().company_id, import_id=import_id, state=State.RUNNING)
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/discard")
@needs(Permission.IMPORT)
def discard_import(import_id: int) -> AnyResponse:
    """Forget the files."""
    find(import_id)
    session = current_session()
    try:
        discard(session, company_id=current_scope().company_id, import_id=import_id)
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(session)
    flash(_("Discarded. Nothing was imported."), "success")
    return go_to(url_for("exchange.imports"))


def _taken() -> tuple[list[Upload], date | None]:
    """The files of the form, each looked at; and the day that a list of open items names. What is no file of ours is told."""
    known = known_formats(current_session())
    current_session().rollback()
    uploads = []
    files = [given for given in request.files.getlist("files") if given.filename]
    if len(files) > MOST_FILES:
        # Before any is opened: each workbook takes a process of its own.
        abort(409, said(TooManyFilesError()))
    for given in files:
        try:
            uploads.append(take(given.filename or "", given.stream.read(LARGEST + 1), known))
        except UploadError as problem:
            flash(said(problem), "danger")
    if not uploads and not request.files.getlist("files"):
        flash(_("Choose one or more files first."), "warning")
    return uploads, listed_day(uploads, known, current_scope().today)


def _as_of() -> date | None:
    try:
        return date.fromisoformat(request.form.get("as_of", ""))
    except ValueError:
        return None


def _check_whole(job: Job, as_of: date | None) -> None:
    """Refuse what no worker could check."""
    lacking = [file for file in job.files if missing_of(file.settings)]
    kinds = {file.settings.kind for file in job.files}
    if lacking:
        abort(409, _("%(file)s: not all columns that are needed are chosen yet.", file=lacking[0].name))
    if Kind.OPEN_ITEMS not in kinds:
        return
    if as_of is None:
        abort(409, _("On which day was that list complete? Enter the day that it is as of."))
    if kinds & {Kind.INVOICES, Kind.PAYMENTS}:
        abort(
            409,
            _("A complete list of open items is imported alone, or with customers: remove the other files."),
        )
