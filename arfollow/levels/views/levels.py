"""Pages of levels and their words."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations
from arfollow.levels.drafts import LevelDraft, OutdatedLevelError, PlanError, order_warnings
from arfollow.levels.forms import language_name
from arfollow.levels.operations.rows import level_of_company
from arfollow.levels.queries import Effect
from arfollow.levels.queries.files import files_of
from arfollow.levels.queries.responsible import managers
from arfollow.levels.views.blueprint import blueprint, effect_of, level_or_404, plan_or_404, saved
from arfollow.levels.views.editor import Editor, editor_of, entered, levels_after
from arfollow.levels.wording import FILTERS, VARIABLES
from arfollow.web.htmx import page
from arfollow.web.refusals import said


@blueprint.get("/levels/plans/<int:plan_id>/levels/new")
@needs(Permission.CONFIGURE)
def new_level(plan_id: int) -> Response:
    """An empty level at the end of the plan."""
    return _page(editor_of(plan_or_404(plan_id), None))


@blueprint.post("/levels/plans/<int:plan_id>/levels/new")
@needs(Permission.CONFIGURE)
def create_level(plan_id: int) -> Response:
    """Add a level, after showing what that lets fall due."""
    return _save(editor_of(plan_or_404(plan_id), None))


@blueprint.get("/levels/<int:level_id>")
@needs(Permission.VIEW)
def level(level_id: int) -> Response:
    """A level with its words."""
    found = level_or_404(level_id)
    return _page(editor_of(plan_or_404(found.plan_id), found))


@blueprint.post("/levels/<int:level_id>")
@needs(Permission.CONFIGURE)
def change_level(level_id: int) -> Response:
    """Save a level and its words, after showing whom that moves."""
    _hold(level_id)
    found = level_or_404(level_id)
    return _save(editor_of(plan_or_404(found.plan_id), found))


def _hold(level_id: int) -> None:
    """Nobody else changes the level between our look at it and the saving."""
    try:
        level_of_company(current_session(), current_scope().company_id, level_id)
    except operations.UnknownLevelError:
        abort(404)


def _save(editor: Editor) -> Response:
    if editor.is_outdated:
        return _page(editor, error=OutdatedLevelError())
    draft = entered(editor)
    if draft is None:
        return _page(editor, wrong=True)
    effect = effect_of(editor.plan, editor.plan.draft, levels_after(editor, draft))
    notes = _notes(editor, draft)
    if (notes or not effect.nothing) and not editor.form.confirmed.data:
        return _page(editor, effect=effect, notes=notes)
    try:
        level_id = _write(editor, draft)
    except PlanError as error:
        return _page(editor, error=error)
    return saved(_("Saved."), "levels.level", level_id=level_id)


def _notes(editor: Editor, draft: LevelDraft) -> list[str]:
    """What the change would bring out of order that is in order now."""
    if editor.level is not None and editor.level.retired_on is not None:
        return []
    present = [level.draft for level in editor.plan.levels]
    levels = [
        level.draft for level in editor.plan.levels if editor.level is None or level.id != editor.level.id
    ]
    levels.insert(editor.form.position.data - 1, draft)
    known = set(order_warnings(present))
    return [note for note in order_warnings(levels) if note not in known]


def _write(editor: Editor, draft: LevelDraft) -> int:
    scope, session, position = current_scope(), current_session(), editor.form.position.data
    if editor.level is None:
        return operations.add_level(
            session,
            company_id=scope.company_id,
            plan_id=editor.plan.id,
            draft=draft,
            position=position,
            who=scope.user_name,
        )
    operations.change_level(
        session,
        company_id=scope.company_id,
        level_id=editor.level.id,
        draft=draft,
        position=position,
        who=scope.user_name,
    )
    return editor.level.id


def _page(
    editor: Editor,
    *,
    error: PlanError | None = None,
    effect: Effect | None = None,
    notes: Sequence[str] = (),
    wrong: bool = False,
) -> Response:
    scope, session = current_scope(), current_session()
    level = editor.level
    return page(
        "levels/level.html",
        plan=editor.plan,
        level=level,
        files=files_of(session, company_id=scope.company_id, level_id=level.id) if level else (),
        managers=managers(session, company_id=scope.company_id),
        form=editor.form,
        words=editor.words,
        language_name=language_name,
        variables={name: _(meaning) for name, meaning in VARIABLES.items()},
        filters=list(FILTERS),
        problem=None if error is None else said(error),
        wrong=wrong,
        effect=effect,
        notes=notes,
        status=422 if wrong or error is not None else 200,
    )
