"""What becomes of a level's to-do that was not done when its follow-up is Done."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.followup.clicks import Click
from arfollow.receivables.operations.lookup import required
from arfollow.tasks.operations import add_task
from arfollow.values.refusals import N_


def keep_todo(session: Session, click: Click, *, title: str, due_on: date, assignee_id: int | None) -> int:
    """Keep it as a task for that day, for this person, else for whoever clicks; gives the task's id."""
    return add_task(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        title=title,
        due_on=due_on,
        assignee_id=assignee_id or click.user_id,
        who=click.who,
    )


def skip_todo(session: Session, click: Click, *, title: str, reason: str) -> None:
    """It will not be done, for this reason. Raise MissingTextError."""
    reason = required(reason, N_("why the to-do is skipped"))
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="task:skipped",
        who=click.who,
        text=f"{title} skipped: {reason}",
        facts={"number": click.number},
        personal={"reason": reason},
    )
