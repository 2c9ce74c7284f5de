"""Do It Later, Manual and Auto reminders, notes and calls."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.followup.clicks import Click, DateNotAheadError
from arfollow.followup.operations.recording import lock, record_action
from arfollow.tasks.operations import move_task
from arfollow.tasks.tables import Task
from arfollow.values.days import spelled

_DAY = timedelta(days=1)


def do_later(session: Session, click: Click, *, back_on: date) -> None:
    """Hide the customer until the day before `back_on`; tasks that are due move to that day. Raise OutdatedError, DateNotAheadError.

    A task lists its customer whatever the reminder says, so it would undo the click if it stayed.
    """
    _must_lie_ahead(back_on, click.today)
    state = lock(session, click)
    state.snoozed_until, state.snoozed_on = back_on - _DAY, click.today
    due = select(Task.id).where(
        Task.customer_id == click.customer_id, Task.state == "open", Task.due_on <= click.today
    )
    for task_id in session.scalars(due).all():
        move_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            task_id=task_id,
            due_on=back_on,
            who=click.who,
        )
    _log(
        session,
        click,
        "reminder:later",
        f"Do It Later: back on {spelled(back_on)}",
        {"on": back_on.isoformat()},
    )


def end_later(session: Session, click: Click) -> None:
    """Show a customer again that was put off. Raise OutdatedError."""
    state = lock(session, click)
    state.snoozed_until = state.snoozed_on = None
    _log(session, click, "reminder:now", "Do It Later was ended", {})


def remind_manually(session: Session, click: Click, *, on: date) -> None:
    """Set the reminder to Manual: back on that day, whatever the levels say. Raise OutdatedError, DateNotAheadError."""
    _must_lie_ahead(on, click.today)
    state = lock(session, click)
    state.manual_on = on
    _log(session, click, "reminder:manual", f"Reminder set to Manual: {spelled(on)}", {"on": on.isoformat()})


def remind_automatically(session: Session, click: Click) -> None:
    """Set the reminder to Auto: back when a level is next reached. Raise OutdatedError."""
    state = lock(session, click)
    state.manual_on = None
    _log(session, click, "reminder:auto", "Reminder set to Auto", {})


def log_call(session: Session, click: Click, *, outcome: str, text: str) -> None:
    """Record a telephone call as an action. Raise OutdatedError."""
    record_action(session, click, kind="call")
    _log(session, click, "call:logged", f"{outcome}: {text}" if text else outcome, {"outcome": outcome})


def write_note(session: Session, click: Click, *, text: str) -> None:
    """Write a note into the chatter; it is no action and changes nothing."""
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="note:written",
        who=click.who,
        text=text,
    )


def _must_lie_ahead(day: date, today: date) -> None:
    if day <= today:
        raise DateNotAheadError(day)


def _log(session: Session, click: Click, tag: str, text: str, facts: dict[str, object]) -> None:
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag=tag,
        who=click.who,
        text=text,
        facts={"number": click.number, **facts},
    )
    touch(session, [click.customer_id])
