"""What a colleague does with somebody who is in a workflow: skip, move, begin anew, take out; each logged, with the reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from arfollow.receivables.operations.lookup import lock_customer, required
from arfollow.values.refusals import N_, Refusal, Remark, Term
from arfollow.workflows.operations.enrolling import enrol, leave
from arfollow.workflows.operations.holding import (
    Held,
    carry_over,
    name_of,
    note_run,
    tell,
    tell_of_version,
    told_of,
    write,
)
from arfollow.workflows.operations.turning import note_turn
from arfollow.workflows.queries.standing import done_in_round, find_enrolment, positions_of, read
from arfollow.workflows.queries.versions import definitions, find_workflow, latest_version
from arfollow.workflows.rules.engine import Route
from arfollow.workflows.rules.steering import (
    moved,
    outcomes_of,
    restarted,
    seen,
    skipped,
)
from arfollow.workflows.rules.turns import CHOSEN_BY


class OutdatedStandingError(Refusal, ValueError):
    """The customer has gone on since the page was made."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing was changed: the customer has gone on in the workflow since this page was opened. "
                "It now shows where things stand."
            )
        )


class NoSuchStepError(Refusal, LookupError):
    """The version has no such step."""

    def __init__(self) -> None:
        super().__init__(N_("Choose a step of this workflow."))


class StepGoneError(Refusal, ValueError):
    """The newest version has no step of the key at which the customer stands."""

    def __init__(self) -> None:
        super().__init__(N_("The step is gone in the newest version: choose where the customer goes on."))


class NothingNewerError(Refusal, ValueError):
    """The customer is in the newest version."""

    def __init__(self) -> None:
        super().__init__(N_("The customer is in the newest version already."))


class NotEnteredError(Refusal, ValueError):
    """The customer may not enter now."""


def skip(
    session: Session,
    *,
    company_id: int,
    enrolment_id: int,
    form_seen: str,
    path: int = 0,
    outcome: str = "",
    who: str,
    reason: str,
    now: datetime,
) -> None:
    """Go on past the step that the customer waits at; on the path of `outcome` where it branches, else as if nothing had come.

    Raise UnknownEnrolmentError, OutdatedStandingError, MissingTextError.
    """
    reason = _reason(reason)
    held = _hold(session, company_id, enrolment_id, form_seen, path)
    step = held.step
    if step is None:
        raise OutdatedStandingError
    if step.acts:
        said = Remark(N_("Skipped by %(who)s: %(reason)s"), who=who, reason=reason)
        note_run(session, held, step, result="skipped", explanation=said, at=now)
    elif ways := outcomes_of(step):
        note_turn(
            session,
            enrolment=held.enrolment,
            path=path,
            round_=held.row.round,
            step=step,
            outcome=outcome if outcome in ways else ways[0],
            facts={CHOSEN_BY: who},
            at=now,
        )
    write(held.row, skipped(held.route, read(held.row), outcome=outcome, now=now), due_at=now)
    what = f"Skips “{name_of(step)}”"
    tell(session, held, "workflow:skipped", what, who=who, reason=reason, **told_of(step))


def move(
    session: Session,
    *,
    company_id: int,
    enrolment_id: int,
    form_seen: str,
    to: str,
    who: str,
    reason: str,
    now: datetime,
) -> None:
    """Go to another step of the main route, of the same version.

    Raise UnknownEnrolmentError, OutdatedStandingError, NoSuchStepError, MissingTextError.
    """
    reason = _reason(reason)
    held = _hold(session, company_id, enrolment_id, form_seen, 0)
    if to not in held.route:
        raise NoSuchStepError
    done = done_in_round(session, held.row)
    write(held.row, moved(held.route, read(held.row), to=to, done=done, now=now), due_at=now)
    step = held.route.step(to)
    what = f"Is moved to “{name_of(step)}”"
    tell(session, held, "workflow:moved", what, who=who, reason=reason, **told_of(step))


