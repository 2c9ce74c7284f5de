"""Taking a level out of its plan."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations
from arfollow.levels.drafts import PlanError
from arfollow.levels.queries import LevelView
from arfollow.levels.views.blueprint import blueprint, effect_of, level_or_404, plan_or_404, saved
from arfollow.web.htmx import page
from arfollow.web.refusals import said


@blueprint.get("/levels/<int:level_id>/retire")
@needs(Permission.CONFIGURE)
def ask_to_retire(level_id: int) -> Response:
    """What becomes of the level's customers without it."""
    return _page(level_or_404(level_id))


@blueprint.post("/levels/<int:level_id>/retire")
@needs(Permission.CONFIGURE)
def retire_level(level_id: int) -> Response:
    """Delete a level that was never used, or retire it."""
    found = level_or_404(level_id)
    try:
        done = _take_away(level_id)
    except PlanError as error:
        return _page(found, error)
    return saved(done, "levels.overview")


def _take_away(level_id: int) -> str:
    scope, session = current_scope(), current_session()
    try:
        operations.delete_level(session, company_id=scope.company_id, level_id=level_id, who=scope.user_name)
    except operations.LevelUsedError:
        operations.retire_level(
            session, company_id=scope.company_id, level_id=level_id, today=scope.today, who=scope.user_name
        )
        return str(_("The level is retired. Its history stays."))
    return str(_("The level was deleted: it had never been used."))


def _page(found: LevelView, error: PlanError | None = None) -> Response:
    plan = plan_or_404(found.plan_id)
    rest = [level.terms for level in plan.levels if level.id != found.id]
    return page(
        "levels/retire.html",
        plan=plan,
        level=found,
        effect=effect_of(plan, plan.draft, rest),
        problem=None if error is None else said(error),
        status=200 if error is None else 422,
    )
