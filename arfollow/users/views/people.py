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
from arfollow.users.operations import Joined
from arfollow.users.queries import find_member, members, roles_elsewhere
from arfollow.users.sheets import users_sheet
from arfollow.web import exports
from arfollow.web.htmx import go_to, page


@blueprint.get("/settings/users")
@needs(Permission.VIEW)
def people() -> Response:
    """Who works in the company, and as what."""
    if exports.wanted():
        company_id = current_scope().company_id
        return exports.download(lambda: users_sheet(current_session(), company_id=company_id))
    return _page(NewUserForm())


@blueprint.post("/settings/users")
@needs(Permission.ADMINISTER)
def add() -> Response:
    """Add somebody, with a one-time password that is shown once; an account that exists gets the role."""
    form = NewUserForm.from_request()
    joined = added(form)
    if joined is None:
        return _page(form, status=422)
    return hand_over(joined.user_id, joined.password) if joined.password else go_to(url_for("users.people"))


def added(form: NewUserForm) -> Joined | None:
    """Add whom the form names; None: something is wrong, as the form then says. An account that was there is told of."""
    scope, session = current_scope(), current_session()
    if not form.validate():
        return None
    try:
        joined = operations.join(
            session,
            company_id=scope.company_id,
            email=form.email.data or "",
            name=form.name.data or "",
            role=Role(form.role.data),
            who=scope.user_name,
        )
    except operations.AlreadyHereError:
        form.email.errors = [_("This person works here already.")]
        return None
    commit(session)
    if not joined.password:
        flash(_("%(name)s has an account already, and now a role here.", name=joined.name), "success")
    return joined


def hand_over(user_id: int, password: str) -> Response:
    """Show a one-time password, this once: it is kept nowhere."""
    member = find_member(current_session(), company_id=current_scope().company_id, user_id=user_id)
    return page("settings/one_time_password.html", member=member, password=password)


def _page(form: NewUserForm, *, status: int = 200) -> Response:
    scope, session = current_scope(), current_session()
    people = members(session, company_id=scope.company_id)
    elsewhere = (
        roles_elsewhere(session, administrator_id=scope.user_id, company_id=scope.company_id)
        if scope.may(Permission.ADMINISTER)
        else {}
    )
    return page("settings/users.html", members=people, elsewhere=elsewhere, form=form, status=status)
