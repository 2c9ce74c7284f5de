"""Single facts that are kept elsewhere, of many customers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.tables import CustomerList
from arfollow.receivables.tables import Instalment, Invoice
from arfollow.workflows.tables import Enrolment, Workflow


@dataclass(frozen=True, slots=True)
class Purchases:
    """The days of a customer's first and last invoice; None: there is none yet."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """An invoice's currency, and when its first instalment falls due."""

    currency: str
    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A list as a campaign. `day` None: it has none yet; `time`: HH:MM or empty."""

    day: date | None
    time: str
    place: str


def purchases(session: Session, *, customer_ids: Sequence[int], today: date) -> Mapping[int, Purchases]:
    """Of those who have bought by today."""
    days = (Invoice.customer_id, func.min(Invoice.date), func.max(Invoice.date))
    rows = session.execute(
        select(*days)
        .where(one_of(Invoice.customer_id, customer_ids), Invoice.date <= today)
        .group_by(Invoice.customer_id)
    )
    return {customer_id: Purchases(first, last) for customer_id, first, last in rows}


def names_of_workflows(session: Session, *, customer_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """The workflows that customers are in now, by name."""
    found: dict[int, set[str]] = {}
    rows = session.execute(
        select(Enrolment.customer_id, Workflow.name)
        .join(Workflow, Workflow.id == Enrolment.workflow_id)
        .where(one_of(Enrolment.customer_id, customer_ids), Enrolment.left_at.is_(None))
    )
    for customer_id, name in rows:
        found.setdefault(customer_id, set()).add(name)
    return {customer_id: tuple(sorted(names)) for customer_id, names in found.items()}


def due_dates(
    session: Session, *, customer_ids: Sequence[int], numbers: Sequence[str]
) -> Mapping[tuple[int, str], date]:
    """When the first instalment of each of these invoices falls due, by customer and number; those that are theirs."""
    found = invoice_terms(session, customer_ids=customer_ids, numbers=numbers)
    return {invoice: terms.due_date for invoice, terms in found.items()}


def invoice_terms(
    session: Session, *, customer_ids: Sequence[int], numbers: Sequence[str]
) -> Mapping[tuple[int, str], InvoiceTerms]:
    """Each of these invoices, by customer and number; those that are theirs."""
    if not numbers:
        return {}
    rows = session.execute(
        select(Invoice.customer_id, Invoice.number, Invoice.currency, func.min(Instalment.due_date))
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(one_of(Invoice.customer_id, customer_ids), one_of(Invoice.number, numbers))
        .group_by(Invoice.customer_id, Invoice.number, Invoice.currency)
    )
    return {(customer_id, number): InvoiceTerms(currency, due) for customer_id, number, currency, due in rows}


def campaigns(session: Session, *, company_id: int, names: Sequence[str]) -> Mapping[str, Campaign]:
    """Each of these campaigns, by name. What is no campaign is not among them."""
    if not names:
        return {}
    rows = session.execute(
        select(CustomerList.name, CustomerList.day, CustomerList.time, CustomerList.place).where(
            CustomerList.company_id == company_id, one_of(CustomerList.name, names)
        )
    )
    return {row.name: Campaign(day=row.day, time=row.time, place=row.place) for row in rows}
