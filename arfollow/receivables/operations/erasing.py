"""What the ledger knows of a customer as a person or by heart; its number and its money stay."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from arfollow.database import Table, touch
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.receivables.tables import Contact, Credit, Dispute, Hold, Invoice, Promise, SignedLink

ERASED_NAME = "Erased"
"""What stands where a customer's name was."""

_WRITTEN: dict[type[Table], tuple[str, ...]] = {
    Invoice: ("reference",),
    Credit: ("reference",),
    Hold: ("reason",),
    Dispute: ("reason", "outcome"),
    Promise: ("note",),
}
_KNOWN = ("email", "phone", "street", "city", "postal_code", "vat")


def is_erased(name: str) -> bool:
    """Whether nobody is known any more behind a customer of that name; who comes in with a name again is somebody."""
    return name == ERASED_NAME


def personal_texts(session: Session, *, company_id: int, customer_id: int) -> tuple[str, ...]:
    """The names, addresses and numbers that are known of the customer and its contacts, each once."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    contacts = session.scalars(select(Contact).where(Contact.customer_id == customer_id)).all()
    found = [getattr(customer, name) for name in ("name", *_KNOWN)]
    found += [getattr(contact, name) for contact in contacts for name in ("name", *_KNOWN[:-1])]
    return tuple(dict.fromkeys(text for text in found if text))


def erase_customer(session: Session, *, company_id: int, customer_id: int) -> None:
    """Take name, addresses, contacts, links and everything that was written by hand; raise UnknownCustomerError."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    customer.name = ERASED_NAME
    for name in _KNOWN:
        setattr(customer, name, "")
    customer.phone_number = ""
    for owned in (Contact, SignedLink):
        session.execute(delete(owned).where(owned.customer_id == customer_id))
    for table, names in _WRITTEN.items():
        columns = table.metadata.tables[table.__tablename__].columns
        session.execute(
            update(table).where(columns["customer_id"] == customer_id).values(dict.fromkeys(names, ""))
        )
    session.flush()
    touch(session, [customer_id])
