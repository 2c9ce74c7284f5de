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
    """A task; state: open, done or skipped (then `outcome` is the reason). `assignee` is empty when nobody's."""

    id: int
    customer_id: int
    title: str
    due_on: date
    assignee_id: int | None
    assignee: str
    state: str
    outcome: str
    closed_on: date | None


def open_tasks(session: Session, *, company_id: int, customer_id: int) -> Sequence[TaskLine]:
    """The customer's open tasks, the earliest first."""
    return _lines(session, company_id, customer_id, "open")


def closed_tasks(session: Session, *, company_id: int, customer_id: int) -> Sequence[TaskLine]:
    """The customer's tasks that were done or skipped, the earliest first."""
    return [
        *_lines(session, company_id, customer_id, "done"),
        *_lines(session, company_id, customer_id, "skipped"),
    ]


def _lines(session: Session, company_id: int, customer_id: int, state: str) -> list[TaskLine]:
    rows = session.execute(
        select(Task, User.name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.company_id == company_id, Task.customer_id == customer_id, Task.state == state)
        .order_by(Task.due_on, Task.id)
    )
    return [
        TaskLine(
            id=task.id,
            customer_id=task.customer_id,
            title=task.title,
            due_on=task.due_on,
            assignee_id=task.assignee_id,
            assignee=assignee or "",
            state=task.state,
            outcome=task.outcome,
            closed_on=task.closed_on,
        )
        for task, assignee in rows
    ]
