"""Pages of plans."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations, queries
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import OutdatedPlanError, PlanDraft, PlanError, warnings
from arfollow.levels.forms import PlanForm
from arfollow.levels.operations.plans import held_plan
from arfollow.levels.queries import Effect, PlanView
from arfollow.levels.timeline import timeline
from arfollow.levels.views.blueprint import blueprint, effect_of, plan_or_404, saved
from arfollow.web.htmx import page
from arfollow.web.refusals import said


@blueprint.get("/levels")
@needs(Permission.VIEW)
def overview() -> Response:
    """All plans, each with its levels along the days."""
    plans = queries.plans(current_session(), company_id=current_scope().company_id)
    notes = {plan.id: list(warnings(plan.draft, [level.draft for level in plan.levels])) for plan in plans}
    shapes = {plan.id: timeline([level.draft for level in plan.levels]) for plan in plans}
    return page("levels/overview.html", plans=plans, notes=notes, shapes=shapes, known=ACTIONS)


@blueprint.get("/levels/plans/new")
@needs(Permission.CONFIGURE)
def new_plan() -> Response:
    """An empty plan."""
    return _page(None, PlanForm.of(PlanDraft(name="", contact_gap_days=14, review_after_days=14)))


@blueprint.post("/levels/plans/new")
@needs(Permission.CONFIGURE)
def create_plan() -> Response:
    """Add a plan."""
    form, scope = PlanForm.of(PlanDraft(name="")), current_scope()
    if not form.validate():
        return _page(None, form)
    try:
        plan_id = operations.create_plan(
            current_session(), company_id=scope.company_id, draft=form.draft(), who=scope.user_name
        )
    except PlanError as error:
        return _page(None, form, error=error)
    return saved(_("The plan was created. Now add its levels."), "levels.new_level", plan_id=plan_id)


@blueprint.get("/levels/plans/<int:plan_id>")
@needs(Permission.VIEW)
def plan(plan_id: int) -> Response:
    """A plan's settings."""
    found = plan_or_404(plan_id)
    return _page(found, PlanForm.of(found.draft))


@blueprint.post("/levels/plans/<int:plan_id>")
@needs(Permission.CONFIGURE)
def change_plan(plan_id: int) -> Response:
    """Save a plan's settings, after showing whom that moves."""
    _hold(plan_id)
    found, scope = plan_or_404(plan_id), current_scope()
    form = PlanForm.of(found.draft)
    if form.is_outdated(found.draft):
        return _page(found, form, error=OutdatedPlanError())
    if not form.validate():
        return _page(found, form)
    draft = form.draft()
    effect = effect_of(found, draft, [level.terms for level in found.levels])
    if not effect.nothing and not form.confirmed.data:
        return _page(found, form, effect=effect)
    try:
        operations.change_plan(
            current_session(), company_id=scope.company_id, plan_id=plan_id, draft=draft, who=scope.user_name
        )
    except PlanError as error:
        return _page(found, form, error=error)
    return saved(_("Saved."), "levels.overview")


def _hold(plan_id: int) -> None:
    """Nobody else changes the plan between our look at it and the saving."""
    try:
        held_plan(current_session(), company_id=current_scope().company_id, plan_id=plan_id)
    except operations.UnknownPlanError:
        abort(404)


@blueprint.post("/levels/plans/<int:plan_id>/retire")
@needs(Permission.CONFIGURE)
def retire_plan(plan_id: int) -> Response:
    """Delete a plan that was never used, or retire it."""
    found = plan_or_404(plan_id)
    try:
        _take_away(plan_id)
    except PlanError as error:
        return _page(found, PlanForm.of(found.draft), error=error)
    return saved(_("The plan can no longer be chosen."), "levels.overview")


def _take_away(plan_id: int) -> None:
    scope, session = current_scope(), current_session()
    try:
        operations.delete_plan(session, company_id=scope.company_id, plan_id=plan_id, who=scope.user_name)
    except operations.PlanInUseError:
        operations.retire_plan(
            session, company_id=scope.company_id, plan_id=plan_id, today=scope.today, who=scope.user_name
        )


def _page(
    found: PlanView | None, form: PlanForm, *, error: PlanError | None = None, effect: Effect | None = None
) -> Response:
    if found is None and not current_scope().may(Permission.CONFIGURE):
        abort(403)
    wrong = bool(form.errors) or error is not None
    return page(
        "levels/plan.html",
        plan=found,
        form=form,
        problem=None if error is None else said(error),
        effect=effect,
        status=422 if wrong else 200,
    )
