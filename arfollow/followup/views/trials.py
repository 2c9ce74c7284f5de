"""What a plan would do in the next sixty days: asked for from the plan's own pages, shown as it is and as it would be."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, make_response, render_template, url_for
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.trials.operations import ask_for_trial
from arfollow.followup.trials.queries import count_customers, find_trial
from arfollow.followup.views.blueprint import blueprint
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import PlanDraft
from arfollow.levels.forms import PlanForm
from arfollow.levels.queries import PlanView
from arfollow.levels.queries.plans import terms_of
from arfollow.levels.rules.steps import LevelTerms
from arfollow.levels.views.blueprint import level_or_404, plan_or_404
from arfollow.levels.views.editor import Editor, editor_of, entered, levels_after
from arfollow.levels.views.order import tried_order
from arfollow.web.htmx import go_to, page

_LOOK_AGAIN = 1


@blueprint.post("/levels/plans/<int:plan_id>/trials")
@needs(Permission.CONFIGURE)
def try_plan(plan_id: int) -> Response:
    """The plan as it is."""
    plan = plan_or_404(plan_id)
    return _ask(plan, plan.draft, [level.terms for level in plan.levels])


@blueprint.post("/levels/plans/<int:plan_id>/settings/trials")
@needs(Permission.CONFIGURE)
def try_settings(plan_id: int) -> Response:
    """The plan with the settings of the form."""
    plan = plan_or_404(plan_id)
    form = PlanForm.of(plan.draft)
    if not form.validate():
        return _refuse()
    return _ask(plan, form.draft(), [level.terms for level in plan.levels])


@blueprint.post("/levels/plans/<int:plan_id>/order/trials")
@needs(Permission.CONFIGURE)
def try_order(plan_id: int) -> Response:
    """The plan with its levels in the order of the form."""
    plan = plan_or_404(plan_id)
    tried = tried_order(plan)
    return _refuse() if tried is None else _ask(plan, plan.draft, tried.terms)


@blueprint.post("/levels/plans/<int:plan_id>/levels/trials")
@needs(Permission.CONFIGURE)
def try_new_level(plan_id: int) -> Response:
    """The plan with one level more."""
    return _ask_with(editor_of(plan_or_404(plan_id), None))


@blueprint.post("/levels/<int:level_id>/trials")
@needs(Permission.CONFIGURE)
def try_level(level_id: int) -> Response:
    """The plan with the level as it stands in the form."""
    found = level_or_404(level_id)
    return _ask_with(editor_of(plan_or_404(found.plan_id), found))


@blueprint.get("/levels/trials/<int:trial_id>")
@needs(Permission.VIEW)
def trial(trial_id: int) -> Response:
    """How far a trial has come, and what it came to."""
    found = find_trial(current_session(), company_id=current_scope().company_id, trial_id=trial_id)
    if found is None:
        abort(404)
    pause = None if found.finished_at else _LOOK_AGAIN
    return page("trials/trial.html", part="outcome", trial=found, pause=pause, known=ACTIONS)


def _ask_with(editor: Editor) -> Response:
    draft = entered(editor)
    if draft is None:
        return _refuse()
    return _ask(editor.plan, editor.plan.draft, levels_after(editor, draft))


def _ask(plan: PlanView, draft: PlanDraft, levels: Sequence[LevelTerms]) -> Response:
    scope, session = current_scope(), current_session()
    trial_id = ask_for_trial(
        session,
        company_id=scope.company_id,
        user_id=scope.user_id,
        before=plan.terms,
        after=terms_of(draft, plan_id=plan.id, levels=levels),
        customers=count_customers(session, company_id=scope.company_id, plan_id=plan.id, day=scope.today),
        day=scope.today,
    )
    commit(session)
    return go_to(url_for("followup.trial", trial_id=trial_id))


def _refuse() -> Response:
    return make_response(render_template("trials/refused.html"), 422)
