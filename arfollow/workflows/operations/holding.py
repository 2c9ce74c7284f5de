"""Somebody in a workflow, held while a colleague or the worker puts them elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.workflows.operations.entering import BY_THE_ACCOUNT
from arfollow.workflows.operations.positions import stands_at
from arfollow.workflows.queries.standing import as_kept, done_in_round, positions_of, read
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.engine import Position, Route
from arfollow.workflows.rules.steering import carried_over, path_of
from arfollow.workflows.rules.watching import watched_facts
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun, Workflow


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody in a workflow, held: the worker goes on only when this transaction has ended."""

    enrolment: Enrolment
    workflow: Workflow
    definition: Definition
    row: StepPosition

    @property
    def route(self) -> Route:
        """The route that the position is on."""
        return Route(self.definition, whenever=self.row.whenever)

    @property
    def step(self) -> Step | None:
        """The step that it stands at; None: at the end."""
        return self.route.step(self.row.step) if self.row.step is not None else None


def carry_over(
    session: Session,
    held: Held,
    new: Definition,
    version_id: int,
    *,
    steps: Mapping[str, str | None],
    now: datetime,
) -> bool:
    """Put the enrolment and all its positions into the version; whether its main route could be: `steps` says where, if one is gone.

    What an event began beside it goes on where the new version has its step, and is over where it has not.
    """
    rows = positions_of(session, [held.enrolment.id])
    main = _placed(session, new, rows[0], steps) if rows else None
    if main is None:
        return False
    watches = any(fact.startswith(BY_THE_ACCOUNT) for fact in watched_facts(new))
    write(rows[0], main, due_at=now)
    rows[0].watches = watches
    for row in rows[1:]:
        row.whenever, row.watches = path_of(new, row.step), watches
        row.due_at = now
        if row.whenever is None:
            session.delete(row)
    held.enrolment.version_id = version_id
    session.flush()
    return True


def tell_of_version(session: Session, held: Held, *, number: int, who: str, reason: str) -> None:
    """Say in the chatter that the customer goes on in another version."""
    tell(
        session,
        held,
        "workflow:moved",
        f"Goes on in version {number}",
        who=who,
        reason=reason,
        version=number,
    )


def write(row: StepPosition, position: Position, *, due_at: datetime | None) -> None:
    """Put the row where the position is; who goes elsewhere waits anew."""
    if not stands_at(row, position.step, position.round):
        row.waits_since = None
    row.step, row.round, row.entered_at = position.step, position.round, position.entered_at
    row.ran = as_kept(position)
    row.due_at = due_at


def note_run(
    session: Session, held: Held, step: Step, *, result: str, explanation: str, at: datetime, round_: int = 0
) -> None:
    """Write what became of a step, in the position's round or another."""
    session.add(
        StepRun(
            enrolment_id=held.enrolment.id,
            path=held.row.path,
            step=step.key,
            round=round_ or held.row.round,
            customer_id=held.enrolment.customer_id,
            kind=step.kind.value,
            at=at,
            result=result,
            explanation=explanation,
        )
    )


def told_of(step: Step) -> dict[str, str]:
    """What the chatter keeps of a step."""
    return {"step": step.key, "called": step.name, "kind": step.kind.value}


def name_of(step: Step) -> str:
    """How a step is called: its own name, else its kind and key."""
    return step.name or f"{step.kind.value} {step.key}"


def tell(
    session: Session, held: Held, tag: str, what: str, *, who: str, reason: str, **facts: str | int
) -> None:
    """Write the entry of what was done with the customer, and why."""
    session.flush()
    record(
        session,
        company_id=held.enrolment.company_id,
        customer_id=held.enrolment.customer_id,
        tag=tag,
        who=who,
        text=f"{what}, in “{held.workflow.name}”: {reason}",
        facts={
            "workflow": held.workflow.id,
            "name": held.workflow.name,
            "enrolment": held.enrolment.id,
            "reason": reason,
            **facts,
        },
    )


def _placed(
    session: Session, new: Definition, row: StepPosition, steps: Mapping[str, str | None]
) -> Position | None:
    to = steps.get(row.step or "")
    return carried_over(Route(new), read(row), to=to, done=done_in_round(session, row))
