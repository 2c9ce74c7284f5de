"""Text messages among the settings: what is set, when they go out, and a test message."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from arfollow import database
from arfollow.access import Permission, current_scope, needs
from arfollow.chatter.operations import record
from arfollow.companies.operations import change_text_hours
from arfollow.companies.queries import find_company, text_hours
from arfollow.database import current_session
from arfollow.delivery.texts.forms import HoursForm, TrialForm
from arfollow.delivery.texts.setting import Setting, Trial, send_trial, setting
from arfollow.fence.queries import is_closed
from arfollow.web.htmx import go_to, page
from arfollow.web.transactions import begin_writing, prepare_first

blueprint = Blueprint("text_settings", __name__, url_prefix="/settings/texts")


@blueprint.get("")
@needs(Permission.ADMINISTER)
def show() -> Response:
    """What is set, and when text messages go out."""
    return _page()


@blueprint.post("/hours")
@needs(Permission.ADMINISTER)
def change_hours() -> AnyResponse:
    """Save when text messages may go out."""
    form, scope, session = HoursForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _page(hours=form)
    change_text_hours(session, company_id=scope.company_id, hours=form.hours(), who=scope.user_name)
    database.commit(session)
    flash(_("Saved."), "success")
    return go_to(url_for("text_settings.show", _anchor="hours"))


@blueprint.post("/test")
@needs(Permission.ADMINISTER)
@prepare_first
def try_gateway() -> AnyResponse:
    """Send a test message now, and say what came of it. No transaction is open while the gateway is talked to."""
    form, session = _trial_form(posted=True), current_session()
    problem = _reason_against() if form.validate() else None
    if problem:
        form.to.errors = [problem]
    if form.errors or problem:
        return _page(trial=form)
    company = find_company(session, company_id=current_scope().company_id).name
    session.rollback()
    text = _("This is a test message from %(company)s.", company=company)
    came_of_it = send_trial(
        current_app.config["SETTINGS"].texts, to=form.number(), text=text, key=f"test:{secrets.token_hex(8)}"
    )
    _keep(form.number(), came_of_it)
    return _page(trial=form, came_of_it=came_of_it)


def _keep(number: str, came_of_it: Trial) -> None:
    scope, session = current_scope(), current_session()
    begin_writing(session)
    record(
        session,
        company_id=scope.company_id,
        customer_id=None,
        tag="sms:tested",
        who=scope.user_name,
        text=f"Test message to {number}: {came_of_it.result}. {came_of_it.answer}".strip(),
        facts={"result": came_of_it.result},
        personal={"number": number},
    )
    database.commit(session)


def _reason_against() -> LazyString | None:
    """Why no message is sent from here now; None: nothing speaks against it."""
    found = _setting()
    if found.is_unclear:
        return _l("The gateway's setting cannot be understood.")
    if not found.is_set:
        return _l("No gateway is set.")
    if is_closed(current_session()):
        return _l(
            "All messages are held back until an administrator confirms, under Sending, that this is the live system."
        )
    return None


def _setting() -> Setting:
    return setting(current_app.config["SETTINGS"].texts)


def _trial_form(*, posted: bool) -> TrialForm:
    form = TrialForm.from_request() if posted else TrialForm()
    form.country = find_company(current_session(), company_id=current_scope().company_id).country
    return form


def _page(
    *, hours: HoursForm | None = None, trial: TrialForm | None = None, came_of_it: Trial | None = None
) -> Response:
    company_id = current_scope().company_id
    is_refused = came_of_it is None and (hours or trial)
    return page(
        "settings/texts.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        setting=_setting(),
        base_url=current_app.config["SETTINGS"].base_url,
        hours=hours or HoursForm(obj=text_hours(current_session(), company_id=company_id)),
        trial=trial or _trial_form(posted=False),
        came_of_it=came_of_it,
    )
