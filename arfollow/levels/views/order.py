"""Putting a plan's levels in another order: tried out on the page, saved after its effect was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.levels import operations
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import FirstLevelError, PlanError, order_warnings
from arfollow.levels.ordering import Keeps, moved, ordered
from arfollow.levels.queries import LevelView, PlanView
from arfollow.levels.rules.steps import LevelTerms, Timing
from arfollow.levels.timeline import timeline
from arfollow.levels.views.blueprint import blueprint, effect_of, plan_or_404
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An order that is tried out: the levels in it, with the days that they would have; `said`: what the last click did."""

    plan: PlanView
    levels: tuple[LevelView, ...]
    keeps: Keeps
    said: str = ""

    @property
    def order(self) -> list[int]:
        """The levels' ids."""
        return [level.id for level in self.levels]

    @property
    def is_other(self) -> bool:
        """Whether this is not how it is."""
        return self.order != [level.id for level in self.plan.levels]

    @property
    def terms(self) -> Sequence[LevelTerms]:
        """The levels as the rules would see them."""
        return [level.terms for level in self.levels]


@blueprint.get("/levels/plans/<int:plan_id>/order")
@needs(Permission.CONFIGURE)
def order(plan_id: int) -> Response:
    """The levels as they stand, to be moved."""
    plan = plan_or_404(plan_id)
    return _page(Tried(plan=plan, levels=plan.levels, keeps=Keeps.PLACES))


@blueprint.post("/levels/plans/<int:plan_id>/order")
@needs(Permission.CONFIGURE)
def change_order(plan_id: int) -> Response:
    """Move a level, and show what that does; saved when that was confirmed."""
    tried = tried_order(plan_or_404(plan_id))
    if tried is None:
        plan = plan_or_404(plan_id)
        unchanged = Tried(plan=plan, levels=plan.levels, keeps=Keeps.PLACES)
        return _page(unchanged, error=operations.OutdatedOrderError())
    if not request.form.get("confirmed"):
        return _page(tried)
    scope, session = current_scope(), current_session()
    try:
        operations.reorder_levels(
            session,
            company_id=scope.company_id,
            plan_id=plan_id,
            order=tried.order,
            keeps=tried.keeps,
            who=scope.user_name,
        )
    except PlanError as error:
        return _page(tried, error=error)
    commit(session)
    flash(_("The levels are in the new order."), "success")
    return go_to(url_for("levels.overview"))


def tried_order(plan: PlanView) -> Tried | None:
    """The order that was posted, with the click's move; None when the plan has other levels by now."""
    present = {level.id: level for level in plan.levels}
    ids = request.form.getlist("order", type=whole)
    if sorted(ids) != sorted(present):
        return None
    keeps = Keeps.LEVELS if request.form.get("keeps") == Keeps.LEVELS else Keeps.PLACES
    level_id, _colon, by = request.form.get("move", "").partition(":")
    chosen = next((id_ for id_ in ids if str(id_) == level_id), None)
    if chosen is not None:
        ids = moved(ids, chosen, -1 if by.startswith("-") else 1)
    drafts = dict(ordered({level.id: level.draft for level in plan.levels}, ids, keeps=keeps))
    levels = tuple(replace(present[id_], draft=draft) for id_, draft in drafts.items())
    return Tried(plan=plan, levels=levels, keeps=keeps, said=_said(levels, chosen))


def _said(levels: Sequence[LevelView], level_id: int | None) -> str:
    """Where the level that was moved stands now, for those who do not see it."""
    for at, level in enumerate(levels, start=1):
        if level.id == level_id:
            return str(
                _(
                    "“%(name)s” is number %(place)s of %(count)s now. It is not saved yet.",
                    name=level.draft.name,
                    place=at,
                    count=len(levels),
                )
            )
    return ""


def _page(tried: Tried, *, error: PlanError | None = None) -> Response:
    drafts = [level.draft for level in tried.levels]
    first = drafts[0] if drafts else None
    if error is None and first is not None and first.timing is Timing.AFTER_PREVIOUS:
        error = FirstLevelError(first.name)
    return page(
        "levels/order.html",
        part="order",
        plan=tried.plan,
        tried=tried,
        shape=timeline(drafts),
        known=ACTIONS,
        effect=effect_of(tried.plan, tried.plan.draft, tried.terms) if tried.is_other else None,
        notes=list(order_warnings(drafts)),
        problem=None if error is None else said(error),
        Keeps=Keeps,
        # The last click's words are read aloud; a refusal is no failure of the page.
        status=200,
    )
