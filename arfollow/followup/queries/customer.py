"""Who a customer is, where its follow-up stands, and what the company's settings say about working it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import Session

from arfollow.companies.tables import BankAccount, Company
from arfollow.followup.tables import CustomerState
from arfollow.receivables.queries.customers import CustomerCard, average_days_late, find_customer
from arfollow.receivables.tables import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHead:
    """What stands at the head of a customer's page. `number`: its present follow-up, which every form there carries.

    `days_late`: how late it pays on average, None when nothing was paid yet.
    """

    card: CustomerCard
    number: int
    manual_on: date | None
    snoozed_until: date | None
    days_late: int | None


class Gap(StrEnum):
    """What a company has not entered yet and its letters and e-mails need."""

    ADDRESS = "address"
    BANK = "bank"
    SENDER = "sender"


_TERMS = select(
    Company.currency,
    Company.country,
    Company.language,
    Company.bucket_days,
    Company.imported_on,
    Company.import_limit_days,
    Company.promise_limit_days,
    (Company.street != "").label(Gap.ADDRESS),
    exists().where(BankAccount.company_id == Company.id).label(Gap.BANK),
    (Company.email != "").label(Gap.SENDER),
    (Company.pay_link != "").label("has_pay_link"),
).where(Company.id == bindparam("company_id", type_=Integer()))


_BANKED = select(BankAccount.currency).where(
    BankAccount.company_id == bindparam("company_id", type_=Integer())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyTerms:
    """What the company's own settings say about working its customers; `gaps`: what they do not say yet.

    `banked`: the currencies that it has bank accounts in.
    """

    currency: str
    country: str
    language: str
    bucket_days: tuple[int, ...]
    imported_on: date | None
    import_limit_days: int
    promise_limit_days: int
    gaps: tuple[Gap, ...]
    banked: frozenset[str]
    has_pay_link: bool

    def unpayable(self, currencies: Iterable[str]) -> tuple[str, ...]:
        """Those of the currencies that letters would ask for without saying where to pay; none where no account is known."""
        if self.has_pay_link or not self.banked:
            return ()
        return tuple(sorted(set(currencies) - self.banked))

    def import_is_old(self, today: date) -> bool:
        """Whether the open items were last imported longer ago than the limit; False where nothing was ever imported."""
        return self.imported_on is not None and (today - self.imported_on).days > self.import_limit_days


def customer_id(session: Session, *, company_id: int, number: str) -> int | None:
    """The id of the company's customer with this number; None: there is none."""
    return session.scalar(
        select(Customer.id).where(Customer.company_id == company_id, Customer.number == number)
    )


def follow_up_number(session: Session, *, customer_id: int) -> int:
    """The number of the customer's present follow-up."""
    own = select(CustomerState.number).where(CustomerState.customer_id == customer_id)
    return session.scalar(own) or 1


def customer_head(session: Session, *, company_id: int, number: str) -> CustomerHead | None:
    """The company's customer with this number; None: there is none."""
    card = find_customer(session, company_id=company_id, number=number)
    if card is None:
        return None
    state = session.get(CustomerState, card.id)
    return CustomerHead(
        card=card,
        number=state.number if state is not None else 1,
        manual_on=state.manual_on if state is not None else None,
        snoozed_until=state.snoozed_until if state is not None else None,
        days_late=average_days_late(session, company_id=company_id, customer_id=card.id),
    )


def company_terms(session: Session, *, company_id: int) -> CompanyTerms:
    """The company's settings that its customers' pages follow."""
    row = session.execute(_TERMS, {"company_id": company_id}).one()
    return CompanyTerms(
        currency=row.currency,
        country=row.country,
        language=row.language,
        bucket_days=tuple(row.bucket_days),
        imported_on=row.imported_on,
        import_limit_days=row.import_limit_days,
        promise_limit_days=row.promise_limit_days,
        gaps=tuple(gap for gap in Gap if not getattr(row, gap.value)),
        banked=frozenset(session.scalars(_BANKED, {"company_id": company_id})),
        has_pay_link=row.has_pay_link,
    )
