"""Reads of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.tasks.tables import Task
from arfollow.users.tables import User


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task; `assignee` is empty when nobody's, `text` when there is no more to say than its title."""

    id: int
    customer_id: int
    title: str
    text: str
    due_on: date
    assignee_id: int | None
    assignee: str


def open_tasks(session: Session, *, company_id: int, customer_id: int) -> Sequence[TaskLine]:
    """The customer's open tasks, the earliest first."""
    rows = session.execute(
        select(Task, User.name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.company_id == company_id, Task.customer_id == customer_id, Task.state == "open")
        .order_by(Task.due_on, Task.id)
    )
    return [
        TaskLine(
            id=task.id,
            customer_id=task.customer_id,
            title=task.title,
            text=task.text,
            due_on=task.due_on,
            assignee_id=task.assignee_id,
            assignee=assignee or "",
        )
        for task, assignee in rows
    ]
