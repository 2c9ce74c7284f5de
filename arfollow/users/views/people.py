"""The company's users: everybody may see who may do what; administrators change it."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, Role, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.users import operations
from arfollow.users.blueprint import blueprint
from arfollow.users.forms import NewUserForm
from arfollow.users.passwords import make_one_time_password
from arfollow.users.queries import Account, find_account_by_email, find_member, members
from arfollow.web.htmx import go_to, page


@blueprint.get("/settings/users")
@needs(Permission.VIEW)
def people() -> Response:
    """Who works in the company, and as what."""
    return _page(NewUserForm())


@blueprint.post("/settings/users")
@needs(Permission.ADMINISTER)
def add() -> Response:
    """Add somebody, with a one-time password that is shown once; an account that exists gets the role."""
    form, scope, session = NewUserForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(form, status=422)
    email, role = (form.email.data or "").lower(), Role(form.role.data)
    account = find_account_by_email(session, email=email)
    if account:
        return _add_known(form, account, role)
    password = make_one_time_password()
    user_id = operations.create_user(
        session,
        company_id=scope.company_id,
        email=email,
        name=form.name.data or "",
        role=role,
        password=password,
        who=scope.user_name,
    )
    commit(session)
    return hand_over(user_id, password)


def hand_over(user_id: int, password: str) -> Response:
    """Show a one-time password, this once: it is kept nowhere."""
    member = find_member(current_session(), company_id=current_scope().company_id, user_id=user_id)
    return page("settings/one_time_password.html", member=member, password=password)


def _add_known(form: NewUserForm, account: Account, role: Role) -> Response:
    scope, session = current_scope(), current_session()
    if find_member(session, company_id=scope.company_id, user_id=account.id):
        form.email.errors = [_("This person works here already.")]
        return _page(form, status=422)
    operations.set_role(
        session, company_id=scope.company_id, user_id=account.id, role=role, who=scope.user_name
    )
    commit(session)
    flash(_("%(name)s has an account already, and now a role here.", name=account.name), "success")
    return go_to(url_for("users.people"))


def _page(form: NewUserForm, *, status: int = 200) -> Response:
    people = members(current_session(), company_id=current_scope().company_id)
    return page("settings/users.html", members=people, form=form, status=status)
