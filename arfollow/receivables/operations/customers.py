"""Customers and their contacts: add, change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.lookup import lock_customer, required
from arfollow.receivables.operations.responsibility import check_member, go_by_the_rules
from arfollow.receivables.rules import fields as clean
from arfollow.receivables.tables import Contact, Customer
from arfollow.values.money import decimals
from arfollow.values.refusals import N_, Refusal


class ParentError(ValueError):
    """A customer's parent must be another customer of the company, and not one below it."""

    def __init__(self, number: str) -> None:
        super().__init__(f"The parent of customer {number} would be itself, or one of those below it.")


class UnknownContactError(Refusal, LookupError):
    """There is no such contact of this customer."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such contact of this customer."))


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFields:
    """What is kept of a customer besides its number; empty text: not known."""

    name: str
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""
    language: str = ""
    currency: str = ""
    vat: str = ""
    parent_id: int | None = None
    responsible_id: int | None = None
    sales_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """A person or address; an empty street means that letters go to the customer's own address."""

    kind: Literal["billing", "dunning"]
    name: str
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""


_CLEAN: Mapping[str, Callable[[str], str]] = {
    "email": clean.email,
    "street": clean.street,
    "country": clean.country,
    "language": clean.language,
}


_ABOUT_NUMBERS = ("phone", "country")


def save_customer(
    session: Session, *, company_id: int, number: str, customer: CustomerFields, who: str
) -> int:
    """Add the customer of that number, or change it; gives its id. Raise FieldError, ParentError, NotAMemberError.

    Saving what is there already changes nothing and writes no entry.
    """
    number = required(clean.line(number), "the customer's number")
    values = _cleaned(customer)
    if customer.currency:
        decimals(customer.currency)
    row = session.scalar(select(Customer).where(Customer.company_id == company_id, Customer.number == number))
    _check_references(session, company_id, number, row.id if row else None, customer)
    before = {} if row is None else {name: getattr(row, name) for name in values}
    row = row or Customer(company_id=company_id, number=number)
    for name, value in (*values.items(), ("responsible_by_rule", False)):
        setattr(row, name, value)
    if any(before.get(name) != values[name] for name in _ABOUT_NUMBERS):
        _read_numbers_again(session, row)
    session.add(row)
    go_by_the_rules(session, row)
    session.flush()
    values["responsible_id"] = row.responsible_id
    _record(session, row, subject="customer", before=before, after=values, who=who)
    return row.id


def choose_language(session: Session, *, company_id: int, customer_id: int, language: str, who: str) -> None:
    """The customer reads this language, an ISO 639 code; empty: the company's. Raise FieldError, UnknownCustomerError."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    before, after = {"language": customer.language}, {"language": clean.language(language)}
    customer.language = after["language"]
    session.flush()
    _record(session, customer, subject="customer", before=before, after=after, who=who)


def save_contact(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    contact: ContactFields,
    contact_id: int | None = None,
    who: str,
) -> int:
    """Add a contact, or change the one of that id; gives its id. Raise FieldError, UnknownContactError."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    values = _cleaned(contact)
    row: Contact | None
    if contact_id is None:
        row, before = Contact(company_id=company_id, customer_id=customer_id, **values), {}
        session.add(row)
    else:
        row = session.scalar(
            select(Contact).where(Contact.id == contact_id, Contact.customer_id == customer_id)
        )
        if row is None:
            raise UnknownContactError
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
    row.phone_number = None
    session.flush()
    _record(session, customer, subject="contact", before=before, after=values, who=who)
    return row.id


def remove_contact(session: Session, *, company_id: int, customer_id: int, contact_id: int, who: str) -> None:
    """Take a contact away; raise UnknownContactError."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    row = session.scalar(select(Contact).where(Contact.id == contact_id, Contact.customer_id == customer_id))
    if row is None:
        raise UnknownContactError
    session.delete(row)
    record(
        session,
        company_id=company_id,
        customer_id=customer.id,
        tag="contact:removed",
        who=who,
        text=f"Contact {row.name} ({row.kind}) removed",
        facts={"kind": row.kind},
        personal={"name": row.name, "email": row.email},
    )
    touch(session, [customer.id])


def _read_numbers_again(session: Session, customer: Customer) -> None:
    """Its own, and those of contacts that take its country."""
    customer.phone_number = None
    if customer.id is not None:
        session.execute(
            update(Contact)
            .where(Contact.customer_id == customer.id, Contact.country == "")
            .values(phone_number=None)
        )


def _cleaned(given: CustomerFields | ContactFields) -> dict[str, object]:
    values: dict[str, object] = {}
    for field in fields(given):
        value = getattr(given, field.name)
        values[field.name] = _CLEAN.get(field.name, clean.line)(value) if isinstance(value, str) else value
    required(str(values["name"]), N_("a name"))
    return values


def _check_references(
    session: Session, company_id: int, number: str, customer_id: int | None, customer: CustomerFields
) -> None:
    above, seen = customer.parent_id, set[int]()
    while above is not None:
        if above == customer_id or above in seen:
            raise ParentError(number)
        seen.add(above)
        above = lock_customer(session, company_id=company_id, customer_id=above).parent_id
    for user_id in (customer.responsible_id, customer.sales_id):
        check_member(session, company_id=company_id, user_id=user_id)


def _record(
    session: Session,
    customer: Customer,
    *,
    subject: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    who: str,
) -> None:
    changed = sorted(name for name in after if before.get(name, "") != after[name])
    if before and not changed:
        return
    what = f"Customer {customer.number}" if subject == "customer" else f"Contact {after['name']}"
    record(
        session,
        company_id=customer.company_id,
        customer_id=customer.id,
        tag=f"{subject}:{'changed' if before else 'added'}",
        who=who,
        text=f"{what} changed: {', '.join(changed).replace('_', ' ')}" if before else f"{what} added",
        facts={"fields": changed},
        personal={
            f"{name} {when}": str(values.get(name) or "")
            for name in changed
            for when, values in (("before", before), ("after", after))
        },
    )
    touch(session, [customer.id])
