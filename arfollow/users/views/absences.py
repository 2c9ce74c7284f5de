"""Who is away, and who stands in: everybody may see it and enter their own days, managers those of others."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.users.blueprint import blueprint
from arfollow.users.forms import AbsenceForm
from arfollow.users.operations.absences import (
    AbsenceError,
    UnknownAbsenceError,
    enter_absence,
    remove_absence,
)
from arfollow.users.queries import absences, find_absence, members
from arfollow.users.sheets import absences_sheet
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@blueprint.get("/settings/absences")
@needs(Permission.VIEW)
def away() -> Response:
    """Who is away, from today on."""
    if exports.wanted():
        scope = current_scope()
        return exports.download(
            lambda: absences_sheet(current_session(), company_id=scope.company_id, today=scope.today)
        )
    return _page(_form())


@blueprint.post("/settings/absences")
@needs(Permission.WORK)
def enter_away() -> Response:
    """Enter days on which somebody is away."""
    form, scope, session = _form(), current_scope(), current_session()
    first_day, last_day = form.first_day.data, form.last_day.data
    if not form.validate() or first_day is None or last_day is None:
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    user_id = int(form.user.data)
    _check_own(user_id)
    try:
        enter_absence(
            session,
            company_id=scope.company_id,
            user_id=user_id,
            stand_in_id=int(form.stand_in.data),
            first_day=first_day,
            last_day=last_day,
            today=scope.today,
            who=scope.user_name,
        )
    except AbsenceError as error:
        session.rollback()
        form.form_errors = [said(error)]
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _saved(_("Entered. The stand-in sees the customers among “My customers” on these days."))


@blueprint.post("/settings/absences/<int:absence_id>/remove")
@needs(Permission.WORK)
def remove_away(absence_id: int) -> Response:
    """Take an absence away."""
    scope, session = current_scope(), current_session()
    user_id = find_absence(session, company_id=scope.company_id, absence_id=absence_id)
    if user_id is None:
        abort(HTTPStatus.NOT_FOUND)
    _check_own(user_id)
    try:
        remove_absence(session, company_id=scope.company_id, absence_id=absence_id, who=scope.user_name)
    except UnknownAbsenceError:
        abort(HTTPStatus.NOT_FOUND)
    return _saved(_("Removed."))


def _check_own(user_id: int) -> None:
    scope = current_scope()
    if user_id != scope.user_id and not scope.may(Permission.CONFIGURE):
        abort(HTTPStatus.FORBIDDEN)


def _form() -> AbsenceForm:
    scope = current_scope()
    people = members(current_session(), company_id=scope.company_id)
    working = [(str(each.user_id), each.name) for each in people if each.active]
    form = AbsenceForm.from_request(user=str(scope.user_id), first_day=scope.today)
    form.user.choices = [
        each for each in working if scope.may(Permission.CONFIGURE) or each[0] == str(scope.user_id)
    ]
    form.stand_in.choices = [("", _("Choose a colleague")), *working]
    return form


def _page(form: AbsenceForm, *, status: int = HTTPStatus.OK) -> Response:
    scope = current_scope()
    found = absences(current_session(), company_id=scope.company_id, today=scope.today)
    return page("settings/absences.html", form=form, absences=found, status=status)


def _saved(words: str) -> Response:
    commit(current_session())
    flash(words, "success")
    return go_to(url_for("users.away"))
