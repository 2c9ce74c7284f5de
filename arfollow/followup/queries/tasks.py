"""A customer's open tasks, and who can be given one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.tasks.tables import Task
from arfollow.users.tables import Membership, User


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task; `assignee` empty: nobody's in particular."""

    id: int
    title: str
    due_on: date
    assignee: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in the company."""

    user_id: int
    name: str


def open_tasks(session: Session, *, customer_id: int) -> tuple[TaskLine, ...]:
    """The customer's open tasks, the earliest first."""
    rows = session.execute(
        select(Task, User.name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.customer_id == customer_id, Task.state == "open")
        .order_by(Task.due_on, Task.id)
    )
    return tuple(
        TaskLine(id=task.id, title=task.title, due_on=task.due_on, assignee=assignee or "")
        for task, assignee in rows
    )


def colleagues(session: Session, *, company_id: int) -> tuple[Colleague, ...]:
    """The company's active users who may work, by name."""
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id, Membership.role != "auditor", User.active)
        .order_by(User.name, User.id)
    )
    return tuple(Colleague(user_id, name) for user_id, name in rows)
