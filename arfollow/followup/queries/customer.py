"""Who a customer is: what stands at the head of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from arfollow.companies.tables import Company
from arfollow.followup.tables import CustomerState
from arfollow.receivables.tables import Customer, Instalment
from arfollow.users.tables import User

_HABIT_DAYS = 365
_HABIT_ITEMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHead:
    """A customer. `days_late`: how late it paid on average what it paid in the last year, None when that was nothing.

    `follow_up`: the number of its present follow-up, which every form of its page carries.
    """

    id: int
    number: str
    name: str
    city: str
    country: str
    language: str
    email: str
    phone: str
    parent_number: str
    parent_name: str
    responsible_id: int | None
    responsible: str
    follow_up: int
    manual_on: date | None
    snoozed_until: date | None
    days_late: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyTerms:
    """What the company's own settings say about working its customers."""

    currency: str
    country: str
    language: str
    bucket_days: tuple[int, ...]
    imported_on: date | None
    import_limit_days: int
    promise_limit_days: int

    def import_is_old(self, today: date) -> bool:
        """Whether the open items were last imported longer ago than the limit; False where nothing is ever imported."""
        return self.imported_on is not None and (today - self.imported_on).days > self.import_limit_days


def customer_id(session: Session, *, company_id: int, number: str) -> int | None:
    """The id of the company's customer with this number; None: there is none."""
    return session.scalar(
        select(Customer.id).where(Customer.company_id == company_id, Customer.number == number)
    )


def find_customer(session: Session, *, company_id: int, number: str, today: date) -> CustomerHead | None:
    """The company's customer with this number; None: there is none."""
    parent = aliased(Customer)
    row = session.execute(
        select(
            Customer,
            User.name,
            parent.number,
            parent.name,
            func.coalesce(CustomerState.number, 1),
            CustomerState.manual_on,
            CustomerState.snoozed_until,
        )
        .outerjoin(User, User.id == Customer.responsible_id)
        .outerjoin(CustomerState, CustomerState.customer_id == Customer.id)
        .outerjoin(parent, parent.id == Customer.parent_id)
        .where(Customer.company_id == company_id, Customer.number == number)
    ).one_or_none()
    if row is None:
        return None
    customer, responsible, parent_number, parent_name, follow_up, manual_on, snoozed_until = row
    return CustomerHead(
        id=customer.id,
        number=customer.number,
        name=customer.name,
        city=customer.city,
        country=customer.country,
        language=customer.language,
        email=customer.email,
        phone=customer.phone,
        parent_number=parent_number or "",
        parent_name=parent_name or "",
        responsible_id=customer.responsible_id,
        responsible=responsible or "",
        follow_up=follow_up,
        manual_on=manual_on,
        snoozed_until=snoozed_until,
        days_late=_average_days_late(session, customer.id, today),
    )


def company_terms(session: Session, *, company_id: int) -> CompanyTerms:
    """The company's settings that its customers' pages follow."""
    row = session.execute(
        select(
            Company.currency,
            Company.country,
            Company.language,
            Company.bucket_days,
            Company.imported_on,
            Company.import_limit_days,
            Company.promise_limit_days,
        ).where(Company.id == company_id)
    ).one()
    return CompanyTerms(
        currency=row.currency,
        country=row.country,
        language=row.language,
        bucket_days=tuple(row.bucket_days),
        imported_on=row.imported_on,
        import_limit_days=row.import_limit_days,
        promise_limit_days=row.promise_limit_days,
    )


def _average_days_late(session: Session, customer_id: int, today: date) -> int | None:
    """Over the last items settled within a year, each counted once, early payment as negative days."""
    settled = session.execute(
        select(Instalment.due_date, Instalment.settled_on)
        .where(
            Instalment.customer_id == customer_id,
            Instalment.settled_on > today - timedelta(days=_HABIT_DAYS),
            Instalment.settled_on <= today,
        )
        .order_by(Instalment.settled_on.desc())
        .limit(_HABIT_ITEMS)
    ).all()
    days = [(settled_on - due_date).days for due_date, settled_on in settled if settled_on is not None]
    return round(sum(days) / len(days)) if days else None
