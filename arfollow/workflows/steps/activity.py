"""An activity for one of the company's people: a task of the customer, which brings it onto the daily list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.receivables.tables import Customer
from arfollow.tasks.operations import add_task
from arfollow.users.tables import Membership, User
from arfollow.workflows.steps import Doing, Done
from arfollow.workflows.variables import spoken


def perform(session: Session, doing: Doing) -> Done:
    """Add the task, in the company's language, due so many days from today, for who the step names; who left is nobody in particular."""
    settings = doing.step.settings
    language = session.scalars(select(Company.language).where(Company.id == doing.company_id)).one()
    task_id = add_task(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        title=spoken(settings, language)["title"],
        due_on=doing.today + timedelta(days=int(settings.get("days", 0))),
        assignee_id=assignee(session, doing),
        who=doing.who,
    )
    return Done(task_id=task_id)


def assignee(session: Session, doing: Doing) -> int | None:
    """Whom the step is for: the person responsible, a manager, or the one named by e-mail address; None: nobody in particular."""
    settings = doing.step.settings
    match settings.get("who", "responsible"):
        case "person":
            wanted = User.email == str(settings.get("person", "")).casefold()
        case "manager":
            wanted = Membership.role == Role.MANAGER.value
        case _:
            wanted = User.id.in_(
                select(Customer.responsible_id).where(Customer.id == doing.customer_id).scalar_subquery()
            )
    people = select(User.id).join(Membership, Membership.user_id == User.id)
    return session.scalar(
        people.where(Membership.company_id == doing.company_id, User.active, wanted)
        .order_by(User.id)
        .limit(1)
    )
