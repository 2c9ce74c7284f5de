"""Handles events, each once: what it begins beside a route that the customer is on, and which workflows it enrols in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.noticing import mark_handled
from arfollow.profiles.queries import Happened
from arfollow.profiles.tables import CustomerEvent
from arfollow.receivables.tables import Customer
from arfollow.workflows.operations.entering import begin_path, enrol_all
from arfollow.workflows.operations.triggering.apart import all_or_apart
from arfollow.workflows.operations.waking import wake
from arfollow.workflows.queries.armed import Armed, waiting_for
from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.candidates import Candidate
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.engine import starts
from arfollow.workflows.rules.facts import Event, all_facts, of_one
from arfollow.workflows.rules.triggers import event_of, is_meant, key_name
from arfollow.workflows.rules.watching import asked_facts
from arfollow.workflows.tables import Enrolment

BATCH = 200
Events = Mapping[int, Sequence[Happened]]
"""By customer, the oldest first."""


def new_events(session: Session, *, now: datetime) -> Sequence[int]:
    """The companies in which something has happened that was not handled yet."""
    new = (~CustomerEvent.handled, CustomerEvent.at <= now)
    if not session.scalar(select(exists().where(*new))):
        return []
    companies = select(CustomerEvent.company_id).where(*new).distinct()
    return session.scalars(companies.order_by(CustomerEvent.company_id)).all()


def handle_some(session: Session, *, company_id: int, now: datetime, today: date) -> int:
    """Handle some of the company's new events, in a transaction that writes; gives how many. Nobody else does meanwhile."""
    new = (
        ~CustomerEvent.handled,
        CustomerEvent.at <= now,
        CustomerEvent.company_id == company_id,
    )
    free = (
        select(CustomerEvent.id)
        .join(Customer, Customer.id == CustomerEvent.customer_id)
        .where(*new)
        .order_by(CustomerEvent.at, CustomerEvent.id)
        .limit(BATCH)
        .with_for_update(of=Customer, key_share=True, skip_locked=True)
    )
    ids = session.scalars(free).all()
    if not ids:
        return 0
    # Looked at again, now that the customers are held: another worker may have handled some just before.
    handled = mark_handled(session, ids)
    all_or_apart(session, handled, partial(_handle, session, company_id, now=now, today=today))
    return len(ids)


def _handle(session: Session, company_id: int, ids: Sequence[int], *, now: datetime, today: date) -> None:
    events = _read(session, ids)
    if events:
        _begin_beside(session, company_id, events, now=now, today=today)
        _enrol(session, company_id, events, now=now, today=today)
        wake(session, sorted(events))


def _read(session: Session, ids: Sequence[int]) -> Events:
    found: dict[int, list[Happened]] = {}
    rows = session.scalars(
        select(CustomerEvent)
        .where(one_of(CustomerEvent.id, ids))
        .order_by(CustomerEvent.at, CustomerEvent.id)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found.setdefault(row.customer_id, []).append(
            Happened(id=row.id, kind=row.kind, at=row.at, key=row.key, of=row.of, data=row.data)
        )
    return found


def _begin_beside(session: Session, company_id: int, events: Events, *, now: datetime, today: date) -> None:
    """The paths that the events begin in what their customers are enrolled in."""
    concerned = _concerned(session, events)
    if not concerned:
        return
    known = _snapshot(session, company_id, concerned, now=now, today=today)
    for enrolment, definition in concerned:
        facts = _facts(known, enrolment, definition, now)
        new = {each.id for each in events[enrolment.customer_id]}
        for event in known.events.get(enrolment.customer_id, ()):
            for which in _starting(definition, enrolment, event, facts) if event.id in new else ():
                _begin_path(session, enrolment, definition, event, which)
    session.flush()


def _concerned(session: Session, events: Events) -> Sequence[tuple[Enrolment, Definition]]:
    """The enrolments in which any of their customers' events can begin a path."""
    inside = session.scalars(
        select(Enrolment)
        .where(one_of(Enrolment.customer_id, sorted(events)), Enrolment.left_at.is_(None))
        .order_by(Enrolment.id)
        .execution_options(populate_existing=True)
    ).all()
    read = definitions(session, version_ids={each.version_id for each in inside}) if inside else {}
    found = [(each, read[each.version_id]) for each in inside]
    return [
        (each, definition) for each, definition in found if _concerns(definition, events[each.customer_id])
    ]


def _snapshot(
    session: Session,
    company_id: int,
    concerned: Sequence[tuple[Enrolment, Definition]],
    *,
    now: datetime,
    today: date,
) -> Snapshot:
    return snapshot(
        session,
        company_id=company_id,
        customer_ids={each.customer_id for each, _ in concerned},
        since=min(each.told_from or each.entered_at for each, _ in concerned),
        until=now,
        today=today,
        keys=[each.key for each, _ in concerned],
        asked=frozenset().union(*(asked_facts(definition) for _, definition in concerned)),
    )


def _facts(known: Snapshot, enrolment: Enrolment, definition: Definition, now: datetime) -> Facts:
    since = enrolment.told_from or enrolment.entered_at
    seen = known.known(enrolment.customer_id, key=enrolment.key, since=since)
    own = of_one(seen.events, name=key_name(definition.trigger), key=enrolment.key)
    return all_facts(seen.facts, events=own, now=now, place=seen.place)


def _begin_path(
    session: Session, enrolment: Enrolment, definition: Definition, event: Happened, which: int
) -> None:
    enrolment.paths += 1
    begin_path(
        session,
        definition,
        enrolment.id,
        enrolment.company_id,
        enrolment.customer_id,
        workflow_id=enrolment.workflow_id,
        now=event.at,
        path=enrolment.paths,
        whenever=which,
        event_id=event.id,
    )


def _concerns(definition: Definition, events: Sequence[Happened]) -> bool:
    kinds = {each.kind for each in events}
    return any(each.event in kinds for each in definition.whenever)


def _starting(definition: Definition, enrolment: Enrolment, event: Happened, facts: Facts) -> Sequence[int]:
    """Which of the paths the event begins: not before the customer entered, and not one about another key."""
    told = Event(kind=event.kind, at=event.at, of=event.of, facts=event.data)
    is_own = of_one([told], name=key_name(definition.trigger), key=enrolment.key)
    if event.at < enrolment.entered_at or event.id == enrolment.event_id or not is_own:
        return []
    return [at for at, each in enumerate(definition.whenever) if starts(each, told, facts)]


def _enrol(session: Session, company_id: int, events: Events, *, now: datetime, today: date) -> None:
    kinds = {each.kind for own in events.values() for each in own}
    for into in waiting_for(session, company_id=company_id, events=kinds):
        candidates = [
            _candidate(into, customer_id, each)
            for customer_id, own in events.items()
            for each in own
            if _enrols(into, each)
        ]
        if candidates:
            enrol_all(session, into, candidates, now=now, today=today)


def _enrols(into: Armed, event: Happened) -> bool:
    """What happened before the workflow was published is past, however late it is told."""
    trigger = into.definition.trigger
    is_new = into.fires_from is not None and event.at >= into.fires_from
    return is_new and event.kind == event_of(trigger) and is_meant(trigger, event.data)


def _candidate(into: Armed, customer_id: int, event: Happened) -> Candidate:
    name = key_name(into.definition.trigger)
    return Candidate(
        customer_id=customer_id,
        key=str(event.data.get(name, "")) if name else "",
        event_id=event.id,
        event_at=event.at,
    )
