"""The level's to-do: doing it logs the outcome."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import level_in_use, lock, record_action
from arfollow.followup.queries.messages import todo_title


class NoTodoError(ValueError):
    """The customer is at no level, so there is no to-do."""

    def __init__(self) -> None:
        super().__init__("No level has been reached, so there is no to-do. Log a call or add a task instead.")


def do_todo(session: Session, click: Click, *, outcome: str, text: str = "") -> None:
    """Record that the to-do of the level in use was done. Raise OutdatedError, NoTodoError."""
    lock(session, click)
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
