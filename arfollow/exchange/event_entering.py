"""Enters staged events: some thousands at a time, each once, whatever was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.exchange.instants import instant_in
from arfollow.exchange.problems import Problems
from arfollow.exchange.recording import ChangesRecord
from arfollow.exchange.report import Count, encode_change
from arfollow.exchange.rows import EventRow
from arfollow.exchange.staging import Staging
from arfollow.profiles.operations.keys import Keys, keys_of_events
from arfollow.profiles.operations.sets import NewEvent, add_events
from arfollow.profiles.rules import LongKeyError, check_keys
from arfollow.receivables.queries.customers import ids_by_number
from arfollow.values.refusals import N_, Quoted, Remark, remark

EVENT = "event"
"""What the document of an import calls an event."""


@dataclass(slots=True)
class EnteredEvents:
    """How many events are new and how many were there; the customers to whom something new happened."""

    new: int = 0
    known: int = 0
    customers: set[int] = field(default_factory=set)

    @property
    def counts(self) -> tuple[Count, ...]:
        """As a report counts; nothing where there are none."""
        if not self.new and not self.known:
            return ()
        return (Count(what="events", new=self.new, changed=0, unchanged=self.known),)


def enter_events(
    session: Session, *, company_id: int, staging: Staging, problems: Problems, record: ChangesRecord
) -> EnteredEvents:
    """Write the events of locked customers; after a problem nothing is written, and the rest of the rows is checked."""
    entered = EnteredEvents()
    timezone: tzinfo | None = None
    keys: Keys | None = None
    for rows in staging.events():
        timezone = timezone or _timezone(session, company_id)
        ids = ids_by_number(session, company_id=company_id, numbers={row.customer for row in rows})
        _tell_unknown(rows, ids, staging, problems)
        keys = keys_of_events(session, company_id=company_id) if keys is None else keys
        _tell_long_keys(rows, keys, problems)
        if len(problems):
            continue
        new = add_events(session, company_id=company_id, events=[_event(row, ids, timezone) for row in rows])
        numbers = {customer_id: number for number, customer_id in ids.items()}
        record.add_lines(_told(event, numbers[event.customer_id]) for event in new)
        entered.new += len(new)
        entered.known += len(rows) - len(new)
        entered.customers |= {event.customer_id for event in new}
    return entered


def _timezone(session: Session, company_id: int) -> tzinfo:
    return ZoneInfo(session.get_one(Company, company_id).timezone)


def _tell_unknown(
    rows: Sequence[EventRow], ids: Mapping[str, int], staging: Staging, problems: Problems
) -> None:
    unknown = {row.customer for row in rows} - ids.keys() - staging.unread.customers
    if not unknown:
        return
    # After a problem nobody new was written: who has a row of its own is no unknown customer.
    unknown = set(staging.unnamed(sorted(unknown)))
    for row in rows:
        if row.customer in unknown:
            message = Remark(
                N_("%(number)s is not known; import customers first."), number=Quoted(row.customer)
            )
            problems.about(row.place, "customer", message)


def _tell_long_keys(rows: Sequence[EventRow], keys: Keys, problems: Problems) -> None:
    for row in rows:
        try:
            check_keys(row.kind, row.data, keys)
        except LongKeyError as error:
            problems.about(row.place, f"data:{error.name}", remark(error))


def _event(row: EventRow, ids: Mapping[str, int], timezone: tzinfo) -> NewEvent:
    return NewEvent(
        customer_id=ids[row.customer],
        kind=row.kind,
        at=instant_in(row.at, timezone),
        key=row.key,
        data=row.data,
    )


def _told(event: NewEvent, number: str) -> str:
    """A line of the import's document."""
    _, kind, key = event.told_by
    after = {"kind": kind, "key": key, "at": event.at.isoformat(), "data": dict(event.data)}
    return encode_change(
        {EVENT: f"{number} {kind} {key}", "customer": number, "before": None, "after": after}
    )


def events_of(
    steps: Sequence[tuple[str, Mapping[str, object]]], ids: Mapping[str, int]
) -> Iterator[tuple[int, str, str]]:
    """What tells the events of an import's document apart (customer, kind, key); of pairs of a customer's number and the event."""
    for number, after in steps:
        if number in ids:
            yield ids[number], str(after["kind"]), str(after["key"])
