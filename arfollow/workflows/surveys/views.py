"""Surveys for the company's own people: the list, the editor, what came of each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import format_decimal, get_locale, get_timezone
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.receivables.queries.customers import find_customer
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.locale import languages, own_name
from arfollow.web.refusals import said
from arfollow.workflows import examples
from arfollow.workflows.rules.survey_results import Given, monthly, results
from arfollow.workflows.rules.surveys import Asks, answer_lines, answer_words, said_in
from arfollow.workflows.surveys import drafts
from arfollow.workflows.surveys.operations import (
    SurveyChangedError,
    SurveyKeyTakenError,
    SurveyProblemsError,
    install_survey,
    save_survey,
)
from arfollow.workflows.surveys.queries import (
    Answered,
    SurveyView,
    UnknownSurveyError,
    answers_of,
    answers_to,
    find_survey,
    survey_lines,
)
from arfollow.workflows.surveys.sheets import answers_sheet

blueprint = Blueprint("surveys", __name__)
blueprint.add_app_template_filter(said_in, "in_language")

_PERIODS = (30, 90, 365)


@blueprint.get("/surveys")
@needs(Permission.VIEW)
def overview() -> Response:
    """The company's surveys, and those that come along."""
    lines = survey_lines(current_session(), company_id=current_scope().company_id)
    own = {line.view.survey.key for line in lines}
    return page(
        "surveys/overview.html",
        lines=lines,
        shipped=[each for key, each in examples.surveys().items() if key not in own],
        language=str(get_locale()),
    )


@blueprint.post("/surveys/install")
@needs(Permission.WORKFLOWS)
def install() -> Response:
    """Take over a survey that comes along."""
    scope, session = current_scope(), current_session()
    try:
        view = install_survey(
            session, company_id=scope.company_id, key=request.form.get("key", ""), who=scope.user_name
        )
    except UnknownSurveyError:
        abort(HTTPStatus.NOT_FOUND)
    commit(session)
    flash(_("The survey is yours now: change it as you like."), "success")
    return go_to(url_for("surveys.edit", survey_id=view.id))


@blueprint.get("/surveys/new")
@needs(Permission.WORKFLOWS)
def new() -> Response:
    """An empty survey."""
    return _editor(drafts.new_draft(), None)


@blueprint.post("/surveys/new")
@needs(Permission.WORKFLOWS)
def create() -> Response:
    """Save a new survey, or go on editing it."""
    return _edited(drafts.read_draft(request.form, key=""), None)


@blueprint.get("/surveys/<int:survey_id>/edit")
@needs(Permission.WORKFLOWS)
def edit(survey_id: int) -> Response:
    """The editor."""
    view = _found(survey_id)
    return _editor(drafts.draft_of(view.survey), view)


@blueprint.post("/surveys/<int:survey_id>/edit")
@needs(Permission.WORKFLOWS)
def save(survey_id: int) -> Response:
    """Save the next version, or go on editing it."""
    view = _found(survey_id)
    return _edited(drafts.read_draft(request.form, key=view.survey.key), view)


@blueprint.get("/surveys/<int:survey_id>")
@needs(Permission.VIEW)
def result(survey_id: int) -> Response:
    """What came of it, in the period that is asked for."""
    view, days = _found(survey_id), request.args.get("days", type=int)
    days = days if days in _PERIODS else None
    answered = answers_to(current_session(), survey_id=view.id, since=_since(days))
    if exports.wanted():
        return exports.download(lambda: answers_sheet(view.survey, answered))
    given = [
        Given(on=_day(each.at), number=each.number, customer=each.customer, answers=each.answers)
        for each in answered
    ]
    return page(
        "surveys/results.html",
        view=view,
        survey=view.survey,
        results=results(view.survey, given),
        months=monthly(given),
        count=len(given),
        days=days,
        periods=_PERIODS,
        language=str(get_locale()),
        answer_words=answer_words,
        decimal=lambda value: format_decimal(round(float(value), 2), format="0.0#"),
    )


@blueprint.get("/customers/<customer:number>/surveys")
@needs(Permission.VIEW)
def of_customer(number: str) -> Response:
    """What a customer answered: a page, and to htmx the part of it that the customer's card shows."""
    card = find_customer(current_session(), company_id=current_scope().company_id, number=number)
    if card is None:
        abort(HTTPStatus.NOT_FOUND)
    answered = answers_of(current_session(), customer_id=card.id)
    return page(
        "surveys/customer.html",
        part="answers",
        card=card,
        answered=[(each, _lines(each)) for each in answered],
        language=str(get_locale()),
    )


def _found(survey_id: int) -> SurveyView:
    try:
        return find_survey(current_session(), company_id=current_scope().company_id, survey_id=survey_id)
    except UnknownSurveyError:
        abort(HTTPStatus.NOT_FOUND)


def _edited(draft: drafts.Draft, view: SurveyView | None) -> Response:
    action = request.form.get("do", "")
    if action != "save":
        drafts.apply(draft, action)
        return _editor(draft, view)
    if mistakes := drafts.mistakes(draft):
        return _editor(draft, view, problems=mistakes, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    scope, session = current_scope(), current_session()
    try:
        survey_id = save_survey(
            session,
            company_id=scope.company_id,
            survey=drafts.finished(draft),
            survey_id=view.id if view else None,
            seen=request.form.get("seen", type=int) if view else None,
            who=scope.user_name,
        )
    except (SurveyChangedError, SurveyKeyTakenError, SurveyProblemsError) as error:
        session.rollback()
        problems = error.problems if isinstance(error, SurveyProblemsError) else [said(error)]
        return _editor(draft, view, problems=problems, status=HTTPStatus.CONFLICT)
    commit(session)
    flash(_("Saved. From now on the survey is asked like this."), "success")
    return go_to(url_for("surveys.edit", survey_id=survey_id))


def _editor(
    draft: drafts.Draft, view: SurveyView | None, *, problems: list[str] | None = None, status: int = 200
) -> Response:
    wanted = request.values.get("look", str(get_locale()).partition("_")[0])
    look = wanted if wanted in draft["languages"] else draft["languages"][0]
    return page(
        "surveys/editor.html",
        draft=draft,
        view=view,
        seen=request.form.get("seen", view.number if view else ""),
        problems=problems or [],
        preview=drafts.shown(draft),
        look=look,
        asks=_kinds(),
        spoken=[(each, own_name(each)) for each in languages()],
        language=str(get_locale()),
        status=status,
    )


def _kinds() -> list[tuple[str, str]]:
    return [
        (Asks.SCALE.value, _("a number on a scale")),
        (Asks.CHOICE.value, _("one of several answers")),
        (Asks.CHOICES.value, _("any of several answers")),
        (Asks.TEXT.value, _("in own words")),
    ]


def _lines(answered: Answered) -> object:
    return answer_lines(answered.survey, answered.answers, language=str(get_locale()))


def _since(days: int | None) -> datetime | None:
    if days is None:
        return None
    return datetime.combine(current_scope().today - timedelta(days=days), time(), get_timezone())


def _day(instant: datetime) -> date:
    return instant.astimezone(get_timezone()).date()
