"""The last step: who else works here."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.setup.rules import Step
from arfollow.setup.views.blueprint import blueprint, step_page
from arfollow.users.forms import NewUserForm
from arfollow.users.operations import Joined
from arfollow.users.queries import members
from arfollow.users.views.people import added
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
    form = NewUserForm.from_request()
    joined = added(form)
    if joined is None:
        return _page(form, status=422)
    if joined.password:
        return _page(NewUserForm(formdata=None), joined=joined)
    return go_to(url_for("setup.team"))


def _page(form: NewUserForm, *, joined: Joined | None = None, status: int = 200) -> Response:
    people = members(current_session(), company_id=current_scope().company_id)
    return step_page("setup/team.html", Step.TEAM, form=form, members=people, joined=joined, status=status)
