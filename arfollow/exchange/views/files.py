"""One file of an import: how it is read, rows that are left out, the mapping under a name."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.exchange.columns import column_names
from arfollow.exchange.files import File
from arfollow.exchange.mapping import MappingError
from arfollow.exchange.texts import UnreadableFileError
from arfollow.exchange.uploads.fields import definition, settings_of
from arfollow.exchange.uploads.forms import (
    is_taken_apart_otherwise,
    kind_asked,
    layout_asked,
    meaning_asked,
)
from arfollow.exchange.uploads.guessing import with_columns
from arfollow.exchange.uploads.mappings import MappingNameError, save_mapping
from arfollow.exchange.uploads.operations import NotOpenError, remove_file, set_up
from arfollow.exchange.uploads.preview import (
    first_settings,
    full_columns,
    heading_of,
    with_values_of,
)
from arfollow.exchange.uploads.queries import problems_of, stored_workbook
from arfollow.exchange.uploads.rules import OWN, Settings
from arfollow.exchange.uploads.taking import UploadError, sheet_of
from arfollow.exchange.views.blueprint import blueprint
from arfollow.exchange.views.desk import Opened, find, job_page, opened
from arfollow.web.htmx import go_to, is_htmx
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first


@blueprint.post("/imports/<int:import_id>/files/<int:import_file_id>")
@needs(Permission.IMPORT)
@prepare_first
def set_up_file(import_id: int, import_file_id: int) -> AnyResponse:
    """Read the file as the form says, and show its first rows so."""
    found = opened(import_id, import_file_id)
    text: bytes | None = None
    stored = found.stored
    settings = layout_asked(request.form, found.file.settings, found.file.sheets)
    if settings.sheet != found.file.settings.sheet:
        workbook = stored_workbook(current_session(), import_id=import_id, file=found.file)
        try:
            table = sheet_of(found.file.name, workbook, settings.sheet)
        except UploadError as problem:
            abort(409, said(problem))
        stored, text = File(name=found.file.name, content=table.text), table.packed
    _save(found, _asked(found, stored, settings), text)
    return _answer(import_id, import_file_id)


@blueprint.post("/imports/<int:import_id>/files/<int:import_file_id>/remove")
@needs(Permission.IMPORT)
def remove_import_file(import_id: int, import_file_id: int) -> AnyResponse:
    """Leave the file away; with the last one the import is gone."""
    _known(import_id, import_file_id)
    session = current_session()
    try:
        is_left = remove_file(
            session, company_id=current_scope().company_id, import_id=import_id, file_id=import_file_id
        )
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("exchange.import_", import_id=import_id) if is_left else url_for("exchange.imports"))


@blueprint.post("/imports/<int:import_id>/leave-out")
@needs(Permission.IMPORT)
def leave_out_rows(import_id: int) -> AnyResponse:
    """Do not read the rows that have problems; whoever looks at the file sees that, and can take it back."""
    job, session = find(import_id), current_session()
    rows: dict[str, set[int]] = {}
    for each in problems_of(session, import_id=import_id):
        if each.line is not None:
            rows.setdefault(each.file, set()).add(each.line)
    try:
        for file in job.files:
            if file.name in rows:
                left_out = tuple(sorted({*file.settings.left_out, *rows[file.name]}))
                set_up(
                    session,
                    company_id=current_scope().company_id,
                    import_id=import_id,
                    file_id=file.id,
                    settings=replace(file.settings, left_out=left_out),
                )
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(session)
    flash(_("These rows are left out now. Check again."), "success")
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/files/<int:import_file_id>/take-in")
@needs(Permission.IMPORT)
@prepare_first
def take_rows_in(import_id: int, import_file_id: int) -> AnyResponse:
    """Read all rows again."""
    found = opened(import_id, import_file_id)
    _save(found, replace(found.file.settings, left_out=()), None)
    return _answer(import_id, import_file_id)


@blueprint.post("/imports/<int:import_id>/files/<int:import_file_id>/mapping")
@needs(Permission.IMPORT)
@prepare_first
def save_file_mapping(import_id: int, import_file_id: int) -> AnyResponse:
    """Keep what the columns mean under a name; such files are recognised from now on."""
    found = opened(import_id, import_file_id)
    scope, session = current_scope(), current_session()
    settings, name = found.file.settings, " ".join(request.form.get("name", "").split())
    begin_writing(session)
    try:
        save_mapping(
            session,
            company_id=scope.company_id,
            name=name,
            definition=definition(settings),
            who=scope.user_name,
        )
        set_up(
            session,
            company_id=scope.company_id,
            import_id=import_id,
            file_id=import_file_id,
            settings=settings,
        )
    except (MappingNameError, MappingError, NotOpenError) as problem:
        abort(409, said(problem))
    commit(session)
    flash(
        _("Saved as “%(name)s”. Files with these columns are recognised from now on.", name=name), "success"
    )
    return go_to(url_for("exchange.import_", import_id=import_id, file=import_file_id))


def _asked(found: Opened, stored: File, settings: Settings) -> Settings:
    """What the form asks for; where the columns are others now, they are looked at anew."""
    before, is_table = found.file.settings, found.file.is_table
    if is_taken_apart_otherwise(settings, before):
        blank = replace(settings, left_out=())
        return first_settings(stored, found.known, is_table=is_table, layout=blank)
    try:
        sheet = heading_of(stored, settings, found.known, is_table=is_table)
    except UnreadableFileError:
        return settings
    heading = column_names(sheet.heading)
    wanted = request.form.get("mapping", before.mapping)
    form = found.known.named(wanted)
    if wanted != before.mapping and form is not None:
        shown = settings_of(form, heading)
        return _laid_out(shown, settings)
    kind = kind_asked(request.form, before)
    if kind is not before.kind:
        return with_columns(replace(settings, kind=kind, mapping=OWN), heading, full_columns(sheet))
    asked = meaning_asked(request.form, settings, heading)
    if wanted == OWN:
        asked = replace(asked, mapping=OWN)
    return with_values_of(sheet, asked)


def _laid_out(shown: Settings, layout: Settings) -> Settings:
    return replace(
        shown,
        sheet=layout.sheet,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        heading_line=layout.heading_line,
        left_out=layout.left_out,
    )


def _save(found: Opened, settings: Settings, text: bytes | None) -> None:
    session = current_session()
    begin_writing(session)
    try:
        set_up(
            session,
            company_id=current_scope().company_id,
            import_id=found.job.id,
            file_id=found.file.id,
            settings=settings,
            text=text,
        )
    except NotOpenError as problem:
        abort(409, said(problem))
    commit(session)


def _answer(import_id: int, file_id: int) -> AnyResponse:
    if is_htmx():
        shown: Response = job_page(find(import_id), file_id=file_id)
        return shown
    return go_to(url_for("exchange.import_", import_id=import_id, file=file_id))


def _known(import_id: int, file_id: int) -> None:
    if all(file.id != file_id for file in find(import_id).files):
        abort(404)
