"""The companies that somebody administers, adding one, and a person's roles in them."""

from __future__ import annotations

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, Role, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import commit, current_session
from arfollow.setup import operations
from arfollow.setup.forms import ElsewhereForm, NewCompanyForm
from arfollow.setup.queries import own_companies
from arfollow.setup.views.blueprint import blueprint, is_demo, set_server
from arfollow.users import login
from arfollow.users import operations as users
from arfollow.users.queries import find_member, workplaces_administered_by
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/settings/companies")
@needs(Permission.ADMINISTER)
def companies() -> Response:
    """The companies that the user administers, and how far each is set up."""
    own = find_company(current_session(), company_id=current_scope().company_id)
    return _page(NewCompanyForm(country=own.country, currency=own.currency, language=own.language))


@blueprint.post("/settings/companies")
@needs(Permission.ADMINISTER)
def add_company() -> Response:
    """Add a company, with the user as its administrator, and go to work there."""
    form, scope, session = NewCompanyForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(form, status=422)
    try:
        company_id = operations.add_company(
            session,
            beside=scope.company_id,
            name=form.name.data or "",
            country=form.country.data,
            currency=form.currency.data,
            language=form.language.data,
            user_id=scope.user_id,
            who=scope.user_name,
        )
    except operations.NameTakenError as error:
        form.name.errors = [said(error)]
        return _page(form, status=422)
    commit(session)
    login.choose_workplace(company_id)
    flash(_("%(name)s was added. You work there now.", name=form.name.data), "success")
    return go_to(url_for("setup.overview"))


@blueprint.post("/settings/users/<int:user_id>/elsewhere")
@needs(Permission.ADMINISTER)
def give_role_elsewhere(user_id: int) -> Response:
    """Give somebody who works here a role in another company that the user administers."""
    scope, session = current_scope(), current_session()
    member = find_member(session, company_id=scope.company_id, user_id=user_id)
    if member is None:
        abort(404)
    administered = workplaces_administered_by(session, user_id=scope.user_id)
    names = {each.company_id: each.company_name for each in administered}
    form = ElsewhereForm.of(list(names.items()))
    if not form.validate():
        abort(404)
    try:
        users.set_role(
            session,
            company_id=form.company.data,
            user_id=user_id,
            role=Role(form.role.data),
            who=scope.user_name,
        )
    except users.LastAdministratorError as error:
        abort(409, said(error))
    commit(session)
    company = names[form.company.data]
    flash(_("%(person)s has a role in %(company)s now.", person=member.name, company=company), "success")
    return go_to(url_for("users.person", user_id=user_id))


def _page(form: NewCompanyForm, *, status: int = 200) -> Response:
    found = own_companies(
        current_session(), user_id=current_scope().user_id, server=set_server(), is_demo=is_demo()
    )
    return page("setup/companies.html", companies=found, form=form, status=status)
