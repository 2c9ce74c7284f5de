"""Whom a level's to-do about a customer is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.levels.drafts import Responsible
from arfollow.levels.tables import Level
from arfollow.receivables.tables import Customer
from arfollow.users.queries import away_on
from arfollow.users.rules import stand_in
from arfollow.users.tables import Membership, User


def person_for(
    session: Session, *, company_id: int, customer_id: int, level_id: int, day: date
) -> User | None:
    """The level's own choice while that person works here, else the customer's responsible; None: nobody is.

    On days on which that person is away, whoever stands in.
    """
    level = session.get_one(Level, level_id)
    if level.responsible == Responsible.MANAGER:
        found = session.scalars(_managers(company_id).limit(1)).first()
    else:
        found = _here(session, company_id, level.responsible_id)
    if found is None:
        responsible = select(Customer.responsible_id).where(
            Customer.id == customer_id, Customer.company_id == company_id
        )
        found = _here(session, company_id, session.scalar(responsible))
    if found is None:
        return None
    other = stand_in(found.id, away_on(session, company_id=company_id, day=day))
    return found if other == found.id else _here(session, company_id, other) or found


def managers(session: Session, *, company_id: int) -> Sequence[User]:
    """The company's managers, the one first who has been here the longest: a to-do for the manager is for that one."""
    return session.scalars(_managers(company_id)).all()


def _managers(company_id: int) -> Select[User]:
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id, Membership.role == Role.MANAGER.value, User.active)
        .order_by(User.id)
    )


def _here(session: Session, company_id: int, user_id: int | None) -> User | None:
    if user_id is None:
        return None
    return session.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(User.id == user_id, User.active, Membership.company_id == company_id)
    )
