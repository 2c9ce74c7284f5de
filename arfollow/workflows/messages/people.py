"""Colleagues: who a step is for, and whom its notice goes to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, Row, Select, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.access import Role
from arfollow.bulk import one_of
from arfollow.companies.queries import automatic_sending
from arfollow.companies.tables import Company
from arfollow.receivables.tables import Customer
from arfollow.users.queries import away_on
from arfollow.users.rules import stand_in
from arfollow.users.tables import Membership, User
from arfollow.workflows.rules.definition import Settings

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who works with the company. `user_id` None: outside its users; `language`: that a notice is written in."""

    email: str
    name: str = ""
    language: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The company's people as of today, each read once however many steps are for them.

    `customer_ids`: whose people are read all at once.
    """

    company_id: int
    today: date
    customer_ids: Collection[int] = ()
    _found: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, what: Hashable, read: Callable[[], Found]) -> Found:
        """What was read of it, else what `read` gives."""
        if what not in self._found:
            self._found[what] = read()
        found: Found = self._found[what]
        return found

    def keep(self, what: Hashable, found: object) -> None:
        """What was read of it together with others."""
        self._found[what] = found


def colleague(
    session: Session, staff: Staff, *, customer_id: int, settings: Settings, language: str
) -> Colleague | None:
    """Whom a step is for: the person responsible, the sales representative, a manager, or the one named by e-mail address.

    On days away it is who stands in. `language`: the company's, for who wants no other. None: nobody in particular, or what is
    named is no address, or that of somebody who has left.
    """
    who = settings.get("who", "responsible")
    named = str(settings.get("person", "")).strip()
    match who:
        case "person":
            user = _user(session, staff, User.email, named.casefold())
            if user is None and not _has_left(session, staff, named.casefold()):
                return _outside(named, language)
        case "manager":
            user = _user(session, staff, Membership.role, Role.MANAGER.value)
        case "sales":
            user = _of_customer(session, staff, customer_id, sales=True)
        case _:
            user = _of_customer(session, staff, customer_id, sales=False)
    return _of(user, language) if user else None


def in_their_place(session: Session, *, company_id: int, today: date) -> Colleague | None:
    """Who is told when there is nobody in particular: the address for the company's digests; None: there is none."""
    sending = automatic_sending(session, company_id=company_id, today=today)
    language = session.scalars(select(Company.language).where(Company.id == company_id)).one()
    return Colleague(email=sending.digest_email, language=language) if sending.digest_email else None


def sales_representatives(session: Session, *, customer_ids: Collection[int]) -> Mapping[int, str]:
    """The names of the customers' sales representatives; not of those who have none, or none any more."""
    rows = session.execute(
        select(Customer.id, User.name)
        .join(User, User.id == Customer.sales_id)
        .where(one_of(Customer.id, sorted(customer_ids)), User.active)
    )
    return dict(rows.all())


def _of_customer(session: Session, staff: Staff, customer_id: int, *, sales: bool) -> User | None:
    customer = session.get_one(Customer, customer_id)
    user_id = customer.sales_id if sales else customer.responsible_id
    if user_id is None:
        return None
    if staff.customer_ids:
        staff.once("whose", lambda: _read_whose(session, staff))
    away = staff.once("away", lambda: away_on(session, company_id=staff.company_id, day=staff.today))
    return _user(session, staff, User.id, stand_in(user_id, away))


def _read_whose(session: Session, staff: Staff) -> None:
    """Whose the customers are; who stands in for one of them is read when it is asked."""
    theirs = one_of(Customer.id, [*staff.customer_ids])
    ids = union(*(select(column).where(theirs) for column in (Customer.responsible_id, Customer.sales_id)))
    for row in session.execute(_people(staff.company_id).where(User.id.in_(ids))):
        staff.keep((User.id.key, row.User.id), row)


def _user(session: Session, staff: Staff, column: InstrumentedAttribute[Any], value: object) -> User | None:
    """The first one who works with the company and of whom that is so."""
    found = staff.once((column.key, value), lambda: _first(session, staff.company_id, column == value))
    return found[0] if found else None


def _has_left(session: Session, staff: Staff, email: str) -> bool:
    """Whether it is the address of somebody who worked with the company, who is to get nothing of its customers any more."""
    left = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == staff.company_id, ~User.active, User.email == email)
    )
    return staff.once(("left", email), lambda: session.scalar(left.limit(1)) is not None)


def _first(session: Session, company_id: int, wanted: ColumnElement[bool]) -> Row[User, Membership] | None:
    """With the membership, which whoever gives a task asks for again."""
    return session.execute(_people(company_id).where(wanted).order_by(User.id).limit(1)).first()


def _people(company_id: int) -> Select[User, Membership]:
    """Who works with the company."""
    people = select(User, Membership).join(Membership, Membership.user_id == User.id)
    return people.where(Membership.company_id == company_id, User.active)


def _of(user: User, language: str) -> Colleague:
    return Colleague(email=user.email, name=user.name, language=user.language or language, user_id=user.id)


def _outside(address: str, language: str) -> Colleague | None:
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return Colleague(email=found.normalized, language=language)
