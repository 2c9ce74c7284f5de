"""Reads of lists and their members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from arfollow.profiles.tables import CustomerList, ListMember
from arfollow.receivables.tables import Customer

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A list, with how many customers are on it."""

    id: int
    name: str
    day: dt.date | None
    time: str
    place: str
    map_link: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A customer on a list."""

    customer_id: int
    number: str
    name: str
    city: str
    email: str
    since: dt.date


def all_lists(session: Session, *, company_id: int) -> Sequence[ListLine]:
    """The company's lists: campaigns first, the latest first, then the others by name."""
    counted = (
        select(ListMember.list_id, func.count().label("members"))
        .join(CustomerList, CustomerList.id == ListMember.list_id)
        .where(CustomerList.company_id == company_id)
        .group_by(ListMember.list_id)
        .subquery()
    )
    rows = session.execute(
        select(CustomerList, func.coalesce(counted.c.members, 0))
        .outerjoin(counted, counted.c.list_id == CustomerList.id)
        .where(CustomerList.company_id == company_id)
        .order_by(CustomerList.day.is_(None), CustomerList.day.desc(), CustomerList.name)
    )
    return [_line(row, members) for row, members in rows]


def find_line(session: Session, *, company_id: int, list_id: int) -> ListLine | None:
    """The company's list of that id; None: there is none."""
    row = session.scalar(
        select(CustomerList).where(CustomerList.id == list_id, CustomerList.company_id == company_id)
    )
    return None if row is None else _line(row, count_members(session, list_id=list_id))


def count_members(session: Session, *, list_id: int, text: str = "") -> int:
    """How many customers are on the list; of those whose name or number contains the text."""
    found = select(func.count()).select_from(ListMember).where(ListMember.list_id == list_id)
    if text.strip():
        found = found.join(Customer, Customer.id == ListMember.customer_id).where(_contains(text))
    return session.scalar(found) or 0


def members_page(
    session: Session, *, list_id: int, text: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Sequence[MemberLine]:
    """A page (from 1) of the customers on the list whose name or number contains the text, by number."""
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, Customer.city, Customer.email, ListMember.since)
        .join(ListMember, ListMember.customer_id == Customer.id)
        .where(ListMember.list_id == list_id, *([_contains(text)] if text.strip() else []))
        .order_by(Customer.number)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [
        MemberLine(
            customer_id=row.id,
            number=row.number,
            name=row.name,
            city=row.city,
            email=row.email,
            since=row.since,
        )
        for row in rows
    ]


def _contains(text: str) -> ColumnElement[bool]:
    words = text.strip()
    return or_(
        Customer.name.icontains(words, autoescape=True), Customer.number.icontains(words, autoescape=True)
    )


def _line(row: CustomerList, members: int) -> ListLine:
    return ListLine(
        id=row.id,
        name=row.name,
        day=row.day,
        time=row.time,
        place=row.place,
        map_link=row.map_link,
        members=members,
    )
