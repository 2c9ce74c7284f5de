"""A level that is being edited: its forms, and what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from arfollow.access import current_scope
from arfollow.database import current_session
from arfollow.levels.drafts import LevelDraft
from arfollow.levels.forms import LevelForm, WordingForm, wording_forms
from arfollow.levels.queries import LevelView, PlanView
from arfollow.levels.queries.plans import terms_of_level
from arfollow.levels.rules.steps import LevelTerms
from arfollow.users.queries import members
from arfollow.web.locale import languages

_NEW = 0


@dataclass(frozen=True, slots=True)
class Editor:
    """A level that is being edited (None: a new one), its plan, and its forms."""

    plan: PlanView
    level: LevelView | None
    form: LevelForm
    words: Mapping[str, WordingForm]

    @property
    def is_outdated(self) -> bool:
        """Whether the level is not any more what the form showed."""
        return self.form.seen.data != _seen(self.level)


def editor_of(plan: PlanView, found: LevelView | None) -> Editor:
    """The forms of a level of the plan, None: a new one, with what was posted."""
    others = [level for level in plan.levels if found is None or level.id != found.id]
    draft = found.draft if found else _next(plan)
    position = found.position if found else len(others) + 1
    form = LevelForm.of(
        draft,
        position=position,
        names=[level.draft.name for level in others],
        people=_people(found),
        seen=_seen(found),
    )
    return Editor(plan, found, form, wording_forms(draft.wordings, languages=languages()))


def _seen(found: LevelView | None) -> str:
    """The level in short: a form from before a colleague's change is found out by it."""
    if found is None:
        return ""
    return hashlib.sha256(repr((found.draft, found.position)).encode()).hexdigest()[:16]


def _people(found: LevelView | None) -> list[tuple[int, str]]:
    """Who works here, and whoever was chosen before."""
    chosen = found.draft.responsible_id if found else None
    return [
        (each.user_id, each.name)
        for each in members(current_session(), company_id=current_scope().company_id)
        if each.active or each.user_id == chosen
    ]


def _next(plan: PlanView) -> LevelDraft:
    """What a new level of the plan starts from."""
    days = plan.levels[-1].draft.days + 15 if plan.levels else 15
    return LevelDraft(name="", days=days, deadline_days=10)


def entered(editor: Editor) -> LevelDraft | None:
    """The level as posted; None when something is wrong, which the forms then say."""
    present = editor.level.draft.wordings if editor.level else {}
    # Without any words there would be nothing to send; so the first language asks for its own when all are blank.
    all_blank = all(form.is_blank for form in editor.words.values())
    checked = [
        form.check(required=language in present or (all_blank and language == languages()[0]))
        for language, form in editor.words.items()
    ]
    if not editor.form.validate() or not all(checked):
        return None
    return editor.form.draft(
        {language: form.entered for language, form in editor.words.items() if not form.is_blank}
    )


def levels_after(editor: Editor, draft: LevelDraft) -> list[LevelTerms]:
    """The plan's levels once this one is saved, as the rules see them; a new one has the id 0."""
    own = editor.level.id if editor.level else _NEW
    levels = [level.terms for level in editor.plan.levels if level.id != own]
    if editor.level is None or editor.level.retired_on is None:
        levels.insert(editor.form.position.data - 1, terms_of_level(draft, level_id=own))
    return levels
