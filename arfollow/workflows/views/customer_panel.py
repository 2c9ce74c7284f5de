"""The workflows that a customer is in, on the customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Permission, Scope
from arfollow.followup.panels import Panel
from arfollow.workflows.queries.inspecting import Enrolled, workflows_of
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.tables import Enrolment, Workflow
from arfollow.workflows.words.sentences import step_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A workflow that the customer is in, and the name of the step at which it stands there."""

    row: Enrolled
    workflow: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the panel shows. `offered`: ids and names of those that the customer could be put into by hand."""

    inside: tuple[Inside, ...]
    offered: tuple[tuple[int, str], ...]


def build(session: Session, scope: Scope, customer_id: int) -> Shown:
    """The workflows of the customer, as its page shows them."""
    found = workflows_of(session, company_id=scope.company_id, customer_id=customer_id)
    names = _step_names(session, [each.id for each, _id, _name in found])
    return Shown(
        inside=tuple(
            Inside(row=each, workflow=name, step=names.get((each.id, each.step), each.step or ""))
            for each, _id, name in found
        ),
        offered=_offered(session, scope, {id_ for each, id_, _name in found if not each.key}),
    )


def _step_names(session: Session, enrolment_ids: Sequence[int]) -> dict[tuple[int, str | None], str]:
    """The names of all steps of the versions that these are in."""
    if not enrolment_ids:
        return {}
    rows = session.execute(
        select(Enrolment.id, Enrolment.version_id).where(Enrolment.id.in_(enrolment_ids))
    ).all()
    read = definitions(session, version_ids={version_id for _, version_id in rows})
    return {(id_, step.key): step_name(step) for id_, version_id in rows for step in read[version_id].steps()}


def _offered(session: Session, scope: Scope, inside: set[int]) -> tuple[tuple[int, str], ...]:
    if not scope.may(Permission.WORK):
        return ()
    rows = session.execute(
        select(Workflow.id, Workflow.name)
        .where(Workflow.company_id == scope.company_id, Workflow.state == "running")
        .order_by(Workflow.name)
    )
    return tuple((id_, name) for id_, name in rows if id_ not in inside)


PANEL = Panel(template="workflows/_customer.html", build=build)
