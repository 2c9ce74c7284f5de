"""One user of the company, for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, Role, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.users import operations
from arfollow.users.blueprint import blueprint
from arfollow.users.forms import RoleForm, role_choices
from arfollow.users.queries import Member, elsewhere, find_member
from arfollow.users.views.people import hand_over
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/settings/users/<int:user_id>")
@needs(Permission.ADMINISTER)
def person(user_id: int) -> Response:
    """What can be changed about a user."""
    member = _member(user_id)
    return _page(member, RoleForm(role=member.role.value))


@blueprint.post("/settings/users/<int:user_id>/role")
@needs(Permission.ADMINISTER)
def change_role(user_id: int) -> Response:
    """Give a user another role."""
    member, form, scope, session = (
        _member(user_id),
        RoleForm.from_request(),
        current_scope(),
        current_session(),
    )
    if not form.validate():
        return _page(member, form, status=422)
    role = Role(form.role.data)
    with _refusing():
        operations.set_role(
            session, company_id=scope.company_id, user_id=user_id, role=role, who=scope.user_name
        )
    return _saved(_("%(name)s has a new role.", name=member.name))


@blueprint.post("/settings/users/<int:user_id>/remove")
@needs(Permission.ADMINISTER)
def remove(user_id: int) -> Response:
    """Let a user no longer work in the company."""
    member, scope = _member(user_id), current_scope()
    with _refusing():
        operations.remove_role(
            current_session(), company_id=scope.company_id, user_id=user_id, who=scope.user_name
        )
    return _saved(_("%(name)s no longer works here.", name=member.name))


@blueprint.post("/settings/users/<int:user_id>/password")
@needs(Permission.ADMINISTER)
def reset_password(user_id: int) -> Response:
    """Give a user a one-time password."""
    scope, session = current_scope(), current_session()
    with _managing(_member(user_id)):
        password = operations.reset_password(session, user_id=user_id, who=scope.user_name)
    commit(session)
    return hand_over(user_id, password)


@blueprint.post("/settings/users/<int:user_id>/deactivate")
@needs(Permission.ADMINISTER)
def deactivate(user_id: int) -> Response:
    """Let a user sign in no more."""
    member = _member(user_id)
    with _managing(member):
        operations.deactivate(current_session(), user_id=user_id, who=current_scope().user_name)
    return _saved(_("%(name)s can't sign in any more.", name=member.name))


@blueprint.post("/settings/users/<int:user_id>/reactivate")
@needs(Permission.ADMINISTER)
def reactivate(user_id: int) -> Response:
    """Let a user sign in again."""
    member = _member(user_id)
    with _managing(member):
        operations.reactivate(current_session(), user_id=user_id, who=current_scope().user_name)
    return _saved(_("%(name)s can sign in again.", name=member.name))


def _page(member: Member, form: RoleForm, *, status: int = 200) -> Response:
    scope = current_scope()
    places = elsewhere(
        current_session(),
        administrator_id=scope.user_id,
        user_id=member.user_id,
        company_id=scope.company_id,
    )
    return page(
        "settings/user.html",
        member=member,
        form=form,
        elsewhere=places,
        role_options=role_choices(),
        status=status,
    )


def _member(user_id: int) -> Member:
    member = find_member(current_session(), company_id=current_scope().company_id, user_id=user_id)
    return member or abort(404)


@contextmanager
def _managing(member: Member) -> Iterator[None]:
    """For what concerns the whole account, not this company alone."""
    with _refusing():
        operations.check_administers(
            current_session(), administrator_id=current_scope().user_id, user_id=member.user_id
        )
        yield


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (operations.LastAdministratorError, operations.ElsewhereError) as error:
        abort(409, said(error))


def _saved(words: str) -> Response:
    commit(current_session())
    flash(words, "success")
    return go_to(url_for("users.people"))
