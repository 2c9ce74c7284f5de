"""Invoices: add one with its instalments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.lookup import lock_customer, required
from arfollow.receivables.operations.telling import PURCHASED, News, tell_news
from arfollow.receivables.rules import fields as clean
from arfollow.receivables.tables import Instalment, Invoice
from arfollow.values.money import LARGEST, Money, decimals, spelled_amount
from arfollow.values.refusals import N_, Refusal


class DuplicateNumberError(ValueError):
    """The company has an invoice, payment or credit note of that number already."""

    def __init__(self, what: str, number: str) -> None:
        super().__init__(f"There is already {what} {number}.")


class NotPositiveError(Refusal, ValueError):
    """An amount has to be above zero."""

    def __init__(self, amount: int, currency: str) -> None:
        super().__init__(
            N_("An amount must be above zero, and one that can be booked: %(amount)s."),
            amount=Money(currency, amount),
        )


class InstalmentsError(ValueError):
    """An invoice has at least one instalment, each number once."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Invoice {number} needs at least one instalment, and each number only once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstalment:
    """A part of an invoice; `amount` in minor units. It may be due before the invoice's date."""

    number: int = 1
    due_date: date
    amount: int


def add_invoice(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    number: str,
    date: date,
    currency: str,
    instalments: Sequence[NewInstalment],
    reference: str = "",
    who: str,
) -> dict[int, int]:
    """Add an invoice; gives the ids of its instalments by their numbers.

    Raise DuplicateNumberError, NotPositiveError, InstalmentsError, UnknownCurrencyError, UnknownCustomerError.
    """
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    number = required(clean.line(number), "the invoice's number")
    _check(session, company_id, number, currency, instalments)
    invoice = Invoice(
        company_id=company_id,
        customer_id=customer.id,
        number=number,
        date=date,
        currency=currency,
        reference=clean.line(reference),
    )
    session.add(invoice)
    session.flush()
    rows = [_row(invoice, one) for one in instalments]
    session.add_all(rows)
    session.flush()
    _record(session, invoice, rows, who)
    news = News(customer.id, number, {"invoice": number})
    tell_news(session, company_id, PURCHASED, lambda: [news])
    return {row.number: row.id for row in rows}


def check_amount(amount: int, currency: str) -> None:
    """Raise NotPositiveError unless it can be booked, UnknownCurrencyError for a currency that is none."""
    decimals(currency)
    if not 0 < amount < LARGEST:
        raise NotPositiveError(amount, currency)


def _check(
    session: Session, company_id: int, number: str, currency: str, instalments: Sequence[NewInstalment]
) -> None:
    for one in instalments:
        check_amount(one.amount, currency)
    if not instalments or len({one.number for one in instalments}) < len(instalments):
        raise InstalmentsError(number)
    if session.scalar(select(Invoice.id).where(Invoice.company_id == company_id, Invoice.number == number)):
        raise DuplicateNumberError("an invoice", number)


def _row(invoice: Invoice, given: NewInstalment) -> Instalment:
    return Instalment(
        company_id=invoice.company_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        number=given.number,
        due_date=given.due_date,
        amount=given.amount,
    )


def _record(session: Session, invoice: Invoice, instalments: Sequence[Instalment], who: str) -> None:
    amount = Money(invoice.currency, sum(one.amount for one in instalments))
    record(
        session,
        company_id=invoice.company_id,
        customer_id=invoice.customer_id,
        tag="invoice:added",
        who=who,
        text=f"Invoice {invoice.number} over {spelled_amount(amount)} added",
        facts={
            "invoice": invoice.number,
            "date": invoice.date,
            "amount": amount,
            "instalments": len(instalments),
        },
    )
    touch(session, [invoice.customer_id])
