"""Reads of users and of where they work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, Row, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.users.rules import Failures
from arfollow.users.tables import Absence, Membership, SignInFailure, User

_StandIn = aliased(User)
# Made once: every page asks these, and to build them anew would take longer than to run them.
_WORKPLACES = (
    select(Company.id, Company.name, Company.language, Company.country, Company.timezone, Membership.role)
    .join(Membership, Membership.company_id == Company.id)
    .join(User, User.id == Membership.user_id)
    .where(User.id == bindparam("user_id", type_=Integer()), User.active)
    .order_by(Company.name, Company.id)
)
_DAY = bindparam("day", type_=Date())
_AWAY = select(Absence.user_id, Absence.stand_in_id).where(
    Absence.company_id == bindparam("company_id", type_=Integer()),
    Absence.last_day >= _DAY,
    Absence.first_day <= _DAY,
)
_MEMBERS = (
    select(User.id, User.name, User.email, User.phone, User.active, User.one_time_password, Membership.role)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.company_id == bindparam("company_id", type_=Integer()))
    .order_by(User.active.desc(), User.name, User.id)
)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person who can sign in. `session_key` is part of each session; a new one ends them all.

    `language` is the one that the person wants pages in; empty: each company's.
    """

    id: int
    email: str
    name: str
    phone: str
    language: str
    active: bool
    one_time_password: bool
    session_key: str


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against."""

    user_id: int
    password_hash: str


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """A company that a user works in, and as what."""

    company_id: int
    company_name: str
    language: str
    country: str
    timezone: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What somebody is in another company; None: nothing."""

    company_id: int
    name: str
    role: Role | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A user of one company."""

    user_id: int
    name: str
    email: str
    phone: str
    role: Role
    active: bool
    one_time_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days, both inclusive, on which a user is away and another stands in."""

    id: int
    user_id: int
    name: str
    stand_in_id: int
    stand_in: str
    first_day: date
    last_day: date

    def is_on(self, day: date) -> bool:
        """Whether the day is among them."""
        return self.first_day <= day <= self.last_day


def find_account(session: Session, *, user_id: int) -> Account | None:
    """The user, active or not; None when there is none."""
    user = session.get(User, user_id)
    return None if user is None else _account(user)


def find_account_by_email(session: Session, *, email: str) -> Account | None:
    """The user with this address, however it is capitalised; None when there is none."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    return None if user is None else _account(user)


def find_credentials(session: Session, *, email: str) -> Credentials | None:
    """What an active user's password is checked against; None when nobody active has the address."""
    row = session.execute(
        select(User.id, User.password_hash).where(User.email == email.strip().lower(), User.active)
    ).one_or_none()
    return None if row is None else Credentials(user_id=row.id, password_hash=row.password_hash)


def workplaces(session: Session, *, user_id: int) -> Sequence[Workplace]:
    """The companies a user works in, by name; empty for a deactivated user."""
    return [
        Workplace(
            company_id=row.id,
            company_name=row.name,
            language=row.language,
            country=row.country,
            timezone=row.timezone,
            role=Role(row.role),
        )
        for row in session.execute(_WORKPLACES, {"user_id": user_id})
    ]


def workplaces_administered_by(session: Session, *, user_id: int) -> Sequence[Workplace]:
    """The companies in which the user is administrator, by name."""
    return [place for place in workplaces(session, user_id=user_id) if place.role is Role.ADMINISTRATOR]


def elsewhere(
    session: Session, *, administrator_id: int, user_id: int, company_id: int
) -> Sequence[Elsewhere]:
    """What the user is in each other company that the administrator administers, by name."""
    places = workplaces_administered_by(session, user_id=administrator_id)
    roles = session.execute(
        select(Membership.company_id, Membership.role).where(Membership.user_id == user_id)
    )
    known = {row.company_id: Role(row.role) for row in roles}
    return [
        Elsewhere(company_id=place.company_id, name=place.company_name, role=known.get(place.company_id))
        for place in places
        if place.company_id != company_id
    ]


