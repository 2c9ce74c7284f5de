"""Who may enter a workflow because of a day, a list or what was bought; of some customers, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.tables import CustomerEvent, CustomerField, CustomerList, ListMember
from arfollow.receivables.tables import Credit, Instalment, Invoice
from arfollow.workflows.queries.armed import Armed
from arfollow.workflows.queries.kept import purchases
from arfollow.workflows.rules.candidates import Candidate
from arfollow.workflows.rules.triggers import TriggerKind, has_purchased, inactive_on
from arfollow.workflows.rules.waits import Place, Unit, months_after, today_at
from arfollow.workflows.tables import WorkflowCampaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of whom it is asked. `days_from`: the first day that counts, by customer, of triggers that fire on a day."""

    customer_ids: Sequence[int]
    days_from: Mapping[int, date]
    today: date

    def holds(self, customer_id: int, day: date, first: date) -> bool:
        """Whether a day that is not before the first one counts now."""
        return max(first, self.days_from[customer_id]) <= day <= self.today


def occasions(session: Session, into: Armed, asked: Asked) -> Sequence[Candidate]:
    """Those of the customers whom the trigger is about today, at the earliest of the day from which it fires."""
    find = _BY_KIND.get(into.definition.trigger.kind)
    return list(find(session, into, asked)) if find else []


def is_open(today: date) -> ColumnElement[bool]:
    """The condition that an instalment is not settled by the end of the day."""
    return Instalment.settled_on.is_(None) | (Instalment.settled_on > today)


def _by_date(session: Session, into: Armed, asked: Asked) -> Iterator[Candidate]:
    settings = into.definition.trigger.settings
    after = timedelta(days=int(settings.get("days", 0)))
    for customer_id, day in _days_of(session, str(settings["field"]), asked):
        # Once for each day that the field says, ever.
        if asked.holds(customer_id, day + after, into.first_day):
            yield Candidate(customer_id=customer_id, key=day.isoformat(), day=day + after)


def _days_of(session: Session, fact: str, asked: Asked) -> Iterator[tuple[int, date]]:
    if not fact.startswith("field."):
        bought = purchases(session, customer_ids=asked.customer_ids, today=asked.today)
        for customer_id, each in bought.items():
            day = each.first if fact == "purchases.first" else each.last
            if day is not None:
                yield customer_id, day
        return
    rows = session.execute(
        select(CustomerField.customer_id, CustomerField.day).where(
            one_of(CustomerField.customer_id, asked.customer_ids),
            CustomerField.name == fact.removeprefix("field."),
            CustomerField.day.is_not(None),
        )
    )
    for customer_id, day in rows:
        if day is not None:
            yield customer_id, day


def _by_due_date(session: Session, into: Armed, asked: Asked) -> Iterator[Candidate]:
    """As long as something is open: an invoice that comes to be known late is late, and not forgotten."""
    after = timedelta(days=int(into.definition.trigger.settings["days"]))
    due = func.min(Instalment.due_date)
    rows = session.execute(
        select(Invoice.customer_id, Invoice.number, due)
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(
            one_of(Instalment.customer_id, asked.customer_ids),
            is_open(asked.today),
            Instalment.due_date >= into.first_day - after,
            Instalment.due_date <= asked.today - after,
        )
        .group_by(Invoice.customer_id, Invoice.number)
        .order_by(due, Invoice.number)
    )
    for customer_id, number, day in rows:
        yield Candidate(customer_id=customer_id, key=number, day=day + after)


def _by_list(session: Session, into: Armed, asked: Asked) -> Iterator[Candidate]:
    """Of a list: who was put on it since; of a campaign: everybody who is on it."""
    wanted = str(into.definition.trigger.settings.get("list", ""))
    members = select(ListMember.customer_id, CustomerList.name, ListMember.since).join(
        CustomerList, CustomerList.id == ListMember.list_id
    )
    if wanted:
        members = members.where(
            CustomerList.company_id == into.company_id,
            CustomerList.name == wanted,
            ListMember.since >= into.first_day,
        )
    else:
        members = members.join(WorkflowCampaign, WorkflowCampaign.list_id == CustomerList.id).where(
            WorkflowCampaign.workflow_id == into.workflow_id
        )
    for customer_id, name, since in session.execute(
        members.where(one_of(ListMember.customer_id, asked.customer_ids)).order_by(CustomerList.name)
    ):
        yield Candidate(customer_id=customer_id, key=name, day=since)


def _by_purchases(session: Session, into: Armed, asked: Asked) -> Iterator[Candidate]:
    settings = into.definition.trigger.settings
    at_least, within = int(settings["at_least"]), int(settings["within_months"])
    days: dict[int, list[date]] = {}
    rows = session.execute(
        select(Invoice.customer_id, Invoice.date).where(
            one_of(Invoice.customer_id, asked.customer_ids),
            Invoice.date > months_after(asked.today, -within),
            Invoice.date <= asked.today,
        )
    )
    for customer_id, day in rows:
        days.setdefault(customer_id, []).append(day)
    for customer_id, each in days.items():
        enough = has_purchased(each, at_least=at_least, within_months=within, today=asked.today)
        if enough and max(each) >= into.first_day:
            yield Candidate(customer_id=customer_id, day=max(each))


def _by_inactivity(session: Session, into: Armed, asked: Asked) -> Iterator[Candidate]:
    settings = into.definition.trigger.settings
    amount, unit = int(settings["amount"]), Unit(settings.get("unit", Unit.DAYS))
    for customer_id, last in _last_days(session, into, asked).items():
        day = inactive_on(last, amount=amount, unit=unit)
        if asked.holds(customer_id, day, into.first_day):
            yield Candidate(customer_id=customer_id, day=day)


def _last_days(session: Session, into: Armed, asked: Asked) -> Mapping[int, date]:
    """The day on which each last bought, or last did anything."""
    bought = purchases(session, customer_ids=asked.customer_ids, today=asked.today)
    lasts = {customer_id: each.last for customer_id, each in bought.items() if each.last is not None}
    if into.definition.trigger.settings.get("of", "purchases") == "purchases":
        return lasts
    paid = (
        select(Credit.customer_id, func.max(Credit.date))
        .where(one_of(Credit.customer_id, asked.customer_ids), Credit.date <= asked.today)
        .group_by(Credit.customer_id)
    )
    happened = (
        select(CustomerEvent.customer_id, func.max(CustomerEvent.at))
        .where(one_of(CustomerEvent.customer_id, asked.customer_ids))
        .group_by(CustomerEvent.customer_id)
    )
    place = Place(timezone=into.timezone, country="")
    days = [(customer_id, day) for customer_id, day in session.execute(paid)]
    days += [(customer_id, today_at(at, place)) for customer_id, at in session.execute(happened)]
    for customer_id, day in days:
        lasts[customer_id] = max(day, lasts.get(customer_id, day))
    return lasts


_BY_KIND: Mapping[str, Callable[[Session, Armed, Asked], Iterator[Candidate]]] = {
    TriggerKind.DATE: _by_date,
    TriggerKind.DUE: _by_due_date,
    TriggerKind.LISTED: _by_list,
    TriggerKind.PURCHASES: _by_purchases,
    TriggerKind.INACTIVITY: _by_inactivity,
}
