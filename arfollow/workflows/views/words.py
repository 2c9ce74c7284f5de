"""The words of a step while somebody writes them: what they may use, and how a customer would read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import current_session
from arfollow.levels.wording import Value, WordingError, paragraphs
from arfollow.receivables.queries.customers import CustomerHit
from arfollow.statements.preview import customer_called
from arfollow.web.htmx import page
from arfollow.web.refusals import said
from arfollow.workflows.file import from_data
from arfollow.workflows.messages.rendering import values_for
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.samples import Scene, nobody, sample_values
from arfollow.workflows.variables import VARIABLES, render, text_problems, variables_of
from arfollow.workflows.views.blueprint import blueprint, newest_or_404
from arfollow.workflows.views.dry_run_subject import keys_of

_LONGEST_SMS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The words as they would be read. `kind`: of the step; `problems`: what is wrong with them.

    `customer`: by whom, None: somebody made up; `missing`: nobody is called as was typed.
    """

    kind: Kind
    language: str
    customer: CustomerHit | None
    missing: bool
    title: str
    paragraphs: tuple[str, ...]
    characters: int
    messages: int
    problems: tuple[str, ...]


def words_context(definition: Definition) -> Mapping[str, Any]:
    """What the form of words offers to put in, each with what it stands for, and whom they are shown on."""
    values = {f"value.{name}": text for name, text in definition.values.items()}
    meanings = {name: _(meaning) for name, meaning in VARIABLES.items()}
    return {"variables": {**values, **meanings}, "on_customer": _typed()}


@blueprint.post("/workflows/<int:workflow_id>/preview")
@needs(Permission.WORKFLOWS)
def preview(workflow_id: int) -> Response:
    """The words that were typed, as a customer would read them: the one that was chosen, else a made-up one."""
    definition = from_data(newest_or_404(workflow_id).definition)
    language = request.form.get("words-language", "en")
    parts = {
        part: request.form.get(f"s.words.{language}.{part}", "").replace("\r\n", "\n")[:8_000]
        for part in ("subject", "title", "text")
    }
    return page("workflows/_preview.html", shown=_shown(definition, language, parts))


def _shown(definition: Definition, language: str, parts: Mapping[str, str]) -> Shown:
    customer = customer_called(current_session(), company_id=current_scope().company_id, typed=_typed())
    values = _values(definition, language, parts, customer)
    rendered = {part: _rendered(text, values) for part, text in parts.items()}
    text = rendered["text"]
    return Shown(
        kind=_kind(),
        language=language,
        customer=customer,
        missing=bool(_typed()) and customer is None,
        title=rendered["subject"] or rendered["title"],
        paragraphs=paragraphs(text),
        characters=len(text),
        messages=max(1, -(-len(text) // _LONGEST_SMS)),
        problems=tuple(_problems(definition, parts)),
    )


def _problems(definition: Definition, parts: Mapping[str, str]) -> Iterator[str]:
    for part, text in parts.items():
        for problem in text_problems(text, definition, one_line=part != "text"):
            yield said(problem)


def _values(
    definition: Definition, language: str, parts: Mapping[str, str], customer: CustomerHit | None
) -> Mapping[str, Value]:
    if customer is None:
        return sample_values(_scene(definition, language), language=language)
    scope = current_scope()
    return values_for(
        current_session(),
        company_id=scope.company_id,
        customer_id=customer.id,
        definition=definition,
        kind=_kind(),
        names=frozenset().union(*map(_names, parts.values())),
        language=language,
        key=next(iter(keys_of(definition, customer.id)), ""),
        today=scope.today,
    )


def _scene(definition: Definition, language: str) -> Scene:
    scope = current_scope()
    company = find_company(current_session(), company_id=scope.company_id)
    return Scene(
        definition=definition,
        facts=nobody(definition, start=scope.today, language=language),
        company=company.name,
        phone=company.phone,
        email=company.email,
        currency=company.currency,
        country=company.country,
        key="",
        today=scope.today,
    )


def _names(text: str) -> frozenset[str]:
    """The variables that it uses; none of a text with a mistake, which is not shown."""
    try:
        return variables_of(text)
    except WordingError:
        return frozenset()


def _kind() -> Kind:
    asked = request.form.get("kind", "")
    return Kind(asked) if asked in list(Kind) else Kind.EMAIL


def _typed() -> str:
    """Whom the words are shown on, as somebody typed it."""
    return request.values.get("preview-customer", "").replace("\0", "").strip()[:100]


def _rendered(text: str, values: Mapping[str, Value]) -> str:
    try:
        return render(text, values)
    except WordingError:
        return str(_("(cannot be shown as long as it has a mistake)"))
