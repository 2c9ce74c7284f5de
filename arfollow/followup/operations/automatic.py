"""Automatic sending: one customer's e-mail, and a company's day of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import SYSTEM
from arfollow.companies.tables import Company
from arfollow.database import insert_into
from arfollow.delivery.operations import AlreadyQueuedError
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions.email import NoAddressError, NoSenderError, send_email
from arfollow.followup.clicks import Click, OutdatedError
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import MONEY_MESSAGES, facts_for, lock
from arfollow.followup.tables import AutomaticDay, CustomerState, RecordedAction
from arfollow.levels.queries.wordings import NoWordingError
from arfollow.levels.rules.facts import Decision, Facts, Reason, level_terms
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.tables import Level
from arfollow.levels.wording import WordingError
from arfollow.statements.rules import NothingToClaimError


class Outcome(StrEnum):
    """What became of a customer that was due. `DONE`: the e-mail was all that was asked for; `SENT`: the rest is left."""

    DONE = "done"
    SENT = "sent"
    LEFT = "left"


def send_automatically(session: Session, *, company_id: int, customer_id: int, today: date) -> Outcome:
    """Queue the customer's automatic e-mail if it is due this moment, and mark it Done if that is all its level asks for.

    Whoever comes second finds it queued and leaves it, and so is everything that a clerk has to see: no address, no words.
    The caller commits; after `LEFT` it rolls back.
    """
    number = session.scalar(select(CustomerState.number).where(CustomerState.customer_id == customer_id)) or 1
    click = Click(
        company_id=company_id, customer_id=customer_id, number=number, who=SYSTEM, user_id=None, today=today
    )
    try:
        lock(session, click)
        actions = _actions_due(session, click)
        if "email" not in actions:
            return Outcome.LEFT
        send_email(session, click)
    except (
        OutdatedError,
        AlreadyQueuedError,
        NoAddressError,
        NoSenderError,
        NoWordingError,
        NothingToClaimError,
        WordingError,
    ):
        return Outcome.LEFT
    if actions != ("email",):
        return Outcome.SENT
    session.flush()
    mark_done(session, click)
    return Outcome.DONE


def _actions_due(session: Session, click: Click) -> tuple[str, ...]:
    """What is to be done with the customer now, if its level's e-mail may go out by itself."""
    stopped_at = session.scalar(select(Company.automatic_stopped_at).where(Company.id == click.company_id))
    if stopped_at is not None or _was_written_to(session, click):
        return ()
    facts = facts_for(session, click)
    decision = decide(facts, click.today)
    return decision.actions if _is_automatic(session, facts, decision) else ()


def _was_written_to(session: Session, click: Click) -> bool:
    """Whether any money message was recorded today, or an earlier one is still on its way: one a day is enough."""
    on_its_way = select(Delivery.id).where(
        Delivery.customer_id == click.customer_id, Delivery.state.in_((State.QUEUED, State.SENDING))
    )
    if session.scalar(on_its_way.limit(1)) is not None:
        return True
    messages = select(RecordedAction.id).where(
        RecordedAction.customer_id == click.customer_id,
        RecordedAction.kind.in_(MONEY_MESSAGES),
        RecordedAction.recorded_on == click.today,
    )
    return session.scalar(messages.limit(1)) is not None


def _is_automatic(session: Session, facts: Facts, decision: Decision) -> bool:
    level = level_terms(facts, decision)
    undisturbed = not (decision.started or decision.task or decision.undelivered)
    if level is None or decision.reason is not Reason.LEVEL or not undisturbed:
        return False
    return bool(session.scalar(select(Level.email_automatic).where(Level.id == level.id)))


def announce_day(session: Session, *, company_id: int, day: date) -> bool:
    """Begin the day and note that it was announced; False: it was before."""
    first = insert_into(session, AutomaticDay).values(company_id=company_id, day=day)
    session.execute(first.on_conflict_do_nothing())
    return _mark(session, company_id, day, "announced_at")


def finish_day(session: Session, *, company_id: int, day: date) -> bool:
    """Note that the day is over; False: it was before."""
    return _mark(session, company_id, day, "finished_at")


def _mark(session: Session, company_id: int, day: date, name: str) -> bool:
    column = getattr(AutomaticDay, name)
    marked = session.execute(
        update(AutomaticDay)
        .where(AutomaticDay.company_id == company_id, AutomaticDay.day == day, column.is_(None))
        .values({name: clock.now()})
        .returning(AutomaticDay.company_id)
    )
    return marked.first() is not None