def restart(
    session: Session,
    *,
    company_id: int,
    enrolment_id: int,
    form_seen: str,
    who: str,
    reason: str,
    now: datetime,
) -> None:
    """Begin the main route anew, in a new round. Raise UnknownEnrolmentError, OutdatedStandingError, MissingTextError."""
    reason = _reason(reason)
    held = _hold(session, company_id, enrolment_id, form_seen, 0)
    write(held.row, restarted(held.route, read(held.row), now=now), due_at=now)
    tell(session, held, "workflow:restarted", "Begins anew", who=who, reason=reason, round=held.row.round)


def remove(
    session: Session,
    *,
    company_id: int,
    enrolment_id: int,
    form_seen: str,
    who: str,
    reason: str,
    now: datetime,
) -> None:
    """Take the customer out: nothing more of the workflow happens. Raise as `restart`."""
    reason = _reason(reason)
    held = _hold(session, company_id, enrolment_id, form_seen, 0)
    leave(session, held.enrolment, reason="removed", now=now, who=who, name=held.workflow.name, why=reason)


def move_to_newest(
    session: Session,
    *,
    company_id: int,
    enrolment_id: int,
    form_seen: str,
    to: str | None = None,
    who: str,
    reason: str,
    now: datetime,
) -> None:
    """Go on in the newest version, at the step of the same key, or at `to`.

    Raise UnknownEnrolmentError, OutdatedStandingError, NothingNewerError, StepGoneError, MissingTextError.
    """
    reason = _reason(reason)
    held = _hold(session, company_id, enrolment_id, form_seen, 0)
    version = latest_version(session, workflow_id=held.workflow.id, published=True)
    if version is None or version.id == held.enrolment.version_id:
        raise NothingNewerError
    new = definitions(session, version_ids={version.id})[version.id]
    if to and to not in Route(new):
        raise NoSuchStepError
    steps = {held.row.step or "": to} if to else {}
    if not carry_over(session, held, new, version.id, steps=steps, now=now):
        raise StepGoneError
    tell_of_version(session, held, number=version.number, who=who, reason=reason)


def add_by_hand(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    customer_id: int,
    key: str = "",
    who: str,
    now: datetime,
    today: date,
) -> int:
    """Enrol a customer by hand, about `key`; gives the enrolment's id. Raise UnknownWorkflowError, UnknownCustomerError, NotEnteredError."""
    workflow = find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    enrolment_id = enrol(
        session,
        company_id=company_id,
        workflow_id=workflow_id,
        customer_id=customer_id,
        key=key,
        now=now,
        today=today,
        who=who,
    )
    if enrolment_id is not None:
        return enrolment_id
    if workflow.state != "running":
        raise NotEnteredError(N_("“%(name)s” does not run, so that nobody can enter it."), name=workflow.name)
    raise NotEnteredError(
        N_(
            "Nothing was changed: the customer is in “%(name)s” already, may not enter it a second time, or is none of those whom it is for."
        ),
        name=workflow.name,
    )


def _hold(session: Session, company_id: int, enrolment_id: int, form_seen: str, path: int) -> Held:
    enrolment = find_enrolment(session, company_id=company_id, enrolment_id=enrolment_id)
    lock_customer(session, company_id=company_id, customer_id=enrolment.customer_id)
    enrolment = find_enrolment(session, company_id=company_id, enrolment_id=enrolment_id)
    row = next((each for each in positions_of(session, [enrolment.id]) if each.path == path), None)
    if row is None or seen(read(row), version_id=enrolment.version_id, path=path) != form_seen:
        raise OutdatedStandingError
    return Held(
        enrolment=enrolment,
        workflow=find_workflow(session, company_id=company_id, workflow_id=enrolment.workflow_id),
        definition=definitions(session, version_ids={enrolment.version_id})[enrolment.version_id],
        row=row,
    )


def _reason(text: str) -> str:
    return required(text, Term(N_("a reason")))
