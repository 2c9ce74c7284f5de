"""Chatter entries about users: one in each company that the user works in."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.users.tables import Membership, User


def record_in(
    session: Session,
    *,
    company_id: int,
    user: User,
    tag: str,
    who: str,
    text: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Record something about the user in one company."""
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=text,
        facts={"user": user.id, **(facts or {})},
        personal={"name": user.name, "email": user.email},
    )


def record_everywhere(session: Session, *, user: User, tag: str, who: str, text: str) -> None:
    """Record something about the user in every company that the user works in."""
    session.flush()
    companies = session.scalars(
        select(Membership.company_id).where(Membership.user_id == user.id).order_by(Membership.company_id)
    )
    for company_id in companies.all():
        record_in(session, company_id=company_id, user=user, tag=tag, who=who, text=text)
