"""Writes of tasks: add, do, skip, move."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.lookup import lock_customer, required
from arfollow.tasks.tables import Task
from arfollow.users.tables import Membership
from arfollow.values.days import spelled
from arfollow.values.refusals import N_, Refusal


class TaskClosedError(Refusal, ValueError):
    """The task was done or skipped before."""

    def __init__(self, title: str, state: str, on: date | None) -> None:
        words = (
            N_("“%(title)s” was already done on %(day)s.")
            if state == "done"
            else N_("“%(title)s” was already skipped on %(day)s.")
        )
        super().__init__(words, title=title, day=on or "–")


class UnknownTaskError(Refusal, LookupError):
    """There is no such task of this customer."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such task of this customer."))


class UnknownAssigneeError(Refusal, ValueError):
    """The person does not work in this company."""

    def __init__(self) -> None:
        super().__init__(N_("A task can only be given to somebody who works in this company."))


def add_task(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    title: str,
    text: str = "",
    due_on: date,
    assignee_id: int | None = None,
    who: str,
    new_id: int | None = None,
) -> int:
    """A to-do about a customer for that day, `text` helps to do it; gives its id. Raise MissingTextError, UnknownAssigneeError.

    `new_id`: one that `bulk.new_ids` gave; then it is written together with others, by the session's next flush.
    """
    title = required(title, N_("what is to be done"))
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    if assignee_id is not None and session.get(Membership, (assignee_id, company_id)) is None:
        raise UnknownAssigneeError
    task = Task(
        id=new_id,
        company_id=company_id,
        customer_id=customer_id,
        title=title,
        text=text.strip(),
        due_on=due_on,
        assignee_id=assignee_id,
        outcome="",
    )
    session.add(task)
    if new_id is None:
        session.flush()
    _record(session, task, "task:added", f"To do on {spelled(due_on)}: {title}", who)
    return task.id


def do_task(
    session: Session, *, company_id: int, customer_id: int, task_id: int, outcome: str, on: date, who: str
) -> None:
    """The task is done, with this outcome (may be empty). Raise TaskClosedError, UnknownTaskError."""
    task = _open_task(session, company_id, customer_id, task_id)
    outcome = outcome.strip()
    task.state, task.outcome, task.closed_on = "done", outcome, on
    _record(session, task, "task:done", f"{task.title}{f': {outcome}' if outcome else ' (done)'}", who)


def skip_task(
    session: Session, *, company_id: int, customer_id: int, task_id: int, reason: str, on: date, who: str
) -> None:
    """The task will not be done, for this reason. Raise MissingTextError, TaskClosedError, UnknownTaskError."""
    reason = required(reason, N_("why the task is skipped"))
    task = _open_task(session, company_id, customer_id, task_id)
    task.state, task.outcome, task.closed_on = "skipped", reason, on
    _record(session, task, "task:skipped", f"{task.title} skipped: {reason}", who)


def move_task(
    session: Session, *, company_id: int, customer_id: int, task_id: int, due_on: date, who: str
) -> None:
    """The task is for another day. Raise TaskClosedError, UnknownTaskError."""
    task = _open_task(session, company_id, customer_id, task_id)
    if task.due_on == due_on:
        return
    before, task.due_on = task.due_on, due_on
    text = f"{task.title} moved from {spelled(before)} to {spelled(due_on)}"
    _record(session, task, "task:moved", text, who)


def _open_task(session: Session, company_id: int, customer_id: int, task_id: int) -> Task:
    task = session.scalar(
        select(Task)
        .where(Task.id == task_id, Task.company_id == company_id, Task.customer_id == customer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise UnknownTaskError
    if task.state != "open":
        raise TaskClosedError(task.title, task.state, task.closed_on)
    return task


def _record(session: Session, task: Task, tag: str, text: str, who: str) -> None:
    record(
        session,
        company_id=task.company_id,
        customer_id=task.customer_id,
        tag=tag,
        who=who,
        text=text,
        facts={"task": task.id, "due_on": task.due_on},
        personal={
            "title": task.title,
            "outcome": task.outcome,
            **({"text": task.text} if task.text else {}),
        },
    )
    touch(session, [task.customer_id])
