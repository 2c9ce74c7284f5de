"""What a worker writes for one customer of a run: claim it, do what the preflight said, note what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Update, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.followup.actions.email import send_email
from arfollow.followup.actions.letter import print_letter
from arfollow.followup.clicks import Click, OutdatedError
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import lock
from arfollow.followup.queries.messages import MessageFacts
from arfollow.followup.queries.presence import newer_done
from arfollow.followup.runs.planning import PlannedCustomer, plans_of
from arfollow.followup.runs.rules import RowState, RunState, Why
from arfollow.followup.runs.tables import BulkRun, BulkRunRow
from arfollow.followup.tables import RecordedAction

BATCH = 10
LEASE = timedelta(minutes=1)
TRIES = 5


class LostError(RuntimeError):
    """Somebody else has the customer of the run now, or the run was cancelled."""

    def __init__(self) -> None:
        super().__init__("This customer was taken over by another worker, or the run was cancelled.")


class NotAsPlannedError(ValueError):
    """The customer does not stand as the preflight showed it; nothing was done. `by`: whose doing that is, or empty."""

    def __init__(self, why: Why, by: str = "") -> None:
        super().__init__(f"The customer does not stand as the preflight showed it: {why}.")
        self.why, self.by = why, by


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A customer of a run that is ours until its lease ends; `token` proves it and counts the tries."""

    row_id: int
    token: int
    click: Click
    level_id: int | None
    sends: tuple[str, ...]
    marks_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What was rendered of these facts."""

    facts: MessageFacts
    pdf: bytes


def claim(session: Session, *, run_id: int, today: date) -> Sequence[Claim]:
    """Take the next customers of a running run, for as long as the lease; empty when none is free.

    What was begun before and came to nothing is taken last and alone: it may have taken its worker with it.
    """
    now = clock.now()
    free = or_(BulkRunRow.lease_until.is_(None), BulkRunRow.lease_until < now)
    rows = session.scalars(
        select(BulkRunRow)
        .join(BulkRun, BulkRun.id == BulkRunRow.run_id)
        .where(
            BulkRun.id == run_id,
            BulkRun.state == RunState.RUNNING,
            BulkRunRow.state == RowState.WAITING,
            free,
        )
        .order_by(BulkRunRow.token, BulkRunRow.id)
        .limit(BATCH)
        # SKIP LOCKED lets workers on PostgreSQL pass each other; SQLite has one writer at a time and ignores it.
        .with_for_update(of=BulkRunRow, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    taken = rows[:1] if rows and rows[0].token else [row for row in rows if not row.token]
    run = session.get(BulkRun, run_id)
    if run is None:
        return []
    for row in taken:
        row.token, row.lease_until = row.token + 1, now + LEASE
    return [_claim(run, row, today) for row in taken]


def do(session: Session, claim: Claim, *, letter: Letter | None) -> None:
    """Do what the preflight said for the customer, mark it Done if nothing is left, and note it; the caller commits.

    Raise LostError, NotAsPlannedError, OutdatedError, and what the actions raise.
    """
    _keep(session, claim)
    click = claim.click
    lock(session, click)
    planned = as_planned(session, claim)
    email_id = letter_id = None
    if "email" in claim.sends:
        email_id = send_email(session, click)
    if letter is not None:
        print_letter(session, click, facts=letter.facts, pdf=letter.pdf)
        letter_id = _delivery_of_letter(session, click)
    is_done = claim.marks_done and planned.planned.is_all
    if is_done:
        session.flush()
        mark_done(session, click)
    _settle(session, claim, state=RowState.DONE, marked_done=is_done, email_id=email_id, letter_id=letter_id)


def skip(session: Session, claim: Claim, *, why: Why, explanation: str = "", failed: bool = False) -> None:
    """Note that nothing was done. Raise LostError."""
    state = RowState.FAILED if failed else RowState.SKIPPED
    _settle(session, claim, state=state, why=why, explanation=explanation)


def put_back(session: Session, claim: Claim) -> None:
    """Give the customer back, to be tried again."""
    session.execute(_own(claim).values(lease_until=None), execution_options={"synchronize_session": False})


def plan_now(session: Session, claim: Claim) -> PlannedCustomer:
    """What the customer would get now."""
    click = claim.click
    return next(
        plans_of(
            session,
            company_id=click.company_id,
            customer_ids=[click.customer_id],
            day=click.today,
            but_user_id=click.user_id or 0,
        )
    )


def as_planned(session: Session, claim: Claim) -> PlannedCustomer:
    """What the customer gets now, if that is what the preflight showed. Raise OutdatedError, NotAsPlannedError."""
    now = plan_now(session, claim)
    if now.number != claim.click.number:
        finished = newer_done(session, customer_id=claim.click.customer_id, number=claim.click.number)
        raise OutdatedError(finished.by if finished else "", finished.on if finished else None)
    if now.planned.why is not None:
        raise NotAsPlannedError(now.planned.why, now.by)
    if (now.planned.level_id, now.planned.sends) != (claim.level_id, claim.sends):
        raise NotAsPlannedError(Why.CHANGED)
    if not claim.sends and not (claim.marks_done and now.planned.is_all):
        raise NotAsPlannedError(Why.NOTHING_LEFT)
    return now


def _claim(run: BulkRun, row: BulkRunRow, today: date) -> Claim:
    click = Click(
        company_id=run.company_id,
        customer_id=row.customer_id,
        number=row.number,
        who=run.who,
        user_id=run.user_id,
        today=today,
    )
    return Claim(
        row_id=row.id,
        token=row.token,
        click=click,
        level_id=row.level_id,
        sends=tuple(row.sends),
        marks_done=run.marks_done,
    )


def _delivery_of_letter(session: Session, click: Click) -> int | None:
    """The delivery of the letter that was recorded last for the customer."""
    return session.scalar(
        select(RecordedAction.delivery_id)
        .where(RecordedAction.customer_id == click.customer_id, RecordedAction.kind == "letter")
        .order_by(RecordedAction.id.desc())
        .limit(1)
    )


def _own(claim: Claim) -> Update:
    return update(BulkRunRow).where(
        BulkRunRow.id == claim.row_id,
        BulkRunRow.token == claim.token,
        BulkRunRow.state == RowState.WAITING,
    )


def _keep(session: Session, claim: Claim) -> None:
    """Hold the row until the transaction ends, so that a cancel waits for its outcome. Raise LostError."""
    _change(session, claim, lease_until=clock.now() + LEASE)


def _settle(session: Session, claim: Claim, **values: object) -> None:
    _change(session, claim, lease_until=None, **values)


def _change(session: Session, claim: Claim, **values: object) -> None:
    changed = session.execute(
        _own(claim).values(**values).returning(BulkRunRow.id),
        execution_options={"synchronize_session": False},
    )
    if changed.one_or_none() is None:
        raise LostError
