"""The worker's part of bulk runs: a customer at a time, letters rendered before its transaction; safe with any number of workers."""

from __future__ import annotations

from time import monotonic

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.database import begin_write, commit
from arfollow.delivery.operations import AlreadyQueuedError
from arfollow.fence.operations import lets_through
from arfollow.followup.actions.email import NoAddressError, NoSenderError
from arfollow.followup.actions.letter import ChangedMeanwhileError, prepare_letter, render
from arfollow.followup.clicks import OutdatedError
from arfollow.followup.queries.presence import newer_done
from arfollow.followup.runs import doing
from arfollow.followup.runs.doing import Claim, Letter, LostError, NotAsPlannedError
from arfollow.followup.runs.operations import finish, forget_outdated
from arfollow.followup.runs.rules import RunState, Why
from arfollow.followup.runs.tables import BulkRun
from arfollow.levels.queries.wordings import NoWordingError
from arfollow.levels.wording import WordingError
from arfollow.statements.rules import NothingToClaimError

log = structlog.get_logger(__name__)

_STRETCH, _REST = 5, 2
"""Seconds that a worker gives to runs before it looks after everything else, and how long it then does."""
_RENDERINGS = 3

_SKIPS: dict[type[Exception], Why] = {
    AlreadyQueuedError: Why.WRITTEN,
    NoAddressError: Why.NO_ADDRESS,
    NoSenderError: Why.NO_SENDER,
    NothingToClaimError: Why.NOTHING_TO_CLAIM,
    ChangedMeanwhileError: Why.CHANGED,
}


class RunJob:
    """The job that works runs. A long one must not keep the same worker from sending what it queues."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def __call__(self, session: Session) -> None:
        """Work until nothing waits, for a stretch at most."""
        if monotonic() < self._rests_until:
            return
        _forget_outdated(session)
        end = monotonic() + _STRETCH
        while work_some(session):
            if monotonic() > end:
                self._rests_until = monotonic() + _REST
                return


def work_some(session: Session) -> bool:
    """Work on the next few customers of each run that is under way; False when there is nothing to do for this worker."""
    runs = session.execute(
        select(BulkRun.id, Company.timezone)
        .join(Company, Company.id == BulkRun.company_id)
        .where(BulkRun.state == RunState.RUNNING)
        .order_by(BulkRun.id)
    ).all()
    session.rollback()
    if not runs or not _is_sending(session):
        return False
    worked = [_work_some_of(session, run_id, timezone) for run_id, timezone in runs]
    return any(worked)


def _forget_outdated(session: Session) -> None:
    """Drop what nobody started on its day."""
    earliest = session.execute(
        select(BulkRun.company_id, Company.timezone, func.min(BulkRun.day))
        .join(Company, Company.id == BulkRun.company_id)
        .where(BulkRun.state == RunState.PREPARED)
        .group_by(BulkRun.company_id, Company.timezone)
    ).all()
    session.rollback()
    for company_id, timezone, day in earliest:
        today = clock.today(timezone)
        if day < today:
            begin_write(session)
            forget_outdated(session, company_id=company_id, today=today)
            commit(session)


def _work_some_of(session: Session, run_id: int, timezone: str) -> bool:
    begin_write(session)
    claims = doing.claim(session, run_id=run_id, today=clock.today(timezone))
    commit(session)
    for claim in claims:
        session.expunge_all()
        _work(session, claim)
    begin_write(session)
    finish(session, run_id=run_id)
    commit(session)
    return bool(claims)


def _is_sending(session: Session) -> bool:
    """Whether this is the live database: a restored one must not go on with a run."""
    begin_write(session)
    is_open = lets_through(session)
    commit(session)
    return is_open


def _work(session: Session, claim: Claim) -> None:
    try:
        if claim.token > doing.TRIES:
            _note(session, claim, Why.BROKEN, failed=True)
            return
        _do(session, claim)
    except LostError:
        session.rollback()
    except OperationalError:
        # A deadlock, or a database that was away: tried again, a few times.
        session.rollback()
        log.warning("tried again later", run_row=claim.row_id, exc_info=True)
        begin_write(session)
        doing.put_back(session, claim)
        commit(session)


def _do(session: Session, claim: Claim) -> None:
    try:
        _do_and_commit(session, claim)
    except NotAsPlannedError as problem:
        _note(session, claim, problem.why, problem.by)
    except OutdatedError:
        _note_outdated(session, claim)
    except tuple(_SKIPS) as problem:
        _note(session, claim, _SKIPS[type(problem)])
    except (NoWordingError, WordingError):
        _note(session, claim, Why.WORDING, failed=True)
    except (OperationalError, LostError):
        raise
    except Exception:  # whatever one customer's account brings about, the others must go on
        log.exception("not done", run_row=claim.row_id)
        _note(session, claim, Why.BROKEN, failed=True)


def _do_and_commit(session: Session, claim: Claim) -> None:
    for _ in range(_RENDERINGS):
        letter = _letter(session, claim) if "letter" in claim.sends else None
        begin_write(session)
        try:
            doing.do(session, claim, letter=letter)
        except ChangedMeanwhileError:
            session.rollback()
            continue
        commit(session)
        return
    raise ChangedMeanwhileError


def _letter(session: Session, claim: Claim) -> Letter:
    """The letter as the account stands; no transaction is open while it is rendered."""
    doing.as_planned(session, claim)
    facts = prepare_letter(session, claim.click)
    session.rollback()
    return Letter(facts=facts, pdf=render(facts))


def _note_outdated(session: Session, claim: Claim) -> None:
    """Somebody else was quicker: by a message of today, or otherwise."""
    session.rollback()
    now = doing.plan_now(session, claim)
    finished = newer_done(session, customer_id=claim.click.customer_id, number=claim.click.number)
    why = Why.WRITTEN if now.planned.why is Why.WRITTEN else Why.CHANGED
    _note(session, claim, why, finished.by if finished else "")


def _note(session: Session, claim: Claim, why: Why, explanation: str = "", *, failed: bool = False) -> None:
    session.rollback()
    begin_write(session)
    doing.skip(session, claim, why=why, explanation=explanation, failed=failed)
    commit(session)
