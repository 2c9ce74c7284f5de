"""Pausing, resuming and retiring a workflow, and moving all who are in a version; what concerns many is left to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.receivables.operations.lookup import lock_customers, required
from arfollow.values.refusals import N_, Refusal, Term
from arfollow.workflows.operations.errands import MOST_AT_ONCE, work_on
from arfollow.workflows.operations.triggering.arming import arm_again
from arfollow.workflows.queries.days import today_of
from arfollow.workflows.queries.versions import find_workflow, latest_version
from arfollow.workflows.rules.steering import Resuming
from arfollow.workflows.tables import Enrolment, StepPosition, Workflow, WorkflowErrand, WorkflowVersion


class WrongStateError(Refusal, ValueError):
    """The workflow is not in the state that the click meant."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message, name=name)


class BusyError(Refusal, ValueError):
    """The worker has not finished with what was asked for before."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("The worker still goes through the customers in “%(name)s”; try again in a minute."), name=name
        )


def pause(session: Session, *, company_id: int, workflow_id: int, who: str, reason: str) -> None:
    """Let nobody in the workflow go on, and nobody enter. Raise UnknownWorkflowError, WrongStateError, BusyError, MissingTextError."""
    workflow = _held(session, company_id, workflow_id)
    reason = _reason(reason)
    if workflow.state != "running":
        raise WrongStateError(N_("Nothing was changed: “%(name)s” does not run."), workflow.name)
    workflow.state, workflow.paused_at = "paused", clock.now()
    _hold_all(session, workflow)
    _tell(session, workflow, "workflow:paused", f"Workflow “{workflow.name}” paused", who=who, reason=reason)


def resume(
    session: Session, *, company_id: int, workflow_id: int, choice: str, who: str, reason: str = ""
) -> None:
    """Let it run again. `choice`: what becomes of those whose time came meanwhile, as `Resuming` has it.

    Raise UnknownWorkflowError, WrongStateError, BusyError; ValueError for another choice.
    """
    workflow = _held(session, company_id, workflow_id)
    chosen = Resuming(choice)
    if workflow.state != "paused" or workflow.paused_at is None:
        raise WrongStateError(N_("Nothing was changed: “%(name)s” is not paused."), workflow.name)
    paused_at, now = workflow.paused_at, clock.now()
    workflow.state, workflow.paused_at = "running", None
    today = today_of(session, company_id=company_id)
    arm_again(session, workflow_id=workflow.id, now=now, today=today)
    text = f"Workflow “{workflow.name}” resumed: {_WORDS[chosen]}"
    _tell(session, workflow, "workflow:resumed", text, who=who, reason=reason, choice=chosen.value)
    settings = {"choice": chosen.value, "paused_at": paused_at.isoformat(), "now": now.isoformat()}
    _begin(session, workflow, "resume", settings, who=who, reason=reason)


def retire(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    who: str,
    reason: str,
    finish: bool = False,
) -> None:
    """Let nobody enter any more. `finish`: those inside go on to their end; else all leave. Raise as `pause`."""
    workflow = _held(session, company_id, workflow_id)
    reason = _reason(reason)
    if workflow.state not in ("running", "paused"):
        raise WrongStateError(N_("Nothing was changed: “%(name)s” does not run."), workflow.name)
    if finish and workflow.state == "paused":
        raise WrongStateError(
            N_("“%(name)s” is paused: resume it first, so that those inside can finish."), workflow.name
        )
    workflow.state, workflow.paused_at = "retired", None
    what = "those inside finish" if finish else "all leave"
    _tell(
        session,
        workflow,
        "workflow:retired",
        f"Workflow “{workflow.name}” retired, {what}",
        who=who,
        reason=reason,
    )
    if not finish:
        _hold_all(session, workflow)
        _begin(session, workflow, "retire", {}, who=who, reason=reason)


def move_all(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    from_version: int,
    steps: Mapping[str, str] | None = None,
    who: str,
    reason: str,
) -> None:
    """Put all who are in the version of that number into the newest. `steps`: where those go on whose step is gone, by its key.

    Raise UnknownWorkflowError, WrongStateError, BusyError, MissingTextError.
    """
    workflow = _held(session, company_id, workflow_id)
    reason = _reason(reason)
    newest = latest_version(session, workflow_id=workflow.id, published=True)
    old = session.scalar(
        select(WorkflowVersion).where(
            WorkflowVersion.workflow_id == workflow.id, WorkflowVersion.number == from_version
        )
    )
    if newest is None or old is None or old.number >= newest.number:
        raise WrongStateError(N_("Nothing was changed: “%(name)s” has no newer version."), workflow.name)
    text = f"All in version {old.number} of “{workflow.name}” go on in version {newest.number}"
    _tell(session, workflow, "workflow:moved", text, who=who, reason=reason, version=newest.number)
    settings = {"from": old.id, "to": newest.id, "number": newest.number, "steps": dict(steps or {})}
    _begin(session, workflow, "move", settings, who=who, reason=reason)


_WORDS = {
    Resuming.SKIP: "what was missed is skipped",
    Resuming.LATEST: "of what was missed, the latest is done",
    Resuming.SHIFT: "everything comes later by the pause's length",
}


def _held(session: Session, company_id: int, workflow_id: int) -> Workflow:
    """The workflow, held: two colleagues who click at once come one after the other."""
    find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    workflow = session.scalars(
        select(Workflow)
        .where(Workflow.id == workflow_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    busy = select(WorkflowErrand.id).where(
        WorkflowErrand.workflow_id == workflow.id, WorkflowErrand.finished_at.is_(None)
    )
    if session.scalar(busy.limit(1)) is not None:
        raise BusyError(workflow.name)
    return workflow


def _hold_all(session: Session, workflow: Workflow) -> None:
    """Stop everybody inside; their customers first, as whoever works a position does, so that none waits for the other."""
    inside = (Enrolment.workflow_id == workflow.id, Enrolment.left_at.is_(None))
    customers = session.scalars(select(Enrolment.customer_id).where(*inside).distinct()).all()
    lock_customers(session, company_id=workflow.company_id, customer_ids=customers)
    ids = select(Enrolment.id).where(*inside)
    session.execute(update(StepPosition).where(StepPosition.enrolment_id.in_(ids)).values(held=True))


def _begin(
    session: Session, workflow: Workflow, kind: str, settings: dict[str, Any], *, who: str, reason: str
) -> None:
    """Do it at once with few, and leave many to the worker."""
    inside = select(func.count()).where(Enrolment.workflow_id == workflow.id, Enrolment.left_at.is_(None))
    if kind == "move":
        inside = inside.where(Enrolment.version_id == settings["from"])
    errand = WorkflowErrand(
        company_id=workflow.company_id,
        workflow_id=workflow.id,
        kind=kind,
        settings=settings,
        who=who,
        reason=reason,
        begun_at=clock.now(),
        total=session.scalars(inside).one(),
    )
    session.add(errand)
    session.flush()
    if errand.total <= MOST_AT_ONCE:
        work_on(session, errand, limit=MOST_AT_ONCE + 1)


def _reason(text: str) -> str:
    return required(text, Term(N_("a reason")))


def _tell(
    session: Session, workflow: Workflow, tag: str, text: str, *, who: str, reason: str, **facts: str | int
) -> None:
    record(
        session,
        company_id=workflow.company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=f"{text}: {reason}" if reason else text,
        facts={"workflow": workflow.id, "reason": reason, **facts},
    )
