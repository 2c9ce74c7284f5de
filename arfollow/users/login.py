"""Who is signed in, in which company, on which day: Flask-Login and the scope of each request."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from flask import Flask, g, request, session, url_for
from flask_babel import refresh
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from arfollow import clock
from arfollow.access import Scope, register_scope_loader
from arfollow.database import current_session
from arfollow.users.forms import role_name
from arfollow.users.queries import Account, Workplace, away_on, find_account, workplaces
from arfollow.users.rules import works_for
from arfollow.web.htmx import go_to
from arfollow.web.locale import browser_locale, known_reader, page_locale
from arfollow.web.probes import blueprint as probes

_COMPANY = "company_id"
_TOKEN = "csrf_token"  # noqa: S105 - where Flask-WTF keeps it in the session
_WITH_ANY_PASSWORD = frozenset({None, "static", "users.account", "users.change_password", "users.sign_out"})


class SignedIn:
    """An account as Flask-Login wants it. Its id holds the session key, so a new password ends older sessions."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self.is_active = account.active

    def get_id(self) -> str:
        """What the session cookie holds."""
        return f"{self.account.id}:{self.account.session_key}"


def init_login(app: Flask) -> None:
    """Let `app` know who is signed in."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    register_scope_loader(_load_scope)
    app.context_processor(_context)
    app.before_request(_require_own_password)


def begin_session(account: Account, *, company_id: int | None = None) -> None:
    """Sign in, in a session that shares nothing with the one before; at work in this company, or in the first."""
    session.clear()
    session.permanent = True
    if company_id is not None:
        session[_COMPANY] = company_id
    login_user(SignedIn(account))


def end_session() -> None:
    """Sign out."""
    logout_user()
    session.clear()


def current_account() -> Account | None:
    """Who is signed in; None: nobody."""
    return current_user.account if current_user.is_authenticated else None


def read_account_again() -> None:
    """Go on with the signed-in account as it is after a change: what follows speaks the language chosen."""
    account = find_account(current_session(), user_id=current_user.account.id)
    current_user.account = account or current_user.account
    refresh()
    g.pop("catalogue", None)
    g.pop("reader", None)


def current_workplaces() -> Sequence[Workplace]:
    """Where the signed-in user works, looked up once a request; empty when nobody is signed in."""
    if "workplaces" not in g:
        account = current_account()
        g.workplaces = workplaces(current_session(), user_id=account.id) if account else ()
    found: Sequence[Workplace] = g.workplaces
    return found


def current_workplace() -> Workplace | None:
    """The company that the user chose, else the first; None when the user works nowhere (any more)."""
    found = current_workplaces()
    chosen = session.get(_COMPANY)
    return next((place for place in found if place.company_id == chosen), found[0] if found else None)


def choose_workplace(company_id: int) -> bool:
    """Work in this company from now on; False, and nothing changes, when the user is not a member.

    Pages that are open in other tabs write again only once one is back in their company: C-1042 is another customer here.
    """
    # It may have been added in this very request.
    g.pop("workplaces", None)
    if all(place.company_id != company_id for place in current_workplaces()):
        return False
    _change_token(before=current_workplace(), company_id=company_id)
    session[_COMPANY] = company_id
    return True


def _change_token(*, before: Workplace | None, company_id: int) -> None:
    """Each company has its own token against forged requests, so that no page of one is obeyed in another."""
    if before is None or before.company_id == company_id:
        return
    session[f"{_TOKEN}:{before.company_id}"] = session.pop(_TOKEN, None)
    if (known := session.pop(f"{_TOKEN}:{company_id}", None)) is not None:
        session[_TOKEN] = known


def current_locale() -> Locale:
    """The locale of the page: a customer's; the language that the user chose, else the company's; before the sign-in the browser's."""
    if reader := known_reader():
        return reader.locale
    place, account = current_workplace(), current_account()
    if place is None or account is None:
        return browser_locale()
    return page_locale(language=account.language or place.language, country=place.country)


def current_timezone() -> str:
    """The time zone of the page's instants: the company's."""
    if reader := known_reader():
        return reader.timezone
    place = current_workplace()
    return place.timezone if place else "UTC"


def _load(identity: str) -> SignedIn | None:
    number, _, key = identity.partition(":")
    account = find_account(current_session(), user_id=int(number)) if number.isdecimal() else None
    return SignedIn(account) if account and account.active and account.session_key == key else None


def _load_scope() -> Scope | None:
    account, place = current_account(), current_workplace()
    if account is None or place is None:
        return None
    today = clock.today(place.timezone)
    away = away_on(current_session(), company_id=place.company_id, day=today)
    return Scope(
        company_id=place.company_id,
        user_id=account.id,
        user_name=account.name,
        role=place.role,
        today=today,
        works_for=tuple(works_for(account.id, away)),
    )


def _require_own_password() -> Response | None:
    """Somebody with a one-time password chooses another one before anything else."""
    if request.endpoint in _WITH_ANY_PASSWORD or request.blueprint == probes.name:
        return None
    account = current_account()
    return go_to(url_for("users.account")) if account and account.one_time_password else None


def _context() -> dict[str, object]:
    return {"workplaces": current_workplaces, "workplace": current_workplace, "role_name": role_name}
