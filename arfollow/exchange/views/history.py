"""Imports of the past: what one has changed, and taking the last one back; mappings that were kept."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.exchange.uploads import words
from arfollow.exchange.uploads.mappings import remove_mapping
from arfollow.exchange.uploads.operations import UndoAskedError, ask_for_undo
from arfollow.exchange.uploads.queries import find_import
from arfollow.exchange.views.blueprint import blueprint
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/imports/history/<int:ledger_import_id>")
@needs(Permission.VIEW)
def past_import(ledger_import_id: int) -> Response:
    """What an import has changed, with its totals before and after and its documents."""
    scope = current_scope()
    found = find_import(current_session(), company_id=scope.company_id, ledger_import_id=ledger_import_id)
    if found is None:
        abort(404)
    return page("imports/past.html", past=found, words=words)


@blueprint.post("/imports/history/<int:ledger_import_id>/undo")
@needs(Permission.IMPORT)
def undo(ledger_import_id: int) -> AnyResponse:
    """Have the last import taken back."""
    scope, session = current_scope(), current_session()
    if find_import(session, company_id=scope.company_id, ledger_import_id=ledger_import_id) is None:
        abort(404)
    try:
        import_id = ask_for_undo(
            session,
            company_id=scope.company_id,
            user_id=scope.user_id,
            who=scope.user_name,
            ledger_import_id=ledger_import_id,
        )
    except UndoAskedError as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("exchange.import_", import_id=import_id))


@blueprint.post("/imports/mappings/<int:import_mapping_id>/remove")
@needs(Permission.IMPORT)
def remove_import_mapping(import_mapping_id: int) -> AnyResponse:
    """Forget a mapping."""
    scope, session = current_scope(), current_session()
    name = remove_mapping(
        session, company_id=scope.company_id, mapping_id=import_mapping_id, who=scope.user_name
    )
    if name is None:
        abort(404)
    commit(session)
    flash(_("The mapping “%(name)s” was removed.", name=name), "success")
    return go_to(url_for("exchange.imports"))
