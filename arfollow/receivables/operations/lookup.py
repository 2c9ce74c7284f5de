"""What an operation is about, locked where it has to be; every id is looked up within the company."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.database import plain_rows, waited
from arfollow.receivables.tables import Credit, Customer, Dispute, Hold, Instalment, Invoice, Promise
from arfollow.values.refusals import N_, Refusal, Term

# Made once: to build them anew would take longer than to run them.
_LOCKED = (
    select(Customer)
    .where(
        Customer.id == bindparam("customer_id", type_=Integer()),
        Customer.company_id == bindparam("company_id", type_=Integer()),
    )
    # Not the full lock: rows that only point at the customer may still be added meanwhile.
    .with_for_update(key_share=True)
)
_ALL_LOCKED = (
    select(Customer.id)
    .where(one_of(Customer.id, "ids"), Customer.company_id == bindparam("company_id", type_=Integer()))
    .order_by(Customer.id)
    .with_for_update(key_share=True)
)
_HELD = "held customers"
Claim = TypeVar("Claim", Hold, Dispute, Promise)


class UnknownCustomerError(LookupError):
    """There is no such customer in this company."""

    def __init__(self, customer: object) -> None:
        super().__init__(f"There is no customer {customer} in this company.")


class UnknownItemError(Refusal, LookupError):
    """There is no such invoice or instalment of this customer."""

    def __init__(self, instalment_id: int) -> None:
        super().__init__(N_("There is no item %(number)s of this customer."), number=instalment_id)


class UnknownCreditError(Refusal, LookupError):
    """There is no such payment or credit note in this company."""

    def __init__(self, credit_id: int) -> None:
        super().__init__(
            N_("There is no payment or credit note %(number)s in this company."), number=credit_id
        )


class MissingTextError(Refusal, ValueError):
    """A text that the record needs was left empty."""

    def __init__(self, what: str) -> None:
        super().__init__(N_("Please enter %(what)s."), what=Term(what))


def lock_customer(session: Session, *, company_id: int, customer_id: int) -> Customer:
    """The customer; whoever writes to its account holds this lock, so that two clerks cannot spend one credit twice."""
    held: Customer | None = session.info.get(_HELD, {}).get((company_id, customer_id))
    if held is not None:
        return held
    customer = session.scalar(_LOCKED, {"customer_id": customer_id, "company_id": company_id})
    waited(session)
    if customer is None:
        raise UnknownCustomerError(customer_id)
    return customer


@contextmanager
def holding(session: Session, *, company_id: int, customer_ids: Collection[int]) -> Iterator[None]:
    """Within the block, `lock_customer` gives these without asking: this transaction, or its outermost, has locked them."""
    mine = select(Customer).where(one_of(Customer.id, [*customer_ids]), Customer.company_id == company_id)
    session.info[_HELD] = {(company_id, each.id): each for each in session.scalars(mine)}
    try:
        yield
    finally:
        session.info.pop(_HELD, None)


def lock_customers(session: Session, *, company_id: int, customer_ids: Collection[int]) -> None:
    """As `lock_customer`, for many at once, in the order of their ids; raise UnknownCustomerError."""
    asked = {"company_id": company_id, "ids": [*customer_ids]}
    found = plain_rows(session, _ALL_LOCKED, asked).scalars().all()
    waited(session)
    unknown = set(customer_ids).difference(found)
    if unknown:
        raise UnknownCustomerError(min(unknown))


def claim_of(session: Session, table: type[Claim], *, customer: Customer, claim_id: int) -> Claim | None:
    """The locked customer's hold, dispute or promise of that id, as it is now; None if it has no such."""
    return session.scalar(
        select(table)
        .where(table.id == claim_id, table.customer_id == customer.id)
        .execution_options(populate_existing=True)
    )


def item_of(session: Session, *, customer: Customer, instalment_id: int) -> tuple[Instalment, Invoice]:
    """The instalment with its invoice, if it is the customer's; raise UnknownItemError."""
    return items_of(session, customer=customer, instalment_ids=[instalment_id])[0]


def items_of(
    session: Session, *, customer: Customer, instalment_ids: Iterable[int]
) -> list[tuple[Instalment, Invoice]]:
    """The instalments with their invoices, each once, in the given order; raise UnknownItemError for one of another customer."""
    wanted = list(dict.fromkeys(instalment_ids))
    found = {
        instalment.id: (instalment, invoice)
        for instalment, invoice in session.execute(
            select(Instalment, Invoice)
            .join(Invoice, Invoice.id == Instalment.invoice_id)
            .where(Instalment.id.in_(wanted), Instalment.customer_id == customer.id)
        )
    }
    missing = [each for each in wanted if each not in found]
    if missing:
        raise UnknownItemError(missing[0])
    return [found[each] for each in wanted]


def lock_credit(session: Session, *, company_id: int, credit_id: int) -> tuple[Credit, Customer]:
    """The payment or credit note with its customer, who is locked first; raise UnknownCreditError."""
    owner = select(Credit.customer_id).where(Credit.id == credit_id, Credit.company_id == company_id)
    customer_id = session.scalar(owner)
    if customer_id is None:
        raise UnknownCreditError(credit_id)
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    # Read only now: what it was before the lock may be gone.
    credit = session.scalars(
        select(Credit).where(Credit.id == credit_id).execution_options(populate_existing=True)
    ).one()
    return credit, customer


def required(text: str, what: str) -> str:
    """The text without spaces around it; raise MissingTextError when nothing is left."""
    if not text.strip():
        raise MissingTextError(what)
    return text.strip()


def item_name(invoice: Invoice, instalment: Instalment) -> str:
    """How an item is called in words: the invoice's number, and the instalment's where it is not the first."""
    return invoice.number if instalment.number == 1 else f"{invoice.number}/{instalment.number}"
