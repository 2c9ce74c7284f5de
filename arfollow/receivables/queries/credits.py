"""A customer's payments and credit notes: what is left of them, and what they settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from arfollow.receivables.queries.paging import Page
from arfollow.receivables.queries.residuals import unapplied
from arfollow.receivables.tables import Allocation, Credit, Instalment, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Part of a credit applied to an item, until the day before `ended_on`; `id` is what `unapply` takes.

    `origin`: clerk, ledger or open-items, as in the table.
    """

    id: int
    instalment_id: int
    invoice: str
    instalment: int
    date: dt.date
    ended_on: dt.date | None
    amount: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEntry:
    """A payment or credit note (`kind`); `unapplied` is what is left of it on the day asked about."""

    id: int
    customer_id: int
    kind: str
    number: str
    date: dt.date
    currency: str
    amount: int
    unapplied: int
    reference: str
    origin: str
    reversed_on: dt.date | None
    applications: tuple[Application, ...]


def unapplied_credits(
    session: Session, *, company_id: int, customer_id: int, day: dt.date
) -> Sequence[CreditEntry]:
    """Payments and credit notes with something left on the day, oldest first."""
    found = unapplied_credits_of(session, company_id=company_id, customer_ids=[customer_id], day=day)
    return found.get(customer_id, ())


def unapplied_credits_of(
    session: Session, *, company_id: int, customer_ids: Collection[int], day: dt.date
) -> Mapping[int, Sequence[CreditEntry]]:
    """The same for each of these customers; those without any are left out."""
    statement = (
        _credits(company_id, customer_ids, day)
        .where(or_(Credit.used_up_on.is_(None), Credit.used_up_on > day), unapplied(day) > 0)
        .order_by(Credit.date, Credit.id)
    )
    found: dict[int, list[CreditEntry]] = {}
    for entry in _entries(session, statement):
        found.setdefault(entry.customer_id, []).append(entry)
    return found


def credit_page(
    session: Session, *, company_id: int, customer_id: int, day: dt.date, page: int = 1, size: int = 50
) -> Page[CreditEntry]:
    """All payments and credit notes dated up to the day, newest first; pages count from 1."""
    statement = _credits(company_id, [customer_id], day)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Credit.date.desc(), Credit.id.desc())
    rows = _entries(session, ordered.limit(size).offset((page - 1) * size))
    return Page(rows=tuple(rows), number=page, size=size, total=total)


def _credits(company_id: int, customer_ids: Collection[int], day: dt.date) -> Select[Credit, int]:
    return select(Credit, unapplied(day).label("unapplied")).where(
        Credit.company_id == company_id, Credit.customer_id.in_(customer_ids), Credit.date <= day
    )


def _entries(session: Session, statement: Select[Credit, int]) -> list[CreditEntry]:
    rows = session.execute(statement).all()
    applications = _applications(session, [row[0].id for row in rows])
    return [_entry(row, applications) for row in rows]


def _entry(row: Row[Credit, int], applications: Mapping[int, list[Application]]) -> CreditEntry:
    credit, left = row
    return CreditEntry(
        id=credit.id,
        customer_id=credit.customer_id,
        kind=credit.kind,
        number=credit.number,
        date=credit.date,
        currency=credit.currency,
        amount=credit.amount,
        unapplied=max(0, int(left)),
        reference=credit.reference,
        origin=credit.origin,
        reversed_on=credit.reversed_on,
        applications=tuple(applications.get(credit.id, ())),
    )


def _applications(session: Session, credit_ids: Collection[int]) -> Mapping[int, list[Application]]:
    found: dict[int, list[Application]] = {}
    rows = session.execute(
        select(Allocation, Invoice.number, Instalment.number)
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(Allocation.credit_id.in_(credit_ids))
        .order_by(Allocation.date, Allocation.id)
    )
    for allocation, invoice, instalment in rows:
        found.setdefault(allocation.credit_id, []).append(
            Application(
                id=allocation.id,
                instalment_id=allocation.instalment_id,
                invoice=invoice,
                instalment=instalment,
                date=allocation.date,
                ended_on=allocation.ended_on,
                amount=allocation.amount,
                origin=allocation.origin,
            )
        )
    return found
