"""The list of workflows, and the ways to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import abort, flash, request, url_for
from flask_babel import get_locale, pgettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.tables import Company
from arfollow.database import commit, current_session
from arfollow.web.exports import download, wanted
from arfollow.web.htmx import go_to, page
from arfollow.workflows.drawing import draw
from arfollow.workflows.examples import Example, example, examples
from arfollow.workflows.examples.words import CONTEXT
from arfollow.workflows.operations.beginning import begin_from_example, begin_workflow
from arfollow.workflows.operations.drafts import NameTakenError
from arfollow.workflows.queries.listing import workflow_rows
from arfollow.workflows.sheets import workflows_sheet
from arfollow.workflows.views.blueprint import blueprint
from arfollow.workflows.views.desk import head_of, rows_of
from arfollow.workflows.words.sentences import trigger_words

_said = partial(pgettext, CONTEXT)
"""What an example says, in the reader's language."""


@blueprint.get("/workflows")
@needs(Permission.VIEW)
def overview() -> Response:
    """All workflows of the company."""
    rows = workflow_rows(current_session(), company_id=current_scope().company_id)
    if wanted():
        return download(lambda: workflows_sheet(rows))
    return page(
        "workflows/overview.html",
        rows=rows,
        triggers={each.id: trigger_words(each.definition.trigger) for each in rows},
        examples=_examples()[:6],
    )


@blueprint.get("/workflows/new")
@needs(Permission.WORKFLOWS)
def new() -> Response:
    """From scratch, from an example, or from a file."""
    return _new()


@blueprint.post("/workflows/new")
@needs(Permission.WORKFLOWS)
def create() -> Response:
    """Begin a workflow of that name, as an example has it or empty."""
    name, wanted_example = " ".join(request.form.get("name", "").split()), request.form.get("example", "")
    if not wanted_example and not name:
        return _new(problem=_("Give the workflow a name."), status=422)
    scope, session = current_scope(), current_session()
    try:
        if wanted_example:
            workflow_id = begin_from_example(
                session,
                example=_example(wanted_example),
                name=name,
                say=_said,
                company_id=scope.company_id,
                who=scope.user_name,
            )
        else:
            workflow_id = begin_workflow(
                session, name=name[:120], company_id=scope.company_id, who=scope.user_name
            )
    except NameTakenError:
        return _new(problem=_("There is a workflow “%(name)s” already.", name=name), status=422)
    commit(session)
    flash(_("The workflow is a draft: it does nothing until you publish it."), "success")
    return go_to(url_for("workflows.workflow", workflow_id=workflow_id))


@blueprint.get("/workflows/examples/<example_name>")
@needs(Permission.VIEW)
def shipped(example_name: str) -> Response:
    """An example, with its days and its route."""
    found = _example(example_name).in_words(_said)
    company = current_session().get_one(Company, current_scope().company_id)
    # Its messages come in every language, and are nobody's yet: the reader's own says most.
    drawing = draw(found.definition, problems=(), language=get_locale().language, currency=company.currency)
    return page(
        "workflows/example.html",
        example=found,
        head=head_of(found.definition, company.currency),
        drawing=drawing,
        rows=rows_of(found.definition),
    )


def _example(name: str) -> Example:
    try:
        return example(name)
    except KeyError:
        abort(404)


def _examples() -> Sequence[Example]:
    return [each.in_words(_said) for each in examples()]


def _new(*, problem: str = "", status: int = 200) -> Response:
    found = _examples()
    return page(
        "workflows/new.html",
        examples=found,
        triggers={each.name: trigger_words(each.definition.trigger) for each in found},
        rows={each.name: rows_of(each.definition) for each in found},
        name=request.form.get("name", ""),
        problem=problem,
        status=status,
    )
