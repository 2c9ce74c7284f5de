"""Reads the telephone numbers that people wrote, so that a customer is found by the number that a text message came from.

Whoever stores a telephone leaves `phone_number` empty (None), and so does an import of a hundred thousand customers: the worker reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.database import Table, begin_write, commit
from arfollow.receivables.tables import Contact, Customer
from arfollow.values.phones import number_or_none

_AT_ONCE = 1000

_OF_CUSTOMERS = (
    select(Customer.id, Customer.phone, func.coalesce(func.nullif(Customer.country, ""), Company.country))
    .join(Company, Company.id == Customer.company_id)
    .where(Customer.phone_number.is_(None))
)
_OF_CONTACTS = (
    select(
        Contact.id,
        Contact.phone,
        func.coalesce(func.nullif(Contact.country, ""), func.nullif(Customer.country, ""), Company.country),
    )
    .join(Customer, Customer.id == Contact.customer_id)
    .join(Company, Company.id == Contact.company_id)
    .where(Contact.phone_number.is_(None))
)


def read_numbers(session: Session) -> None:
    """A job of the worker: read what has not been read yet, a thousand in each transaction; safe in two workers at once."""
    while _is_any_unread(session):
        begin_write(session)
        read_some(session)
        commit(session)


def read_some(session: Session) -> None:
    """Read the next thousand of customers, and of contacts."""
    for table, query in ((Customer, _OF_CUSTOMERS), (Contact, _OF_CONTACTS)):
        rows = _some(session, query)
        columns = Table.metadata.tables[table.__tablename__].c
        # Somebody may have written another one meanwhile, which is read next.
        store = (
            update(columns.id.table)
            .where(columns.id == bindparam("of"), columns.phone == bindparam("wrote"))
            .values(phone_number=bindparam("read"))
        )
        if rows:
            session.execute(
                store,
                [
                    {"of": id_, "wrote": phone, "read": number_or_none(phone, country=country)}
                    for id_, phone, country in rows
                ],
            )


def forget_numbers(session: Session, company_id: int) -> None:
    """Have the numbers read again of whom no country is known: the company's has changed."""
    for table in (Customer, Contact):
        session.execute(
            update(table)
            .where(table.company_id == company_id, table.country == "", table.phone != "")
            .values(phone_number=None),
            execution_options={"synchronize_session": False},
        )


def _is_any_unread(session: Session) -> bool:
    unread = any(
        session.scalar(select(table.id).where(table.phone_number.is_(None)).limit(1)) is not None
        for table in (Customer, Contact)
    )
    session.rollback()
    return unread


def _some(session: Session, query: Select[int, str, str]) -> Sequence[tuple[int, str, str]]:
    return [(id_, phone, country) for id_, phone, country in session.execute(query.limit(_AT_ONCE))]
