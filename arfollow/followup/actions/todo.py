"""The level's to-do: doing it logs the outcome."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import (
    facts_for,
    is_followed,
    level_in_use,
    lock,
    open_follow_up,
    record_action,
)
from arfollow.followup.queries.messages import todo_title
from arfollow.followup.tables import RecordedAction
from arfollow.values.refusals import N_, Refusal


class NoTodoError(Refusal, ValueError):
    """The customer is at no level, so there is no to-do."""

    def __init__(self) -> None:
        super().__init__(
            N_("No level has been reached, so there is no to-do. Log a call or add a task instead.")
        )


class TodoDoneError(Refusal, ValueError):
    """The level's to-do has been done in this follow-up already."""

    def __init__(self, who: str) -> None:
        super().__init__(
            N_(
                "Nothing was logged: %(who)s has done this to-do already. Log a call or a note if there was more."
            ),
            who=who,
        )


def do_todo(session: Session, click: Click, *, outcome: str, text: str = "") -> None:
    """Record that the to-do of the level in use was done. Raise OutdatedError, TodoDoneError, NoTodoError."""
    lock(session, click)
    if (first := _done_by(session, click)) is not None:
        raise TodoDoneError(first)
    level_id = level_in_use(session, click)
    if level_id is None:
        raise NoTodoError
    title = todo_title(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        day=click.today,
        level_id=level_id,
    )
    record_action(session, click, kind="todo", level_id=level_id)
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="todo:done",
        who=click.who,
        text=f"{title}: {outcome}{f' – {text}' if text else ''}",
        facts={"number": click.number, "level_id": level_id, "outcome": outcome},
        personal={"title": title, "text": text},
    )


def _done_by(session: Session, click: Click) -> str | None:
    """Who has done the to-do in the present follow-up, or off the list today; None: nobody yet."""
    follow_up = open_follow_up(session, click)
    if follow_up is None and is_followed(session, click, facts_for(session, click)):
        return None
    done = select(RecordedAction.recorded_by).where(
        RecordedAction.customer_id == click.customer_id,
        RecordedAction.kind == "todo",
        RecordedAction.follow_up_id == follow_up.id
        if follow_up
        else RecordedAction.follow_up_id.is_(None) & (RecordedAction.recorded_on == click.today),
    )
    return session.scalars(done.limit(1)).first()