def roles_elsewhere(
    session: Session, *, administrator_id: int, company_id: int
) -> Mapping[int, Sequence[Elsewhere]]:
    """By the company's users: what they are in the other companies that the administrator administers, by name."""
    own = aliased(Membership)
    here = select(Membership.user_id).where(Membership.company_id == company_id)
    rows = session.execute(
        select(Membership.user_id, Membership.role, Company.id, Company.name)
        .join(Company, Company.id == Membership.company_id)
        .join(own, own.company_id == Membership.company_id)
        .where(own.user_id == administrator_id, own.role == Role.ADMINISTRATOR.value)
        .where(Membership.company_id != company_id, Membership.user_id.in_(here))
        .order_by(Company.name, Company.id)
    )
    found: dict[int, list[Elsewhere]] = {}
    for row in rows:
        place = Elsewhere(company_id=row.id, name=row.name, role=Role(row.role))
        found.setdefault(row.user_id, []).append(place)
    return found


def members(session: Session, *, company_id: int) -> Sequence[Member]:
    """The company's users, the active ones first, by name."""
    return [_member(row) for row in session.execute(_MEMBERS, {"company_id": company_id})]


def find_member(session: Session, *, company_id: int, user_id: int) -> Member | None:
    """One user of the company; None when there is none."""
    one = _MEMBERS.where(User.id == user_id)
    row = session.execute(one, {"company_id": company_id}).one_or_none()
    return None if row is None else _member(row)


def count_users(session: Session) -> int:
    """How many users there are, in all companies."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def failures_since(session: Session, *, since: datetime, email: str, address: str) -> Failures:
    """When sign-ins failed since then (inclusive), with this e-mail address and from this network address."""
    rows = session.execute(
        select(SignInFailure.email, SignInFailure.address, SignInFailure.at).where(
            SignInFailure.at >= since, (SignInFailure.email == email) | (SignInFailure.address == address)
        )
    ).all()
    return Failures(
        by_email=[row.at for row in rows if row.email == email],
        by_address=[row.at for row in rows if row.address == address],
    )


def absences(session: Session, *, company_id: int, today: date) -> Sequence[Away]:
    """Absences that are not over today, the earliest first."""
    rows = session.execute(
        select(Absence, User.name, _StandIn.name)
        .join(User, User.id == Absence.user_id)
        .join(_StandIn, _StandIn.id == Absence.stand_in_id)
        .where(Absence.company_id == company_id, Absence.last_day >= today)
        .order_by(Absence.first_day, User.name, Absence.id)
    )
    return [
        Away(
            id=absence.id,
            user_id=absence.user_id,
            name=name,
            stand_in_id=absence.stand_in_id,
            stand_in=stand_in_name,
            first_day=absence.first_day,
            last_day=absence.last_day,
        )
        for absence, name, stand_in_name in rows
    ]


def away_on(session: Session, *, company_id: int, day: date) -> Mapping[int, int]:
    """Stand-ins by who is away on the day."""
    rows = session.execute(_AWAY, {"company_id": company_id, "day": day})
    return {row.user_id: row.stand_in_id for row in rows}


def find_absence(session: Session, *, company_id: int, absence_id: int) -> int | None:
    """Whose absence it is; None: there is none of that id in the company."""
    return session.scalar(
        select(Absence.user_id).where(Absence.id == absence_id, Absence.company_id == company_id)
    )


def _account(user: User) -> Account:
    return Account(
        id=user.id,
        email=user.email,
        name=user.name,
        phone=user.phone,
        language=user.language,
        active=user.active,
        one_time_password=user.one_time_password,
        session_key=user.session_key,
    )


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    return Member(
        user_id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        role=Role(row.role),
        active=row.active,
        one_time_password=row.one_time_password,
    )
