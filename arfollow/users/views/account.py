"""The user's own account."""

from __future__ import annotations

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.users import login, operations
from arfollow.users.blueprint import blueprint
from arfollow.users.forms import DetailsForm, PasswordForm
from arfollow.users.passwords import is_password
from arfollow.users.queries import Account, find_account, find_credentials
from arfollow.users.rules import PasswordError
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/account")
@needs(Permission.SIGNED_IN)
def account() -> Response:
    """Name and password."""
    return _page(DetailsForm(obj=_account()), _password_form())


@blueprint.post("/account")
@needs(Permission.SIGNED_IN)
def change_details() -> Response:
    """Change name, telephone and the language of pages."""
    form, scope, session = DetailsForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(form, _password_form(), status=422)
    operations.change_details(
        session,
        user_id=scope.user_id,
        name=form.name.data or "",
        phone=form.phone.data or "",
        who=scope.user_name,
    )
    operations.choose_language(
        session, user_id=scope.user_id, language=form.language.data or "", who=scope.user_name
    )
    commit(session)
    login.read_account_again()
    flash(_("Your details were saved."), "success")
    return go_to(url_for("users.account"))


@blueprint.post("/account/password")
@needs(Permission.SIGNED_IN)
def change_password() -> Response:
    """Change the password; this session goes on, all others end."""
    form, scope, session = _password_form(), current_scope(), current_session()
    first = _account().one_time_password
    if not form.validate() or not _knows_current(form):
        return _page(DetailsForm(obj=_account()), form, status=422)
    try:
        operations.change_password(
            session, user_id=scope.user_id, password=form.password.data or "", who=scope.user_name
        )
    except PasswordError as error:
        form.password.errors = [said(error)]
        return _page(DetailsForm(obj=_account()), form, status=422)
    commit(session)
    login.begin_session(_account(), company_id=scope.company_id)
    if first:
        flash(_("Your password is set. Welcome."), "success")
        return go_to("/")
    flash(_("Your password was changed. You are signed out everywhere else."), "success")
    return go_to(url_for("users.account"))


def _account() -> Account:
    found = find_account(current_session(), user_id=current_scope().user_id)
    return found or abort(404)


def _password_form() -> PasswordForm:
    """The form; who has just signed in with a one-time password need not type that again."""
    form = PasswordForm.from_request()
    if _account().one_time_password:
        del form["current"]
    return form


def _knows_current(form: PasswordForm) -> bool:
    if "current" not in form:
        return True
    credentials = find_credentials(current_session(), email=_account().email)
    known = credentials is not None and is_password(form.current.data or "", credentials.password_hash)
    if not known:
        form.current.errors = [_("That is not the password you have.")]
    return known


def _page(details: DetailsForm, password: PasswordForm, *, status: int = 200) -> Response:
    return page("account/account.html", account=_account(), details=details, password=password, status=status)
