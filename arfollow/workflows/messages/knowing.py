"""What conditions see of one enrolment, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from arfollow.workflows.queries.known import Snapshot, snapshot
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.facts import all_facts, bases, of_one
from arfollow.workflows.rules.triggers import key_name


def facts_known(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    definition: Definition,
    since: datetime,
    key: str,
    today: date,
    asked: Collection[str],
) -> Facts:
    """The facts of these names, and others, as the engine computes them; how far away days are is as at noon."""
    found = snapshot(
        session,
        company_id=company_id,
        customer_ids=[customer_id],
        since=since,
        today=today,
        keys=[key],
        asked=bases(asked),
    )
    return facts_in(found, customer_id, definition, since=since, key=key, today=today)


def facts_in(
    found: Snapshot, customer_id: int, definition: Definition, *, since: datetime, key: str, today: date
) -> Facts:
    """The same of what was read of many."""
    known = found.known(customer_id, key=key, since=since)
    events = of_one(known.events, name=key_name(definition.trigger), key=key)
    noon = datetime.combine(today, time(12), ZoneInfo(known.place.timezone))
    return all_facts(known.facts, events=events, now=noon, place=known.place)
