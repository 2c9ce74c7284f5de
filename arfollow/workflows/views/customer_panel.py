"""The workflows that a customer is in, on the customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Permission, Scope
from arfollow.followup.panels import Panel
from arfollow.receivables.queries.accounts import accounts
from arfollow.workflows.queries.armed import of_kind
from arfollow.workflows.queries.inspecting import Enrolled, workflows_of
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.triggers import TriggerKind
from arfollow.workflows.tables import Workflow
from arfollow.workflows.words.sentences import step_name

_MOST_INVOICES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A workflow that the customer is in, and the name of the step at which it stands there."""

    row: Enrolled
    workflow: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the panel shows. `offered`: those that the customer could be put into by hand, as the form says it, and their names."""

    inside: tuple[Inside, ...]
    offered: tuple[tuple[str, str], ...]


def build(session: Session, scope: Scope, customer_id: int) -> Shown:
    """The workflows of the customer, as its page shows them."""
    found = workflows_of(session, company_id=scope.company_id, customer_id=customer_id)
    names = _step_names(session, {each.version_id for each, _id, _name in found})
    return Shown(
        inside=tuple(
            Inside(row=each, workflow=name, step=names.get((each.version_id, each.step), each.step or ""))
            for each, _id, name in found
        ),
        offered=_offered(session, scope, customer_id, {(id_, each.key) for each, id_, _name in found}),
    )


def _step_names(session: Session, version_ids: set[int]) -> dict[tuple[int, str | None], str]:
    """The names of all steps of these versions, by version and key."""
    if not version_ids:
        return {}
    read = definitions(session, version_ids=version_ids)
    return {(id_, step.key): step_name(step) for id_ in version_ids for step in read[id_].steps()}


def open_invoices(session: Session, scope: Scope, customer_id: int) -> Sequence[str]:
    """The invoices that a workflow about an invoice can be about."""
    account = accounts(session, customer_ids=[customer_id], day=scope.today)[customer_id]
    return tuple(dict.fromkeys(item.invoice for item in account.items))[:_MOST_INVOICES]


def _offered(
    session: Session, scope: Scope, customer_id: int, inside: set[tuple[int, str]]
) -> tuple[tuple[str, str], ...]:
    """One that is about an invoice is offered for each open one."""
    if not scope.may(Permission.WORK):
        return ()
    rows = session.execute(
        select(Workflow.id, Workflow.name)
        .where(Workflow.company_id == scope.company_id, Workflow.state == "running")
        .order_by(Workflow.name)
    )
    about = {each.workflow_id for each in of_kind(session, company_id=scope.company_id, kind=TriggerKind.DUE)}
    invoices = open_invoices(session, scope, customer_id) if about else ()
    entries = ((id_, name, key) for id_, name in rows for key in (invoices if id_ in about else ("",)))
    return tuple(
        (f"{id_}:{key}", f"{name} · {key}") if key else (str(id_), name)
        for id_, name, key in entries
        if (id_, key) not in inside
    )


PANEL = Panel(template="workflows/_customer.html", build=build)
