"""The days of a workflow, each once: finds at whom to look by the index of its dates, and notes what a day tells by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.profiles.tables import CustomerEvent, CustomerField
from arfollow.receivables.tables import Credit, Instalment, Invoice
from arfollow.workflows.operations.triggering.noting import note_members
from arfollow.workflows.operations.triggering.telling import tell_of_days
from arfollow.workflows.queries.occasions import is_open
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.definition import Trigger
from arfollow.workflows.rules.triggers import TriggerKind
from arfollow.workflows.rules.waits import Unit, months_after
from arfollow.workflows.tables import ArmedTrigger, Workflow

_MARGIN = timedelta(days=4)
"""Months are of different lengths; who is found too early or too late is not enrolled."""


def with_new_days(session: Session) -> Sequence[tuple[int, date]]:
    """The workflows for which a day has begun that was not scanned yet, with that day."""
    rows = session.execute(
        select(ArmedTrigger.workflow_id, ArmedTrigger.scanned_to, Company.timezone, Workflow.state)
        .join(Company, Company.id == ArmedTrigger.company_id)
        .join(Workflow, Workflow.id == ArmedTrigger.workflow_id)
        .where(ArmedTrigger.scanned_to.is_not(None))
        .order_by(ArmedTrigger.workflow_id)
    )
    found = []
    for workflow_id, scanned_to, timezone, state in rows:
        today = clock.today(timezone)
        # Of one that is paused, the last day stays open: it may be let go on today.
        last = today if state == "running" else today - timedelta(days=1)
        if scanned_to is not None and scanned_to < last:
            found.append((workflow_id, today))
    return found


def scan(session: Session, *, workflow_id: int, today: date, now: datetime) -> None:
    """Note at whom to look because of the days up to today, in a transaction that writes. Another worker may have done so."""
    trigger = session.scalar(
        select(ArmedTrigger)
        .where(ArmedTrigger.workflow_id == workflow_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if trigger is None or trigger.scanned_to is None or trigger.scanned_to >= today:
        return
    workflow = session.get_one(Workflow, workflow_id, populate_existing=True)
    if workflow.state != "running":
        trigger.scanned_to, trigger.fires_from = today - timedelta(days=1), now
        return
    first = trigger.scanned_to + timedelta(days=1)
    definition = definitions(session, version_ids={trigger.version_id})[trigger.version_id]
    find = _BY_KIND.get(definition.trigger.kind)
    if find is not None:
        found = find(trigger.company_id, definition.trigger, first, today)
        note_members(session, found, days_from=first)
    tell_of_days(session, trigger, first=first, today=today, now=now)
    trigger.scanned_to = today


def _by_date(company_id: int, trigger: Trigger, first: date, last: date) -> Select[int]:
    after = timedelta(days=int(trigger.settings.get("days", 0)))
    fact = str(trigger.settings["field"])
    if not fact.startswith("field."):
        return _bought(company_id, first - after, last - after)
    return select(CustomerField.customer_id).where(
        CustomerField.company_id == company_id,
        CustomerField.name == fact.removeprefix("field."),
        CustomerField.day.between(first - after, last - after),
    )


def _by_due_date(company_id: int, trigger: Trigger, first: date, last: date) -> Select[int]:
    after = timedelta(days=int(trigger.settings["days"]))
    return select(Instalment.customer_id).where(
        Instalment.company_id == company_id,
        Instalment.due_date.between(first - after, last - after),
        is_open(last),
    )


def _by_purchases(company_id: int, _trigger: Trigger, first: date, last: date) -> Select[int]:
    """An invoice that is dated ahead counts on its day."""
    return _bought(company_id, first, last)


def _by_inactivity(company_id: int, trigger: Trigger, first: date, last: date) -> Select[int]:
    settings = trigger.settings
    amount, unit = int(settings["amount"]), Unit(settings.get("unit", Unit.DAYS))
    begin, end = (_before(day, amount, unit) for day in (first, last))
    bought = _bought(company_id, begin - _MARGIN, end + _MARGIN)
    if settings.get("of", "purchases") == "purchases":
        return bought
    paid = select(Credit.customer_id).where(
        Credit.company_id == company_id, Credit.date.between(begin - _MARGIN, end + _MARGIN)
    )
    happened = select(CustomerEvent.customer_id).where(
        CustomerEvent.company_id == company_id,
        CustomerEvent.at.between(_instant(begin - _MARGIN), _instant(end + _MARGIN)),
    )
    anybody = union(bought, paid, happened).subquery()
    return select(anybody.c.customer_id)


def _bought(company_id: int, first: date, last: date) -> Select[int]:
    return select(Invoice.customer_id).where(
        Invoice.company_id == company_id, Invoice.date.between(first, last)
    )


def _before(day: date, amount: int, unit: Unit) -> date:
    if unit is Unit.MONTHS:
        return months_after(day, -amount)
    return day - timedelta(days=amount * (7 if unit is Unit.WEEKS else 1))


def _instant(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)


_BY_KIND: Mapping[str, Callable[[int, Trigger, date, date], Select[int]]] = {
    TriggerKind.DATE: _by_date,
    TriggerKind.DUE: _by_due_date,
    TriggerKind.PURCHASES: _by_purchases,
    TriggerKind.INACTIVITY: _by_inactivity,
}
