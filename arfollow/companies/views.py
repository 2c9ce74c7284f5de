"""The company's settings: everybody may read them, administrators change them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies import operations
from arfollow.companies.forms import AddressForm, RulesForm
from arfollow.companies.queries import find_company, find_logo
from arfollow.database import commit, current_session
from arfollow.web.htmx import go_to, page

blueprint = Blueprint("companies", __name__)


@blueprint.get("/settings")
@needs(Permission.VIEW)
def settings_start() -> Response:
    """The first page of the settings."""
    return redirect(url_for("companies.settings"))


@blueprint.get("/settings/company")
@needs(Permission.VIEW)
def settings() -> Response:
    """Address and limits."""
    return _page()


@blueprint.post("/settings/company")
@needs(Permission.ADMINISTER)
def change_address() -> Response:
    """Save who the company is and how it is reached."""
    form, scope = AddressForm.from_request(), current_scope()
    if not form.validate():
        return _page(address=form)
    operations.change_address(
        current_session(), company_id=scope.company_id, address=form.address(), who=scope.user_name
    )
    return _saved("address")


@blueprint.post("/settings/company/rules")
@needs(Permission.ADMINISTER)
def change_rules() -> Response:
    """Save the company's limits."""
    form, scope = RulesForm.from_request(), current_scope()
    if not form.validate():
        return _page(limits=form)
    operations.change_rules(
        current_session(), company_id=scope.company_id, limits=form.limits(), who=scope.user_name
    )
    return _saved("rules")


@blueprint.get("/settings/company/logo")
@needs(Permission.VIEW)
def logo() -> Response:
    """The logo's bytes, which may not load or run anything."""
    found = find_logo(current_session(), company_id=current_scope().company_id)
    if found is None:
        abort(404)
    response = make_response(found.content)
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _saved(section: str) -> Response:
    commit(current_session())
    flash(_("Saved."), "success")
    return go_to(url_for("companies.settings", _anchor=section))


def _page(
    *,
    address: AddressForm | None = None,
    limits: RulesForm | None = None,
) -> Response:
    """The page with each form as the company is, but for the one that was refused."""
    company = find_company(current_session(), company_id=current_scope().company_id)
    return page(
        "settings/company.html",
        company=company,
        address=address or AddressForm(obj=company),
        limits=limits or RulesForm.of(company),
        status=422 if address or limits else 200,
    )
