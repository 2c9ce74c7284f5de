"""The fourth step: which plan customers follow."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import current_session
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import PlanError
from arfollow.setup import operations
from arfollow.setup.plans import PlanChoice, plan_choices, what_each_would_do
from arfollow.setup.rules import Step
from arfollow.setup.views.blueprint import blueprint, on_from, saved, step_page
from arfollow.web.refusals import said


@blueprint.get("/setup/plan")
@needs(Permission.ADMINISTER)
def plan() -> Response:
    """Plans to choose from, and what each would do tomorrow."""
    return _page()


@blueprint.post("/setup/plan")
@needs(Permission.ADMINISTER)
def choose_plan() -> Response:
    """Make the chosen plan the default, or keep the one that is."""
    chosen, scope = _choices().get(request.form.get("plan", "")), current_scope()
    if chosen is None:
        abort(404)
    try:
        operations.choose_plan(
            current_session(), company_id=scope.company_id, choice=chosen, who=scope.user_name
        )
    except PlanError as error:
        return _page(problem=said(error))
    return saved(_("Customers follow “%(name)s” now.", name=chosen.whole.plan.name), on_from(Step.PLAN))


def _choices() -> Mapping[str, PlanChoice]:
    company = find_company(current_session(), company_id=current_scope().company_id)
    return plan_choices(current_session(), company_id=company.id, language=company.language)


def _page(*, problem: str = "") -> Response:
    choices, scope = _choices(), current_scope()
    would_do = what_each_would_do(
        current_session(), company_id=scope.company_id, choices=choices, today=scope.today
    )
    return step_page(
        "setup/plan.html",
        Step.PLAN,
        choices=choices,
        forecasts=would_do,
        known=ACTIONS,
        problem=problem,
        status=422 if problem else 200,
    )
