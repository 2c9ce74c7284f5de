"""How a customer can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.receivables.tables import Contact, Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A person or address. `kind`: dunning, billing or customer (the account's own data)."""

    kind: str
    name: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str


_ORDER = ("dunning", "billing")


def contacts(session: Session, *, customer_id: int) -> tuple[Reach, ...]:
    """The customer's contacts, those for reminders first, and last the account's own data."""
    found = session.scalars(select(Contact).where(Contact.customer_id == customer_id).order_by(Contact.id))
    own = session.get_one(Customer, customer_id)
    return (
        *(_reach(each, each.kind) for each in sorted(found, key=lambda each: _ORDER.index(each.kind))),
        _reach(own, "customer"),
    )


def _reach(row: Contact | Customer, kind: str) -> Reach:
    return Reach(
        kind=kind,
        name=row.name,
        email=row.email,
        phone=row.phone,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        country=row.country,
    )
