"""How customers are called, for subjects that know their ids only."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.customers import CustomerName
from arfollow.receivables.tables import Customer

_BATCH = 500


def names_of_customers(
    session: Session, company_id: int, customer_ids: Collection[int]
) -> Mapping[int, CustomerName]:
    """Number and name by id; an id that no customer of the company has is left out."""
    ids = sorted(customer_ids)
    found: dict[int, CustomerName] = {}
    query = select(Customer.id, Customer.number, Customer.name).where(Customer.company_id == company_id)
    for start in range(0, len(ids), _BATCH):
        some = query.where(Customer.id.in_(ids[start : start + _BATCH]))
        for id_, number, name in session.execute(some):
            found[id_] = CustomerName(number=number, name=name)
    return found
