"""What the worker does for the list from time to time."""

from __future__ import annotations

from datetime import date, timedelta
from time import sleep
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import collecting_only_what_is_new
from arfollow.companies.queries import AutomaticSending, automatic_sending
from arfollow.companies.tables import Company
from arfollow.database import analyze, begin_write, commit
from arfollow.fence.operations import lets_through
from arfollow.followup import digest
from arfollow.followup.operations.automatic import (
    Outcome,
    announce_day,
    finish_day,
    send_automatically,
)
from arfollow.followup.operations.refresh import AT_ONCE, refresh_due
from arfollow.followup.queries.automatic import (
    companies_with_automatic_levels,
    count_due,
    count_gone_out,
    day_of,
    due_customers,
    gone_out,
    next_to_go_out,
)
from arfollow.followup.queries.waiting import is_waiting

log = structlog.get_logger(__name__)

_LOOK_AGAIN = 0.1
_HOUR = timedelta(hours=1)
AHEAD = 2 * _HOUR
"""Between the announcement and the first automatic e-mail of a day, however late it is announced: time to stop it."""


def bring_up_to_date(session: Session, *, waits: bool = False) -> None:
    """Refresh every row that is stale or whose day has come, in all companies, a batch a transaction.

    `waits`: also until other workers have done what they have taken, for whoever reads the list next.
    """
    companies = session.execute(select(Company.id, Company.timezone)).all()
    session.rollback()
    with collecting_only_what_is_new():
        refreshed = sum(
            _refresh_company(session, company_id, timezone, waits=waits) for company_id, timezone in companies
        )
    if refreshed >= AT_ONCE:
        analyze(session)


def _refresh_company(session: Session, company_id: int, timezone: str, *, waits: bool) -> int:
    """How many rows were refreshed here; what other workers have taken they do."""
    refreshed = 0
    while is_waiting(session, company_id=company_id, today=clock.today(timezone)):
        session.rollback()
        begin_write(session)
        batch = refresh_due(session, company_id=company_id, today=clock.today(timezone))
        commit(session)
        refreshed += batch
        if not batch and not waits:
            break
        if not batch:
            # To wait for their rows, in another order than theirs, could end in a deadlock.
            sleep(_LOOK_AGAIN)
    session.rollback()
    return refreshed


def send_automatic_emails(session: Session) -> None:
    """Announce, work and finish the day of every company whose hour has come; safe to run any number of times at once.

    A day that a worker missed is caught up by the next working day's: whoever is due then is written to, once.
    """
    for company_id in companies_with_automatic_levels(session):
        timezone = session.scalars(select(Company.timezone).where(Company.id == company_id)).one()
        local = clock.now().astimezone(ZoneInfo(timezone))
        today = local.date()
        sending = automatic_sending(session, company_id=company_id, today=today)
        done = day_of(session, company_id=company_id, day=today)
        may_run = _may_run(session, company_id, today, sending)
        session.rollback()
        is_early = local.hour + AHEAD // _HOUR < sending.hour
        if not may_run or done.is_finished or is_early or not _is_sending(session):
            continue
        if done.announced_at is None:
            _announce(session, company_id, today)
        elif local.hour >= sending.hour and done.announced_at <= clock.now() - AHEAD:
            _run(session, company_id, today)


def _may_run(session: Session, company_id: int, today: date, sending: AutomaticSending) -> bool:
    """Whether anything may go out today: a working day, not stopped, and a list that is of today."""
    if sending.stopped_at is not None or sending.outdated_on is not None or not sending.is_working_day:
        return False
    return not is_waiting(session, company_id=company_id, today=today)


def _is_sending(session: Session) -> bool:
    """Whether this is still the live database: a restored one must not decide anything either."""
    begin_write(session)
    is_open = lets_through(session)
    commit(session)
    return is_open


def _announce(session: Session, company_id: int, today: date) -> None:
    begin_write(session)
    count = count_due(session, company_id=company_id)
    if announce_day(session, company_id=company_id, day=today) and count:
        digest.queue_digest(
            session,
            company_id=company_id,
            day=today,
            kind=digest.Kind.AHEAD,
            count=count,
            customers=next_to_go_out(session, company_id=company_id, limit=digest.LONGEST),
        )
    commit(session)


def _run(session: Session, company_id: int, today: date) -> None:
    for customer_id in due_customers(session, company_id=company_id):
        begin_write(session)
        outcome = send_automatically(session, company_id=company_id, customer_id=customer_id, today=today)
        if outcome is Outcome.LEFT:
            session.rollback()
        else:
            commit(session)
        session.expunge_all()
    begin_write(session)
    count = count_gone_out(session, company_id=company_id, day=today)
    if finish_day(session, company_id=company_id, day=today):
        log.info("automatic day finished", company=company_id, emails=count)
        if count:
            digest.queue_digest(
                session,
                company_id=company_id,
                day=today,
                kind=digest.Kind.AFTER,
                count=count,
                customers=gone_out(session, company_id=company_id, day=today, limit=digest.LONGEST),
            )
    commit(session)
