"""Pages of levels and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels import operations
from arfollow.levels.drafts import LevelDraft, PlanError, order_warnings
from arfollow.levels.forms import LevelForm, WordingForm, language_name, wording_forms
from arfollow.levels.queries import Effect, LevelView, PlanView
from arfollow.levels.queries.plans import terms_of_level
from arfollow.levels.rules.steps import LevelTerms
from arfollow.levels.views.blueprint import blueprint, effect_of, level_or_404, plan_or_404, saved
from arfollow.levels.wording import FILTERS, VARIABLES
from arfollow.web.htmx import page
from arfollow.web.locale import letter_languages

_NEW = 0


@dataclass(frozen=True, slots=True)
class _Editor:
    """A level that is being edited (None: a new one), its plan, and its forms."""

    plan: PlanView
    level: LevelView | None
    form: LevelForm
    words: Mapping[str, WordingForm]


@blueprint.get("/levels/plans/<int:plan_id>/levels/new")
@needs(Permission.CONFIGURE)
def new_level(plan_id: int) -> Response:
    """An empty level at the end of the plan."""
    return _page(_editor(plan_or_404(plan_id), None))


@blueprint.post("/levels/plans/<int:plan_id>/levels/new")
@needs(Permission.CONFIGURE)
def create_level(plan_id: int) -> Response:
    """Add a level, after showing what that lets fall due."""
    return _save(_editor(plan_or_404(plan_id), None))


@blueprint.get("/levels/<int:level_id>")
@needs(Permission.VIEW)
def level(level_id: int) -> Response:
    """A level with its words."""
    found = level_or_404(level_id)
    return _page(_editor(plan_or_404(found.plan_id), found))


@blueprint.post("/levels/<int:level_id>")
@needs(Permission.CONFIGURE)
def change_level(level_id: int) -> Response:
    """Save a level and its words, after showing whom that moves."""
    found = level_or_404(level_id)
    return _save(_editor(plan_or_404(found.plan_id), found))


def _editor(plan: PlanView, found: LevelView | None) -> _Editor:
    others = [level for level in plan.levels if found is None or level.id != found.id]
    draft = found.draft if found else _next(plan)
    position = found.position if found else len(others) + 1
    form = LevelForm.of(draft, position=position, names=[level.draft.name for level in others])
    return _Editor(plan, found, form, wording_forms(draft.wordings, languages=letter_languages()))


def _next(plan: PlanView) -> LevelDraft:
    """What a new level of the plan starts from."""
    days = plan.levels[-1].draft.days + 15 if plan.levels else 15
    return LevelDraft(name="", days=days, deadline_days=10)


def _save(editor: _Editor) -> Response:
    draft = _entered(editor)
    if draft is None:
        return _page(editor, wrong=True)
    effect = effect_of(editor.plan, editor.plan.draft, _levels_after(editor, draft))
    notes = _notes(editor, draft)
    if (notes or not effect.nothing) and not editor.form.confirmed.data:
        return _page(editor, effect=effect, notes=notes)
    try:
        level_id = _write(editor, draft)
    except PlanError as error:
        return _page(editor, error=error)
    return saved(_("Saved."), "levels.level", level_id=level_id)


def _entered(editor: _Editor) -> LevelDraft | None:
    """The level as posted; None when something is wrong, which the forms then say."""
    present = editor.level.draft.wordings if editor.level else {}
    # Without any words there would be nothing to send; so the first language asks for its own when all are blank.
    all_blank = all(form.is_blank for form in editor.words.values())
    checked = [
        form.check(required=language in present or (all_blank and language == letter_languages()[0]))
        for language, form in editor.words.items()
    ]
    if not editor.form.validate() or not all(checked):
        return None
    return editor.form.draft(
        {language: form.entered for language, form in editor.words.items() if not form.is_blank}
    )


def _levels_after(editor: _Editor, draft: LevelDraft) -> list[LevelTerms]:
    own = editor.level.id if editor.level else _NEW
    levels = [level.terms for level in editor.plan.levels if level.id != own]
    if editor.level is None or editor.level.retired_on is None:
        levels.insert(editor.form.position.data - 1, terms_of_level(draft, level_id=own))
    return levels


def _notes(editor: _Editor, draft: LevelDraft) -> list[str]:
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


def _write(editor: _Editor, draft: LevelDraft) -> int:
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
    editor: _Editor,
    *,
    error: PlanError | None = None,
    effect: Effect | None = None,
    notes: Sequence[str] = (),
    wrong: bool = False,
) -> Response:
    return page(
        "levels/level.html",
        plan=editor.plan,
        level=editor.level,
        form=editor.form,
        words=editor.words,
        language_name=language_name,
        variables=VARIABLES,
        filters=list(FILTERS),
        problem=None if error is None else str(error),
        wrong=wrong,
        effect=effect,
        notes=notes,
        status=422 if wrong or error is not None else 200,
    )
