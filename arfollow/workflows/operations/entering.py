"""Entering a workflow, many customers at once. The database takes an entry of a customer, a key and a number but once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.chatter.operations import record
from arfollow.database import insert_into
from arfollow.profiles.rules import LONGEST_KEY
from arfollow.receivables.operations.erasing import is_erased
from arfollow.workflows.queries.armed import Armed
from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.rules.candidates import Candidate
from arfollow.workflows.rules.conditions import holds
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.engine import Route
from arfollow.workflows.rules.entries import entered
from arfollow.workflows.rules.facts import all_facts, of_one
from arfollow.workflows.rules.triggers import begins_at, key_name
from arfollow.workflows.rules.waits import Place, on_day, today_at
from arfollow.workflows.rules.watching import asked_facts, watched_facts
from arfollow.workflows.tables import Enrolment, StepPosition

log = structlog.get_logger(__name__)

MOST_A_DAY = 10
"""Times that a customer enters a workflow within a day, about the same."""
_DAY = timedelta(days=1)

BY_THE_ACCOUNT = ("money.", "invoice.", "purchases.", "customer.")
"""Facts that change with the customer's account."""


def enrol_all(
    session: Session,
    into: Armed,
    candidates: Sequence[Candidate],
    *,
    now: datetime,
    today: date,
    who: str = "",
) -> Sequence[int]:
    """Enrol those who may enter, and give their enrolments' ids; the caller holds the customers. `who`: empty: the workflow itself."""
    before = _entries(session, into.workflow_id, candidates)
    entries = {_entry_of(each): each for each in before}
    lately = Counter(_entry_of(each) for each in before if each.entered_at > now - _DAY)
    told = [each for each in candidates if len(each.key) <= LONGEST_KEY]
    if len(told) < len(candidates):
        log.warning(
            "too long a key to enter by", workflow=into.workflow_id, number=len(candidates) - len(told)
        )
    may = [each for each in told if _may_enter(into, each, entries.get(_entry_of(each)), now)]
    # Two workflows that start each other would go on so without end.
    may = [each for each in may if lately[_entry_of(each)] < MOST_A_DAY]
    # Several may be about the same, such as two events of one moment: the first counts.
    may = [next(same) for _, same in groupby(sorted(may, key=_entry_of), key=_entry_of)]
    if not may:
        return []
    known = _snapshot(session, into, may, now=now, today=today)
    wanted = [each for each in may if _is_meant(into.definition, known, each, now)]
    made = list(_insert(session, into, wanted, entries, now))
    for candidate, enrolment_id in made:
        begins = _beginning(into.definition, known, candidate, now)
        begin_path(
            session,
            into.definition,
            enrolment_id,
            into.company_id,
            candidate.customer_id,
            workflow_id=into.workflow_id,
            now=begins,
        )
        _tell_entry(session, into, candidate, enrolment_id, who or acting(into.name))
    session.flush()
    return [enrolment_id for _, enrolment_id in made]


def acting(name: str) -> str:
    """How the chatter names a workflow that does something."""
    return f"workflow “{name}”"


def begin_path(
    session: Session,
    definition: Definition,
    enrolment_id: int,
    company_id: int,
    customer_id: int,
    *,
    workflow_id: int,
    now: datetime,
    path: int = 0,
    whenever: int | None = None,
    event_id: int | None = None,
) -> None:
    """Stand at the beginning of the route, or of what an event begins beside it; due then."""
    session.add(
        StepPosition(
            enrolment_id=enrolment_id,
            workflow_id=workflow_id,
            path=path,
            company_id=company_id,
            customer_id=customer_id,
            whenever=whenever,
            event_id=event_id,
            step=Route(definition, whenever=whenever).first,
            round=1,
            entered_at=now,
            due_at=now,
            watches=any(fact.startswith(BY_THE_ACCOUNT) for fact in watched_facts(definition)),
        )
    )


def _entry_of(one: Candidate | Enrolment) -> tuple[int, str]:
    return one.customer_id, one.key


