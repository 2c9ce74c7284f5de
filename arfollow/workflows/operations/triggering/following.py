"""Workflows that begin when another one is over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.receivables.tables import Invoice
from arfollow.workflows.operations.entering import enrol_all
from arfollow.workflows.queries.armed import of_kind
from arfollow.workflows.rules.candidates import Candidate
from arfollow.workflows.rules.triggers import TriggerKind, has_purchased
from arfollow.workflows.rules.waits import months_after


def follow_on(
    session: Session, *, company_id: int, customer_id: int, name: str, now: datetime, today: date
) -> None:
    """The customer has left the workflow of that name: enrol it in those that follow on. The caller holds the customer."""
    for into in of_kind(session, company_id=company_id, kind=TriggerKind.AFTER):
        settings = into.definition.trigger.settings
        if settings["workflow"] != name:
            continue
        asked = "at_least" in settings and "within_months" in settings
        if asked and not _has_purchased(
            session,
            customer_id,
            at_least=int(settings["at_least"]),
            within_months=int(settings["within_months"]),
            today=today,
        ):
            continue
        enrol_all(session, into, [Candidate(customer_id=customer_id)], now=now, today=today)


def _has_purchased(
    session: Session, customer_id: int, *, at_least: int, within_months: int, today: date
) -> bool:
    since = months_after(today, -within_months)
    days = session.scalars(
        select(Invoice.date).where(Invoice.customer_id == customer_id, Invoice.date > since)
    ).all()
    return has_purchased(days, at_least=at_least, within_months=within_months, today=today)
