"""Writes of roles. A company always keeps an active administrator."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.users.operations.recording import record_in
from arfollow.users.tables import Membership, User
from arfollow.values.refusals import N_, Refusal


class LastAdministratorError(Refusal, RuntimeError):
    """The company would be left without an administrator."""

    def __init__(self) -> None:
        super().__init__(
            N_("This is the company's last administrator. Make somebody else administrator first.")
        )


class ElsewhereError(Refusal, RuntimeError):
    """The user also works in a company that the acting user doesn't administer."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_(
                "%(name)s also works in another company, which you don't administer. Take the role in this company away instead, or ask an administrator of both."
            ),
            name=name,
        )


def set_role(session: Session, *, company_id: int, user_id: int, role: Role, who: str) -> None:
    """Give a user a role in the company, the first or another one; raise LastAdministratorError."""
    user = session.get_one(User, user_id)
    _lock(session, company_id)
    membership = session.get(Membership, (user_id, company_id))
    if membership is not None and membership.role == role:
        return
    before = None if membership is None else membership.role
    if before == Role.ADMINISTRATOR:
        keep_an_administrator(session, company_id=company_id, without=user_id)
    if membership is None:
        session.add(Membership(user_id=user_id, company_id=company_id, role=role.value))
    else:
        membership.role = role.value
    _record(session, company_id=company_id, user=user, who=who, before=before, after=role.value)


def remove_role(session: Session, *, company_id: int, user_id: int, who: str) -> None:
    """Let a user no longer work in the company; raise LastAdministratorError."""
    user = session.get_one(User, user_id)
    _lock(session, company_id)
    membership = session.get_one(Membership, (user_id, company_id))
    if membership.role == Role.ADMINISTRATOR:
        keep_an_administrator(session, company_id=company_id, without=user_id)
    session.delete(membership)
    _record(session, company_id=company_id, user=user, who=who, before=membership.role, after=None)


def keep_an_administrator(session: Session, *, company_id: int, without: int) -> None:
    """Raise LastAdministratorError when nobody but the user `without` is an active administrator."""
    _lock(session, company_id)
    others = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.company_id == company_id,
            Membership.role == Role.ADMINISTRATOR.value,
            Membership.user_id != without,
            User.active,
        )
    )
    if not others:
        raise LastAdministratorError


def check_administers(session: Session, *, administrator_id: int, user_id: int) -> None:
    """Raise ElsewhereError unless the one is administrator in every company that the other works in.

    Who may set a user's password may act as that user everywhere.
    """
    administered = select(Membership.company_id).where(
        Membership.user_id == administrator_id, Membership.role == Role.ADMINISTRATOR.value
    )
    elsewhere = select(Membership.company_id).where(
        Membership.user_id == user_id, Membership.company_id.not_in(administered)
    )
    if session.execute(elsewhere.limit(1)).first() is not None:
        raise ElsewhereError(session.get_one(User, user_id).name)


def _lock(session: Session, company_id: int) -> None:
    """Two administrators who take each other's role away must not both succeed."""
    session.execute(select(Company.id).where(Company.id == company_id).with_for_update())


def _record(
    session: Session, *, company_id: int, user: User, who: str, before: str | None, after: str | None
) -> None:
    text = f"{user.name}: {before or 'no role'} → {after or 'no role'}"
    facts = {"before": before, "after": after}
    record_in(session, company_id=company_id, user=user, tag="user:role", who=who, text=text, facts=facts)
