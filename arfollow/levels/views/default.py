"""Making a plan the company's default."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations
from arfollow.levels.drafts import PlanError
from arfollow.levels.queries import PlanView, effect_of_default
from arfollow.levels.views.blueprint import blueprint, plan_or_404, saved
from arfollow.web.htmx import page
from arfollow.web.refusals import said


@blueprint.get("/levels/plans/<int:plan_id>/default")
@needs(Permission.CONFIGURE)
def ask_for_default(plan_id: int) -> Response:
    """What becomes of the customers without a plan of their own."""
    return _page(plan_or_404(plan_id))


@blueprint.post("/levels/plans/<int:plan_id>/default")
@needs(Permission.CONFIGURE)
def make_default(plan_id: int) -> Response:
    """Let all customers without a plan of their own follow this one."""
    found, scope = plan_or_404(plan_id), current_scope()
    try:
        operations.make_default(
            current_session(), company_id=scope.company_id, plan_id=plan_id, who=scope.user_name
        )
    except PlanError as error:
        return _page(found, error)
    return saved(_("This is the default plan now."), "levels.overview")


def _page(found: PlanView, error: PlanError | None = None) -> Response:
    scope = current_scope()
    return page(
        "levels/default.html",
        plan=found,
        effect=effect_of_default(
            current_session(), company_id=scope.company_id, plan_id=found.id, today=scope.today
        ),
        problem=None if error is None else said(error),
        status=200 if error is None else 422,
    )
