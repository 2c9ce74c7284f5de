"""Telephone numbers of customers: which takes text messages, and whose one is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.receivables.rules.numbers import Owner
from arfollow.receivables.tables import Contact, Customer
from arfollow.values.phones import is_mobile, number_or_none


def mobiles(session: Session, *, customer_ids: Collection[int]) -> Mapping[int, str]:
    """The number (E.164) that takes text messages of each of these customers: of its contacts the first that is a mobile (those for
    dunning first), else its own; who has none, has no entry. Two statements.
    """
    found: dict[int, str] = {}
    for customer_id, number in (*_of_contacts(session, customer_ids), *_of_customers(session, customer_ids)):
        if customer_id not in found and is_mobile(number):
            found[customer_id] = number
    return found


def owners_of(session: Session, *, number: str) -> frozenset[Owner]:
    """The customers, of all companies, that have the number (E.164), themselves or by a contact."""
    query = union(
        select(Customer.company_id, Customer.id).where(Customer.phone_number == number),
        select(Contact.company_id, Contact.customer_id).where(Contact.phone_number == number),
    )
    return frozenset(Owner(company_id, customer_id) for company_id, customer_id in session.execute(query))


def _of_contacts(session: Session, customer_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    country = func.coalesce(
        func.nullif(Contact.country, ""), func.nullif(Customer.country, ""), Company.country
    )
    rows = session.execute(
        select(Contact.customer_id, Contact.phone, Contact.phone_number, country)
        .join(Customer, Customer.id == Contact.customer_id)
        .join(Company, Company.id == Contact.company_id)
        .where(Contact.customer_id.in_(customer_ids), Contact.phone != "")
        .order_by(Contact.kind.desc(), Contact.id)
    )
    return _numbers(rows)


def _of_customers(session: Session, customer_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    country = func.coalesce(func.nullif(Customer.country, ""), Company.country)
    rows = session.execute(
        select(Customer.id, Customer.phone, Customer.phone_number, country)
        .join(Company, Company.id == Customer.company_id)
        .where(Customer.id.in_(customer_ids), Customer.phone != "")
    )
    return _numbers(rows)


def _numbers(rows: Iterable[tuple[int, str, str | None, str]]) -> Iterator[tuple[int, str]]:
    """The worker may not have read it yet."""
    for customer_id, phone, known, country in rows:
        yield customer_id, number_or_none(phone, country=country) if known is None else known
