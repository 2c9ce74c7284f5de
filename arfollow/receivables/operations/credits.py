"""Payments and credit notes: receive, issue, reverse."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.invoices import DuplicateNumberError, check_amount
from arfollow.receivables.operations.lookup import lock_credit, lock_customer, required
from arfollow.receivables.operations.settling import resettle
from arfollow.receivables.operations.telling import PAYMENT_RECEIVED, News, tell_news
from arfollow.receivables.rules import fields as clean
from arfollow.receivables.tables import Allocation, Credit
from arfollow.values.days import spelled
from arfollow.values.money import Money, spelled_amount

Kind = Literal["payment", "credit_note"]
NAMES: dict[str, str] = {"payment": "payment", "credit_note": "credit note"}
_TAGS = {"payment": "payment:received", "credit_note": "credit-note:added"}


class AlreadyReversedError(ValueError):
    """The payment was reversed before."""

    def __init__(self, number: str, on: date) -> None:
        super().__init__(f"Payment {number} was already reversed on {spelled(on)}.")


class NotReversibleError(ValueError):
    """Only a payment can be reversed, and not before it was received."""

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} cannot be reversed: it is no payment, or was received after that day.")


def add_payment(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    number: str,
    date: date,
    currency: str,
    amount: int,
    reference: str = "",
    who: str,
) -> int:
    """Enter a payment, unapplied; gives its id. Raise DuplicateNumberError, NotPositiveError, UnknownCurrencyError."""
    return _add(
        session,
        "payment",
        company_id=company_id,
        customer_id=customer_id,
        number=number,
        on=date,
        amount=Money(currency, amount),
        reference=reference,
        who=who,
    )


def add_credit_note(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    number: str,
    date: date,
    currency: str,
    amount: int,
    reference: str = "",
    who: str,
) -> int:
    """Enter a credit note, unapplied; `amount` is positive. Gives its id; raises as `add_payment` does."""
    return _add(
        session,
        "credit_note",
        company_id=company_id,
        customer_id=customer_id,
        number=number,
        on=date,
        amount=Money(currency, amount),
        reference=reference,
        who=who,
    )


def reverse_payment(
    session: Session, *, company_id: int, credit_id: int, on: date, reason: str, who: str
) -> None:
    """A cheque bounced, a debit was returned: from that day on the payment is worth nothing and its items are open again.

    Raise AlreadyReversedError, NotReversibleError, MissingTextError.
    """
    reason = required(reason, "why the payment was reversed")
    credit, customer = lock_credit(session, company_id=company_id, credit_id=credit_id)
    if credit.reversed_on is not None:
        raise AlreadyReversedError(credit.number, credit.reversed_on)
    if credit.kind != "payment" or on < credit.date:
        raise NotReversibleError(credit.number)
    credit.reversed_on = on
    standing = session.scalars(
        select(Allocation).where(
            Allocation.credit_id == credit.id, (Allocation.ended_on.is_(None)) | (Allocation.ended_on > on)
        )
    ).all()
    for allocation in standing:
        allocation.ended_on = max(on, allocation.date)
    session.flush()
    resettle(session, instalment_ids=[each.instalment_id for each in standing], credit_ids=[credit.id])
    amount = Money(credit.currency, credit.amount)
    record(
        session,
        company_id=company_id,
        customer_id=customer.id,
        tag="payment:reversed",
        who=who,
        text=f"Payment {credit.number} over {spelled_amount(amount)} reversed: {reason}",
        facts={"payment": credit.number, "amount": amount, "on": on},
        personal={"reason": reason},
    )
    touch(session, [customer.id])


def _add(
    session: Session,
    kind: Kind,
    *,
    company_id: int,
    customer_id: int,
    number: str,
    on: date,
    amount: Money,
    reference: str,
    who: str,
) -> int:
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    number = required(clean.line(number), f"the number of the {NAMES[kind]}")
    check_amount(amount.minor, amount.currency)
    _check_new(session, company_id, kind, number)
    row = Credit(
        company_id=company_id,
        customer_id=customer.id,
        kind=kind,
        number=number,
        date=on,
        currency=amount.currency,
        amount=amount.minor,
        reference=clean.line(reference),
    )
    session.add(row)
    session.flush()
    record(
        session,
        company_id=company_id,
        customer_id=customer.id,
        tag=_TAGS[kind],
        who=who,
        text=f"{NAMES[kind].capitalize()} {number} over {spelled_amount(amount)}",
        facts={"number": number, "amount": amount, "date": on},
    )
    touch(session, [customer.id])
    if kind == "payment":
        news = News(customer.id, number, {"payment": number})
        tell_news(session, company_id, PAYMENT_RECEIVED, lambda: [news])
    return row.id


def _check_new(session: Session, company_id: int, kind: Kind, number: str) -> None:
    same = (Credit.company_id == company_id, Credit.kind == kind, Credit.number == number)
    if session.scalar(select(Credit.id).where(*same)):
        raise DuplicateNumberError(f"a {NAMES[kind]}", number)
