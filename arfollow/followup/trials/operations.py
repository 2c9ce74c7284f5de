"""Writes of trials: ask for one, take a part of it, add what that part came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.followup.trials.tables import PlanTrial
from arfollow.followup.trials.terms import to_json
from arfollow.levels.rules.steps import PlanTerms

LEASE = timedelta(minutes=1)
TRIES = 3
"""So often the same part is begun: the database may have been away, or the worker have ended in the middle."""
KEPT = timedelta(days=30)
MOST_NAMED = 200
"""So many customers for whom it differs are named; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A trial that is ours until the lease ends; `reached`: the customers up to this id are done.

    `tries`: how often the part that comes next has been taken up, this time included.
    """

    trial_id: int
    token: int
    company_id: int
    day: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reached: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What some customers come to; `reached` None: they were the last. `different`: who differs, with what is said of each."""

    customers: int
    reached: int | None
    now: Counter[str]
    then: Counter[str]
    different: Sequence[Mapping[str, Any]]


def ask_for_trial(
    session: Session,
    *,
    company_id: int,
    user_id: int,
    before: PlanTerms,
    after: PlanTerms,
    customers: int,
    day: date,
) -> int:
    """Have a worker try the plan; gives the trial's id. The same person's unfinished ones are given up, old ones forgotten."""
    mine = (PlanTrial.user_id == user_id) & PlanTrial.finished_at.is_(None)
    old = PlanTrial.asked_at < clock.now() - KEPT
    session.execute(delete(PlanTrial).where(PlanTrial.company_id == company_id, or_(mine, old)))
    trial = PlanTrial(
        company_id=company_id,
        user_id=user_id,
        plan_id=before.id,
        day=day,
        before=to_json(before),
        after=to_json(after),
        customers=customers,
        asked_at=clock.now(),
    )
    session.add(trial)
    session.flush()
    return trial.id


def claim(session: Session) -> Claim | None:
    """Take the trial that waits longest, for as long as the lease; None when none is free."""
    now = clock.now()
    is_free = PlanTrial.finished_at.is_(None) & or_(
        PlanTrial.lease_until.is_(None), PlanTrial.lease_until < now
    )
    first = (
        select(PlanTrial.id).where(is_free).order_by(PlanTrial.id).limit(1).with_for_update(skip_locked=True)
    )
    row = session.execute(
        update(PlanTrial)
        .where(PlanTrial.id == first.scalar_subquery(), is_free)
        .values(token=PlanTrial.token + 1, tries=PlanTrial.tries + 1, lease_until=now + LEASE)
        .returning(
            PlanTrial.id,
            PlanTrial.token,
            PlanTrial.company_id,
            PlanTrial.day,
            PlanTrial.before,
            PlanTrial.after,
            PlanTrial.reached,
            PlanTrial.tries,
        ),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None:
        return None
    return Claim(
        trial_id=row.id,
        token=row.token,
        company_id=row.company_id,
        day=row.day,
        before=row.before,
        after=row.after,
        reached=row.reached,
        tries=row.tries,
    )


def add_part(session: Session, claim: Claim, part: Part) -> None:
    """Add what the customers came to, and give the trial back; nothing happens when it is not ours any more."""
    trial = _own(session, claim)
    if trial is None:
        return
    trial.now = dict(Counter(trial.now) + part.now)
    trial.then = dict(Counter(trial.then) + part.then)
    trial.different = [*trial.different, *part.different][:MOST_NAMED]
    trial.different_count += len(part.different)
    trial.done += part.customers
    trial.lease_until, trial.tries = None, 0
    if part.reached is None:
        trial.finished_at, trial.customers = clock.now(), trial.done
    else:
        trial.reached = part.reached


def put_back(session: Session, claim: Claim) -> None:
    """Give the trial back for another try; nothing happens when it is not ours any more."""
    trial = _own(session, claim)
    if trial is not None:
        trial.lease_until = None


def give_up(session: Session, claim: Claim) -> None:
    """End a trial that cannot be worked out; nothing happens when it is not ours any more."""
    trial = _own(session, claim)
    if trial is not None:
        trial.finished_at, trial.failed, trial.lease_until = clock.now(), True, None


def _own(session: Session, claim: Claim) -> PlanTrial | None:
    return session.scalar(
        select(PlanTrial)
        .where(PlanTrial.id == claim.trial_id, PlanTrial.token == claim.token)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
