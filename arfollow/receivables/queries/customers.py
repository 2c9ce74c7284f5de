"""Customers: card, search, labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from arfollow.bulk import one_of
from arfollow.receivables.tables import Contact, Customer, Instalment
from arfollow.users.tables import User

_RECENT = 100
_IDS = bindparam("ids", type_=Integer(), expanding=True)
_parent = aliased(Customer)
_sales = aliased(User)
# Made once: to build them anew would take longer than to run them.
_CARDS = (
    select(Customer, _parent.number, _parent.name, User.name, _sales.name)
    .outerjoin(_parent, _parent.id == Customer.parent_id)
    .outerjoin(User, User.id == Customer.responsible_id)
    .outerjoin(_sales, _sales.id == Customer.sales_id)
    .where(Customer.company_id == bindparam("company_id"))
)
_BY_NUMBER = _CARDS.where(Customer.number == bindparam("number"))
_BY_ID = _CARDS.where(Customer.id.in_(_IDS))
_CONTACTS = select(Contact).where(Contact.customer_id.in_(_IDS)).order_by(Contact.kind.desc(), Contact.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Whom an e-mail goes to; the address is empty when none is on file."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """Where a letter goes; `attention` is a person of the customer, or empty. Country: ISO code or empty."""

    name: str
    attention: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """A person or address of a customer; kind: billing or dunning."""

    id: int
    kind: str
    name: str
    email: str
    phone: str
    street: str
    city: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """What is known of a customer; empty text: not known. Contacts: those for dunning first."""

    id: int
    company_id: int
    number: str
    name: str
    email: str
    phone: str
    street: str
    city: str
    postal_code: str
    country: str
    language: str
    currency: str
    vat: str
    parent_id: int | None
    parent_number: str
    parent_name: str
    responsible_id: int | None
    responsible: str
    responsible_by_rule: bool
    sales_id: int | None
    sales: str
    contacts: tuple[ContactCard, ...]

    @property
    def mailbox(self) -> Mailbox:
        """The dunning contact's address, else the billing contact's, else the customer's own."""
        for contact in self.contacts:
            if contact.email:
                return Mailbox(name=contact.name, email=contact.email)
        return Mailbox(name=self.name, email=self.email)

    @property
    def postal_address(self) -> PostalAddress:
        """The dunning contact's address, else the billing contact's, else the customer's own."""
        contact = next((each for each in self.contacts if each.street or each.city), None)
        at = contact or self
        person = contact or next(iter(self.contacts), None)
        attention = "" if person is None or person.name == self.name else person.name
        return PostalAddress(
            name=self.name,
            attention=attention,
            street=at.street,
            postal_code=at.postal_code,
            city=at.city,
            country=at.country,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHit:
    """A customer that a search found."""

    id: int
    number: str
    name: str
    city: str


def find_customer(session: Session, *, company_id: int, number: str) -> CustomerCard | None:
    """The company's customer of that number; None when there is none."""
    return next(_cards(session, _BY_NUMBER, {"company_id": company_id, "number": number}), None)


def cards_of(
    session: Session, *, company_id: int, customer_ids: Collection[int]
) -> Mapping[int, CustomerCard]:
    """The company's customers among these, by id."""
    asked = {"company_id": company_id, "ids": sorted(customer_ids)}
    return {card.id: card for card in _cards(session, _BY_ID, asked)}


def ids_by_number(session: Session, *, company_id: int, numbers: Collection[str]) -> dict[str, int]:
    """The ids of the company's customers of these numbers, by number; a number that nobody has is not in it."""
    rows = session.execute(
        select(Customer.number, Customer.id).where(
            Customer.company_id == company_id, one_of(Customer.number, sorted(numbers))
        )
    )
    return dict(rows.all())


def search_customers(
    session: Session, *, company_id: int, text: str, limit: int = 20
) -> Sequence[CustomerHit]:
    """Customers whose name or number contains the text, whatever its case; by name. Empty text finds nobody."""
    # No database holds that character, so nobody is called so.
    words = text.replace("\0", "").strip()
    if not words:
        return []
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, Customer.city)
        .where(
            Customer.company_id == company_id,
            or_(
                Customer.name.icontains(words, autoescape=True),
                Customer.number.icontains(words, autoescape=True),
            ),
        )
        .order_by(Customer.name, Customer.id)
        .limit(limit)
    )
    return [CustomerHit(id=row.id, number=row.number, name=row.name, city=row.city) for row in rows]


def average_days_late(session: Session, *, company_id: int, customer_id: int) -> int | None:
    """How late the customer's last 100 settled items were paid on average, in whole days; paid early counts as 0.

    None when nothing was settled yet.
    """
    rows = session.execute(
        select(Instalment.settled_on, Instalment.due_date)
        .where(
            Instalment.company_id == company_id,
            Instalment.customer_id == customer_id,
            Instalment.settled_on.is_not(None),
        )
        .order_by(Instalment.settled_on.desc(), Instalment.id.desc())
        .limit(_RECENT)
    )
    late = [max(0, _days(due, settled)) for settled, due in rows if settled is not None]
    return (2 * sum(late) + len(late)) // (2 * len(late)) if late else None


def _days(due: date, settled: date) -> int:
    return (settled - due).days


def _cards(
    session: Session, statement: Select[Customer, str, str, str, str], asked: Mapping[str, object]
) -> Iterator[CustomerCard]:
    rows = session.execute(statement, asked).all()
    contacts = _contacts(session, [row[0].id for row in rows])
    for customer, parent_number, parent_name, responsible, sales in rows:
        yield CustomerCard(
            id=customer.id,
            company_id=customer.company_id,
            number=customer.number,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            street=customer.street,
            city=customer.city,
            postal_code=customer.postal_code,
            country=customer.country,
            language=customer.language,
            currency=customer.currency,
            vat=customer.vat,
            parent_id=customer.parent_id,
            parent_number=parent_number or "",
            parent_name=parent_name or "",
            responsible_id=customer.responsible_id,
            responsible=responsible or "",
            responsible_by_rule=customer.responsible_by_rule,
            sales_id=customer.sales_id,
            sales=sales or "",
            contacts=tuple(contacts.get(customer.id, ())),
        )


def _contacts(session: Session, customer_ids: Collection[int]) -> Mapping[int, list[ContactCard]]:
    found: dict[int, list[ContactCard]] = {}
    for row in session.scalars(_CONTACTS, {"ids": customer_ids}):
        found.setdefault(row.customer_id, []).append(
            ContactCard(
                id=row.id,
                kind=row.kind,
                name=row.name,
                email=row.email,
                phone=row.phone,
                street=row.street,
                city=row.city,
                postal_code=row.postal_code,
                country=row.country,
            )
        )
    return found
