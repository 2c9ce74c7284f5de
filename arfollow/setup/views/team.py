"""The last step: who else works here."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, Role, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.setup.rules import Step
from arfollow.setup.views.blueprint import blueprint, step_page
from arfollow.users import operations
from arfollow.users.forms import NewUserForm
from arfollow.users.operations import Joined
from arfollow.users.queries import members
from arfollow.web.htmx import go_to


@blueprint.get("/setup/team")
@needs(Permission.ADMINISTER)
def team() -> Response:
    """Who works here, and room for one more."""
    return _page(NewUserForm())


@blueprint.post("/setup/team")
@needs(Permission.ADMINISTER)
def add_to_team() -> Response:
    """Add somebody; a new account's one-time password is shown once, on this page."""
    form, scope, session = NewUserForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(form, status=422)
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
        return _page(form, status=422)
    commit(session)
    if joined.password:
        return _page(NewUserForm(formdata=None), joined=joined)
    flash(_("%(name)s has an account already, and now a role here.", name=joined.name), "success")
    return go_to(url_for("setup.team"))


def _page(form: NewUserForm, *, joined: Joined | None = None, status: int = 200) -> Response:
    people = members(current_session(), company_id=current_scope().company_id)
    return step_page("setup/team.html", Step.TEAM, form=form, members=people, joined=joined, status=status)
