"""The words of a step while somebody writes them: what they may use, and how a customer would read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.levels.wording import WordingError, paragraphs
from arfollow.web.htmx import page
from arfollow.web.refusals import said
from arfollow.workflows.file import from_data
from arfollow.workflows.queries.sample import sample_values
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.variables import VARIABLES, render, text_problems
from arfollow.workflows.views.blueprint import blueprint, newest_or_404

_LONGEST_SMS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The words as they would be read. `kind`: of the step; `problems`: what is wrong with them."""

    kind: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    characters: int
    messages: int
    problems: tuple[str, ...]


def words_context(definition: Definition) -> Mapping[str, Any]:
    """What the form of words offers to put in, each with what it stands for."""
    values = {f"value.{name}": text for name, text in definition.values.items()}
    return {"variables": {**values, **VARIABLES}}


@blueprint.post("/workflows/<int:workflow_id>/preview")
@needs(Permission.WORKFLOWS)
def preview(workflow_id: int) -> Response:
    """The words that were typed, as a made-up customer would read them."""
    definition = from_data(newest_or_404(workflow_id).definition)
    language = request.form.get("words-language", "en")
    parts = {
        part: request.form.get(f"s.words.{language}.{part}", "").replace("\r\n", "\n")[:8_000]
        for part in ("subject", "title", "text")
    }
    return page("workflows/_preview.html", shown=_shown(definition, language, parts))


def _shown(definition: Definition, language: str, parts: Mapping[str, str]) -> Shown:
    values = sample_values(
        current_session(),
        company_id=current_scope().company_id,
        language=language,
        today=current_scope().today,
        definition=definition,
    )
    problems = [
        said(problem)
        for part, text in parts.items()
        for problem in text_problems(text, definition, one_line=part != "text")
    ]
    rendered = {part: _rendered(text, values) for part, text in parts.items()}
    text = rendered["text"]
    return Shown(
        kind=request.form.get("kind", Kind.EMAIL.value),
        language=language,
        title=rendered["subject"] or rendered["title"],
        paragraphs=paragraphs(text),
        characters=len(text),
        messages=max(1, -(-len(text) // _LONGEST_SMS)),
        problems=tuple(problems),
    )


def _rendered(text: str, values: Mapping[str, str | int]) -> str:
    try:
        return render(text, values)
    except WordingError:
        return str(_("(cannot be shown as long as it has a mistake)"))
