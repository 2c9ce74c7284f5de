"""A survey, and thanks for it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.portal import acting
from arfollow.portal.blueprint import blueprint
from arfollow.portal.showing import show, tabs
from arfollow.portal.visiting import Visit, refuse, visit
from arfollow.receivables.rules.links import Page
from arfollow.web.input import whole
from arfollow.workflows.rules.surveys import read_answers
from arfollow.workflows.surveys.queries import SurveyView, UnknownSurveyError, is_answered, survey_by_key


@blueprint.get("/my/<int:link_id>/survey")
@needs(Permission.PUBLIC)
def survey(link_id: int) -> Response:
    """The questions; thanks for somebody who has answered them."""
    here = visit(link_id, Page.SURVEY)
    return _page(here, _asked(here), done=is_answered(current_session(), link_id=here.link.id))


@blueprint.post("/my/<int:link_id>/survey")
@needs(Permission.PUBLIC)
def answer(link_id: int) -> Response:
    """Keep the answers, or say at each question what is missing."""
    here, session = visit(link_id, Page.SURVEY), current_session()
    view = _asked(here, number=request.form.get("version", type=whole))
    given = {question.key: request.form.getlist(question.key) for question in view.survey.questions}
    answers, wrong = read_answers(view.survey, given)
    if wrong:
        return _page(here, view, given=given, wrong=wrong, status=422)
    acting.answer(session, here, view=view, answers=answers)
    commit(session)
    return redirect(url_for("portal.survey", link_id=link_id), 303)


def _asked(here: Visit, *, number: int | None = None) -> SurveyView:
    """The survey as it is asked now, or as the page showed it when it was opened."""
    try:
        return survey_by_key(
            current_session(),
            company_id=here.link.company_id,
            key=here.link.about.get("survey", ""),
            number=number,
        )
    except UnknownSurveyError:
        refuse(here.link)


def _page(
    here: Visit,
    view: SurveyView,
    *,
    given: Mapping[str, list[str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    done: bool = False,
    status: int = 200,
) -> Response:
    words = {
        "missing": _("Please answer this question."),
        "not_offered": _("Please choose one of the answers."),
    }
    return show(
        "portal/survey.html",
        here,
        tabs=tabs(here, Page.SURVEY),
        view=view,
        survey=view.survey,
        language=str(get_locale()),
        given=given or {},
        wrong={key: words[problem] for key, problem in (wrong or {}).items()},
        done=done,
        status=status,
    )
