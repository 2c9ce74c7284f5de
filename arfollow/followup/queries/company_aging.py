"""What all customers owe by days past due, on the company's today without reading the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.followup.queries.waiting import is_waiting
from arfollow.followup.tables import ListDue
from arfollow.receivables.queries.aging import AgingCell, aging
from arfollow.receivables.rules.aging import bucket, buckets


def company_aging(session: Session, *, company_id: int, day: date, today: date) -> Sequence[AgingCell]:
    """The same as `aging` of the company: every bucket of every currency that anything is open in on the day.

    The list's dues answer for today, once no row of it waits to be refreshed; for any other day the ledger itself is read.
    """
    if day != today or is_waiting(session, company_id=company_id, today=today):
        return aging(session, company_id=company_id, day=day)
    borders = session.scalars(select(Company.bucket_days).where(Company.id == company_id)).one()
    names = buckets(borders)
    counts: dict[str, list[int]] = {}
    amounts: dict[str, list[int]] = {}
    dues = select(ListDue.currency, ListDue.due_date, ListDue.items, ListDue.amount)
    for currency, due_date, items, amount in session.execute(
        dues.where(ListDue.company_id == company_id, ListDue.items > 0).order_by(ListDue.currency)
    ):
        index = bucket((today - due_date).days, borders)
        counts.setdefault(currency, [0] * len(names))[index] += items
        amounts.setdefault(currency, [0] * len(names))[index] += amount
    return [
        AgingCell(
            currency=currency, bucket=name, items=counts[currency][index], amount=amounts[currency][index]
        )
        for currency in counts
        for index, name in enumerate(names)
    ]
