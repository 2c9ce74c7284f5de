"""Signing in and out, choosing the company."""

from __future__ import annotations

from flask import abort, current_app, request, url_for
from werkzeug.wrappers import Response

from arfollow import clock
from arfollow.access import Permission, find_scope, needs
from arfollow.database import commit, current_session
from arfollow.users import login, operations
from arfollow.users.blueprint import blueprint
from arfollow.users.demo import demo_accounts
from arfollow.users.forms import SignInForm
from arfollow.users.passwords import is_outdated, is_password
from arfollow.users.queries import Account, find_account, find_credentials, workplaces
from arfollow.users.starting import start_page
from arfollow.web.addresses import is_own_path
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing


@blueprint.get("/")
@needs(Permission.SIGNED_IN)
def home() -> Response:
    """The day's work, or what has to be done before there is any."""
    return go_to(start_page())


@blueprint.get("/sign-in")
@needs(Permission.PUBLIC)
def sign_in() -> Response:
    """The form; on to the wanted page for somebody who is signed in."""
    return go_to(_wanted()) if find_scope() else _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@needs(Permission.PUBLIC)
def submit_sign_in() -> Response:
    """Sign in, or say why not."""
    form = SignInForm.from_request()
    if not form.validate():
        return _sign_in_page(form, status=422)
    try:
        account = _authenticate(email=form.address(), password=form.password.data or "")
    except operations.TooManyTriesError as error:
        return _sign_in_page(form, status=429, problem=said(error))
    except (operations.SignInRefusedError, operations.NoWorkplaceError) as error:
        return _sign_in_page(form, status=422, problem=said(error))
    login.begin_session(account)
    return go_to(_wanted())


@blueprint.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> Response:
    """Sign out."""
    login.end_session()
    return go_to(url_for("users.sign_in"))


@blueprint.post("/company")
@needs(Permission.SIGNED_IN)
def choose_company() -> Response:
    """Work in another company from now on."""
    if not login.choose_workplace(request.form.get("company", 0, whole)):
        abort(404)
    return go_to("/")


def _authenticate(*, email: str, password: str) -> Account:
    """The account; raise TooManyTriesError or SignInRefusedError. The slow hash is checked while no lock is held."""
    session = current_session()
    operations.admit_try(session, email=email, address=request.remote_addr or "", now=clock.now())
    commit(session)
    credentials = find_credentials(session, email=email)
    password_hash = credentials.password_hash if credentials else None
    if not is_password(password, password_hash) or credentials is None:
        raise operations.SignInRefusedError
    begin_writing(session)
    operations.forget_tries(session, email=email)
    if is_outdated(credentials.password_hash):
        operations.renew_hash(session, user_id=credentials.user_id, password=password)
    commit(session)
    account = find_account(session, user_id=credentials.user_id)
    if account is None or not workplaces(session, user_id=account.id):
        raise operations.NoWorkplaceError
    return account


def _wanted() -> str:
    location = request.args.get("next", "")
    return location if is_own_path(location) else "/"


def _sign_in_page(form: SignInForm, *, status: int = 200, problem: str = "") -> Response:
    settings = current_app.config["SETTINGS"]
    return page(
        "sign-in/sign_in.html", form=form, problem=problem, demo=demo_accounts(settings), status=status
    )
