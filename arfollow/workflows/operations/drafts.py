"""Writing and publishing workflows. A published version never changes: editing it makes a draft of the next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.values.refusals import N_, Refusal
from arfollow.workflows.examples import surveys
from arfollow.workflows.file import from_data, to_data
from arfollow.workflows.operations.triggering.arming import arm
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.queries.versions import (
    UnknownWorkflowError,
    find_workflow,
    latest_version,
    workflow_named,
)
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import Problem, problems
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.surveys.operations import install_survey
from arfollow.workflows.tables import Workflow, WorkflowVersion
from arfollow.workflows.variables import problems_in


class NotReadyError(ValueError):
    """The workflow cannot be published; `problems` say why."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.problems = found
        super().__init__(" ".join(each.words for each in found))


class NameTakenError(ValueError):
    """The company has another workflow of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a workflow “{name}” already.")


class RetiredError(Refusal):
    """The workflow is retired: nobody changes it or lets anybody in any more."""

    def __init__(self) -> None:
        super().__init__(N_("This workflow is retired: it cannot be changed or published any more."))


class NothingToPublishError(ValueError):
    """There is no draft."""

    def __init__(self) -> None:
        super().__init__("Nothing has changed since it was last published.")


def save_draft(
    session: Session,
    *,
    company_id: int,
    definition: Definition,
    workflow_id: int | None = None,
    who: str,
) -> int:
    """Keep the definition as the draft of the workflow, a new one where no id is given; gives its id. Raise NameTakenError.

    A draft may be unfinished; it does nothing.
    """
    named = workflow_named(session, company_id=company_id, name=definition.name)
    if named is not None and named.id != workflow_id:
        raise NameTakenError(definition.name)
    if workflow_id is None:
        workflow = Workflow(company_id=company_id, name=definition.name)
        session.add(workflow)
        session.flush()
    else:
        workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
        workflow.name = definition.name
    draft = _draft(session, workflow, who)
    draft.definition, draft.written_at, draft.written_by = to_data(definition), clock.now(), who
    session.flush()
    return workflow.id


def publish(session: Session, *, company_id: int, workflow_id: int, who: str) -> int:
    """Publish the draft, which runs from now on for whoever enters; gives its number.

    Raise UnknownWorkflowError, RetiredError, NothingToPublishError, NotReadyError.
    """
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    if workflow.state == "retired":
        raise RetiredError
    draft = latest_version(session, workflow_id=workflow.id, published=False)
    if draft is None or draft.published_at is not None:
        raise NothingToPublishError
    definition = from_data(draft.definition)
    if found := [*problems(definition, acting=ACTING), *problems_in(definition)]:
        raise NotReadyError(found)
    _take_over_surveys(session, company_id, definition, who)
    draft.published_at = clock.now()
    if workflow.state == "draft":
        workflow.state = "running"
    now = clock.now()
    arm(session, workflow, draft, definition, now=now, today=today_of(session, company_id=company_id))
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="workflow:published",
        who=who,
        text=f"Workflow “{workflow.name}” published, version {draft.number}",
        facts={"workflow": workflow.id, "version": draft.number, "definition": draft.definition},
    )
    return draft.number


def _take_over_surveys(session: Session, company_id: int, definition: Definition, who: str) -> None:
    """The editor offers those that come along, too: what is asked has to be there."""
    asked = {str(step.settings["survey"]) for step in definition.steps() if step.kind is Kind.SURVEY}
    for key in sorted(asked & set(surveys())):
        install_survey(session, company_id=company_id, key=key, who=who)


def _draft(session: Session, workflow: Workflow, who: str) -> WorkflowVersion:
    last = latest_version(session, workflow_id=workflow.id, published=False)
    if last is not None and last.published_at is None:
        return last
    draft = WorkflowVersion(
        workflow_id=workflow.id,
        number=1 if last is None else last.number + 1,
        definition={},
        written_at=clock.now(),
        written_by=who,
    )
    session.add(draft)
    return draft


__all__ = [
    "NameTakenError",
    "NotReadyError",
    "NothingToPublishError",
    "UnknownWorkflowError",
    "publish",
    "save_draft",
]
