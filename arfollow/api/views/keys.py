"""Keys by which other programs sign: made, shown once, revoked."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, current_app, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.api.forms import KeyForm
from arfollow.api.operations import UnknownKeyError, make_key, revoke_key
from arfollow.api.queries import keys
from arfollow.api.rules import secret_of
from arfollow.api.sheets import keys_sheet
from arfollow.database import commit, current_session
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.receivables.rules.fields import FieldError
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said

blueprint = Blueprint("api_keys", __name__)


@blueprint.get("/settings/keys")
@needs(Permission.ADMINISTER)
def keys_page() -> Response:
    """The company's keys."""
    if exports.wanted():
        company_id = current_scope().company_id
        return exports.download(lambda: keys_sheet(current_session(), company_id=company_id))
    return _page(KeyForm(formdata=None))


@blueprint.post("/settings/keys")
@needs(Permission.ADMINISTER)
def make() -> Response:
    """Make a key; its secret is shown this once."""
    form, scope, session = KeyForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        key = make_key(session, company_id=scope.company_id, name=form.name.data or "", who=scope.user_name)
    except (FieldError, MissingTextError) as error:
        session.rollback()
        form.name.errors = [said(error)]
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    commit(session)
    made = next(each for each in keys(session, company_id=scope.company_id) if each.id == key.id)
    secret = secret_of(current_app.config["SETTINGS"].secret_key, key.nonce)
    response = page("settings/key.html", key=made, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/settings/keys/<int:key_id>/revoke")
@needs(Permission.ADMINISTER)
def revoke(key_id: int) -> Response:
    """Let nobody sign with the key any more."""
    scope, session = current_scope(), current_session()
    try:
        revoke_key(session, company_id=scope.company_id, key_id=key_id, who=scope.user_name)
    except UnknownKeyError as error:
        abort(HTTPStatus.NOT_FOUND, said(error))
    commit(session)
    flash(_("The key is revoked."), "success")
    return go_to(url_for("api_keys.keys_page"))


def _page(form: KeyForm, *, status: int = HTTPStatus.OK) -> Response:
    found = keys(current_session(), company_id=current_scope().company_id)
    return page("settings/keys.html", keys=found, form=form, status=status)
