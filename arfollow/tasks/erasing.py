"""What tasks say of a customer that is erased."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from arfollow.database import touch
from arfollow.tasks.tables import Task


def erase_tasks(session: Session, *, customer_id: int, on: date) -> None:
    """Take the words of the customer's tasks; one that was open is skipped."""
    of_customer = update(Task).where(Task.customer_id == customer_id)
    session.execute(of_customer.where(Task.state == "open").values(state="skipped", closed_on=on))
    session.execute(of_customer.values(title="", text="", outcome=""))
    touch(session, [customer_id])
