"""Colleagues: who a step is for, and whom its notice goes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.companies.queries import automatic_sending
from arfollow.companies.tables import Company
from arfollow.receivables.tables import Customer
from arfollow.users.queries import away_on
from arfollow.users.rules import stand_in
from arfollow.users.tables import Membership, User
from arfollow.workflows.rules.definition import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who works with the company. `user_id` None: outside its users; `language`: that a notice is written in."""

    email: str
    name: str = ""
    language: str
    user_id: int | None = None


def colleague(
    session: Session, *, company_id: int, customer_id: int, settings: Settings, today: date, language: str
) -> Colleague | None:
    """Whom a step is for: the person responsible, the sales representative, a manager, or the one named by e-mail address.

    On days away it is who stands in. `language`: the company's, for who wants no other. None: nobody in particular, or what is named is no address.
    """
    who = settings.get("who", "responsible")
    named = str(settings.get("person", "")).strip()
    match who:
        case "person":
            user = _user(session, company_id, User.email == named.casefold())
            return _of(user, language) if user else _outside(named, language)
        case "manager":
            user = _user(session, company_id, Membership.role == Role.MANAGER.value)
        case "sales":
            user = _of_customer(session, company_id, customer_id, today, sales=True)
        case _:
            user = _of_customer(session, company_id, customer_id, today, sales=False)
    return _of(user, language) if user else None


def in_their_place(session: Session, *, company_id: int, today: date) -> Colleague | None:
    """Who is told when there is nobody in particular: the address for the company's digests; None: there is none."""
    sending = automatic_sending(session, company_id=company_id, today=today)
    language = session.scalars(select(Company.language).where(Company.id == company_id)).one()
    return Colleague(email=sending.digest_email, language=language) if sending.digest_email else None


def sales_representative(session: Session, customer_id: int) -> str:
    """The name of the customer's sales representative; empty: there is none, or not any more."""
    name = session.scalar(
        select(User.name)
        .join(Customer, Customer.sales_id == User.id)
        .where(Customer.id == customer_id, User.active)
    )
    return name or ""


def _of_customer(
    session: Session, company_id: int, customer_id: int, today: date, *, sales: bool
) -> User | None:
    column = Customer.sales_id if sales else Customer.responsible_id
    user_id = session.scalar(select(column).where(Customer.id == customer_id))
    if user_id is None:
        return None
    at_work = stand_in(user_id, away_on(session, company_id=company_id, day=today))
    return _user(session, company_id, User.id == at_work)


def _user(session: Session, company_id: int, wanted: ColumnElement[bool]) -> User | None:
    people = select(User).join(Membership, Membership.user_id == User.id)
    return session.scalar(
        people.where(Membership.company_id == company_id, User.active, wanted).order_by(User.id).limit(1)
    )


def _of(user: User, language: str) -> Colleague:
    return Colleague(email=user.email, name=user.name, language=user.language or language, user_id=user.id)


def _outside(address: str, language: str) -> Colleague | None:
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return Colleague(email=found.normalized, language=language)