def _entries(session: Session, workflow_id: int, candidates: Sequence[Candidate]) -> Sequence[Enrolment]:
    """Those that the customers have made so far, in order."""
    entries = (
        select(Enrolment)
        .where(
            Enrolment.workflow_id == workflow_id,
            one_of(Enrolment.customer_id, sorted({each.customer_id for each in candidates})),
        )
        .order_by(Enrolment.entry)
        .execution_options(populate_existing=True)
    )
    return session.scalars(entries).all()


def _may_enter(into: Armed, candidate: Candidate, last: Enrolment | None, now: datetime) -> bool:
    if last is None:
        return True
    again = into.definition.again_after_days
    if last.left_at is None or again is None or now < last.left_at + timedelta(days=again):
        return False
    entered_on = today_at(last.entered_at, Place(timezone=into.timezone, country=""))
    return candidate.day is None or entered_on < candidate.day


def _snapshot(
    session: Session, into: Armed, candidates: Sequence[Candidate], *, now: datetime, today: date
) -> Snapshot:
    return snapshot(
        session,
        company_id=into.company_id,
        customer_ids={each.customer_id for each in candidates},
        since=min(each.event_at or now for each in candidates),
        until=now,
        today=today,
        keys=[each.key for each in candidates],
        asked=asked_facts(into.definition),
    )


def _is_meant(definition: Definition, snapshot: Snapshot, candidate: Candidate, now: datetime) -> bool:
    if is_erased(snapshot.cards[candidate.customer_id].name):
        return False
    known = snapshot.known(candidate.customer_id, key=candidate.key, since=candidate.event_at or now)
    events = of_one(known.events, name=key_name(definition.trigger), key=candidate.key)
    facts = all_facts(known.facts, events=events, now=now, place=known.place)
    return holds(definition.only, facts) and not (definition.goal and holds(definition.goal, facts))


def _insert(
    session: Session,
    into: Armed,
    candidates: Sequence[Candidate],
    entries: Mapping[tuple[int, str], Enrolment],
    now: datetime,
) -> Iterator[tuple[Candidate, int]]:
    """Those who entered, with their enrolments' ids; not those whom somebody else has just enrolled."""
    if not candidates:
        return
    rows = [
        {
            "workflow_id": into.workflow_id,
            "version_id": into.version_id,
            "company_id": into.company_id,
            "customer_id": each.customer_id,
            "key": each.key,
            "entry": entries[_entry_of(each)].entry + 1 if _entry_of(each) in entries else 1,
            "entered_at": now,
            "event_id": each.event_id,
            "told_from": each.event_at,
            "paths": 0,
            "reason": "",
        }
        for each in candidates
    ]
    inserted = insert_into(session, Enrolment).values(rows).on_conflict_do_nothing()
    columns = (Enrolment.id, Enrolment.customer_id, Enrolment.key)
    made = {
        (customer_id, key): id_ for id_, customer_id, key in session.execute(inserted.returning(*columns))
    }
    for candidate in candidates:
        if _entry_of(candidate) in made:
            yield candidate, made[_entry_of(candidate)]


def _beginning(definition: Definition, known: Snapshot, candidate: Candidate, now: datetime) -> datetime:
    """When the first step is due: on its day, at its time there, and never before now."""
    at = begins_at(definition.trigger)
    if candidate.day is None or at is None:
        return now
    return max(now, on_day(candidate.day, days=0, at=at, place=known.place(candidate.customer_id)))


def _tell_entry(session: Session, into: Armed, candidate: Candidate, enrolment_id: int, who: str) -> None:
    facts = {
        "workflow": into.workflow_id,
        "name": into.name,
        "version": into.number,
        "enrolment": enrolment_id,
        "key": candidate.key,
    }
    record(
        session,
        company_id=into.company_id,
        customer_id=candidate.customer_id,
        tag="workflow:entered",
        who=who,
        text=str(entered(facts)),
        facts=facts,
    )
