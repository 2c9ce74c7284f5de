"""A customer's payments and credit notes: what is left of them, and what they settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Date, Integer, Row, bindparam, func, or_, select
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


_DAY = bindparam("day", type_=Date())
_CREDITS = select(Credit, unapplied(_DAY).label("unapplied")).where(
    Credit.company_id == bindparam("company_id"),
    Credit.customer_id.in_(bindparam("ids", type_=Integer(), expanding=True)),
    Credit.date <= _DAY,
)
# Made once: to build it anew would take longer than to run it.
_UNAPPLIED = _CREDITS.where(
    or_(Credit.used_up_on.is_(None), Credit.used_up_on > _DAY), unapplied(_DAY) > 0
).order_by(Credit.date, Credit.id)


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
    asked = {"company_id": company_id, "ids": sorted(customer_ids), "day": day}
    found: dict[int, list[CreditEntry]] = {}
    for entry in _entries(session, session.execute(_UNAPPLIED, asked).all()):
        found.setdefault(entry.customer_id, []).append(entry)
    return found


def credit_page(
    session: Session, *, company_id: int, customer_id: int, day: dt.date, page: int = 1, size: int = 50
) -> Page[CreditEntry]:
    """All payments and credit notes dated up to the day, newest first; pages count from 1."""
    statement = _CREDITS.params(company_id=company_id, ids=[customer_id], day=day)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Credit.date.desc(), Credit.id.desc())
    rows = _entries(session, session.execute(ordered.limit(size).offset((page - 1) * size)).all())
    return Page(rows=tuple(rows), number=page, size=size, total=total)


def _entries(session: Session, rows: Sequence[Row[Credit, int]]) -> list[CreditEntry]:
    applications = _applications(session, [row[0].id for row in rows]) if rows else {}
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
