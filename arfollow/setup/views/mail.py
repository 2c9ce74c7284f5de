"""The mail server: what is set, and a test message. A step of the first run, and a page of the settings."""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.database import commit, current_session
from arfollow.delivery.channel import BadMailUrlError
from arfollow.delivery.mime import BadMessageError
from arfollow.fence.queries import is_closed
from arfollow.setup import operations
from arfollow.setup.forms import TrialForm
from arfollow.setup.mail import Trial, send_test
from arfollow.setup.queries import last_trial
from arfollow.setup.rules import Step
from arfollow.setup.trial import trial_message
from arfollow.setup.views.blueprint import blueprint, set_server, step_page
from arfollow.users.queries import find_account
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first

_NOWHERE = ("localhost", ".localhost", ".invalid")


@blueprint.get("/setup/mail")
@needs(Permission.ADMINISTER)
def mail() -> Response:
    """The second step."""
    return _page(_form())


@blueprint.get("/settings/mail")
@needs(Permission.ADMINISTER)
def mail_settings() -> Response:
    """The same among the settings."""
    return _page(_form(), in_settings=True)


@blueprint.post("/setup/mail/test")
@needs(Permission.ADMINISTER)
@prepare_first
def try_mail() -> Response:
    """Send a test message now, and keep what came of it. No transaction is open while the server is talked to."""
    form, scope, session = TrialForm.from_request(), current_scope(), current_session()
    in_settings = request.form.get("from") == "settings"
    company = find_company(session, company_id=scope.company_id)
    trial = _trial(form, company) if _may_try(form, company) else None
    if trial is None:
        return _page(form, in_settings=in_settings)
    begin_writing(session)
    operations.note_trial(
        session,
        company_id=scope.company_id,
        server=set_server(),
        trial=trial,
        to=form.to.data or "",
        who=scope.user_name,
    )
    commit(session)
    return go_to(url_for("setup.mail_settings" if in_settings else "setup.mail", _anchor="result"))


def _may_try(form: TrialForm, company: CompanyProfile) -> bool:
    """Whether nothing speaks against sending; what does is said at the field."""
    if not form.validate():
        return False
    problem = _reason_against(company.email)
    form.to.errors = [problem] if problem else []
    return problem is None


def _trial(form: TrialForm, company: CompanyProfile) -> Trial | None:
    """Send the message; None: it cannot be made, or nobody can tell where to. Why is said at the field."""
    to = form.to.data or ""
    message = trial_message(company=company.name, sender=company.email, to=to, who=current_scope().user_name)
    current_session().rollback()
    try:
        return send_test(current_app.config["SETTINGS"].mail_url, message, key=f"test:{secrets.token_hex(8)}")
    except BadMessageError as error:
        form.to.errors = [said(error)]
    except BadMailUrlError:
        # Its words may quote a piece of the password.
        form.to.errors = [_l("The mail server's setting cannot be understood.")]
    return None


def _reason_against(sender: str) -> LazyString | None:
    """Why no message is sent from here now; None: nothing speaks against it."""
    if not sender:
        return _l("Enter the company's own e-mail address first: messages come from there.")
    if is_closed(current_session()):
        return _l(
            "All messages are held back until an administrator confirms, under Sending, that this is the live system."
        )
    return None


def _form() -> TrialForm:
    """The form, to the administrator's own address unless that reaches nobody."""
    account = find_account(current_session(), user_id=current_scope().user_id)
    email = account.email if account else ""
    return TrialForm(data={"to": "" if email.endswith(_NOWHERE) else email})


def _page(form: TrialForm, *, in_settings: bool = False) -> Response:
    server, company_id = set_server(), current_scope().company_id
    context: dict[str, Any] = {
        "form": form,
        "server": server,
        "trial": last_trial(current_session(), company_id=company_id, server=server),
        "sender": find_company(current_session(), company_id=company_id).email,
        "in_settings": in_settings,
        "status": 422 if form.errors else 200,
    }
    if in_settings:
        return page("setup/mail_settings.html", **context)
    return step_page("setup/mail.html", Step.MAIL, **context)
