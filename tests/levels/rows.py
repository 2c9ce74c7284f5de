from datetime import date

from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.levels.tables import ItemPlace
from arfollow.receivables.tables import Customer, Instalment, Invoice


def add_company(session: Session, name: str = "ACME GmbH") -> int:
    company = Company(name=name, country="DE", currency="EUR", language="en")
    session.add(company)
    session.flush()
    return company.id


def add_customer(session: Session, company_id: int, number: str = "C-1") -> int:
    customer = Customer(company_id=company_id, number=number, name=number)
    session.add(customer)
    session.flush()
    return customer.id


def add_item(
    session: Session, customer_id: int, number: str, due: date, settled_on: date | None = None
) -> int:
    """An invoice of EUR 100.00 with one instalment; gives the instalment's id."""
    company_id = session.get_one(Customer, customer_id).company_id
    invoice = Invoice(company_id=company_id, customer_id=customer_id, number=number, date=due, currency="EUR")
    session.add(invoice)
    session.flush()
    instalment = Instalment(
        company_id=company_id,
        customer_id=customer_id,
        invoice_id=invoice.id,
        number=1,
        due_date=due,
        amount=10000,
        settled_on=settled_on,
    )
    session.add(instalment)
    session.flush()
    return instalment.id


def add_place(session: Session, instalment_id: int, level_id: int, followed_on: date) -> None:
    customer_id = session.get_one(Instalment, instalment_id).customer_id
    session.add(
        ItemPlace(
            instalment_id=instalment_id, customer_id=customer_id, level_id=level_id, followed_on=followed_on
        )
    )
    session.flush()
