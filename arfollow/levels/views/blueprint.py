"""What the pages of plans and levels share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from arfollow.access import current_scope
from arfollow.database import commit, current_session
from arfollow.levels import queries
from arfollow.levels.drafts import PlanDraft
from arfollow.levels.queries import Effect, LevelView, PlanView
from arfollow.levels.queries.plans import terms_of
from arfollow.levels.rules.steps import LevelTerms

blueprint = Blueprint("levels", __name__)


def plan_or_404(plan_id: int) -> PlanView:
    """The company's plan of that id."""
    found = queries.find_plan(current_session(), company_id=current_scope().company_id, plan_id=plan_id)
    return found if found is not None else abort(404)


def level_or_404(level_id: int) -> LevelView:
    """The company's level of that id."""
    found = queries.find_level(current_session(), company_id=current_scope().company_id, level_id=level_id)
    return found if found is not None else abort(404)


def effect_of(plan: PlanView, draft: PlanDraft, levels: Sequence[LevelTerms]) -> Effect:
    """What becomes of the plan's customers when it is this instead."""
    scope = current_scope()
    return queries.effect_of_change(
        current_session(),
        company_id=scope.company_id,
        before=plan.terms,
        after=terms_of(draft, plan_id=plan.id, levels=levels),
        today=scope.today,
    )


def saved(words: str, endpoint: str, **values: Any) -> Response:
    """Commit, say so, and go on to that page."""
    commit(current_session())
    flash(words, "success")
    return redirect(url_for(endpoint, **values), 303)
