"""What the profile of one customer shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.profiles.rules import CHANNELS
from arfollow.profiles.tables import Consent, CustomerEvent, CustomerField, CustomerList, ListMember

EVENTS_SHOWN = 50
_MADE = re.compile(r"(delivery|link|text|workflow):[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnField:
    """A field of the company's own; `day`: its value as a date, where it is one."""

    name: str
    value: str
    day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """A list that the customer is on; `day`: of a campaign."""

    id: int
    name: str
    day: dt.date | None
    since: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """Whether the customer agreed to marketing by a channel; `given` None: nobody asked. `at`, `source`: since when, by what."""

    channel: str
    given: bool | None = None
    at: dt.datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Something that happened to the customer."""

    id: int
    kind: str
    at: dt.datetime
    key: str
    of: str
    data: Mapping[str, Any]

    @property
    def own_key(self) -> str:
        """Its key, where somebody gave one; empty where its instant is its key, or the program made it."""
        is_made = self.key == self.at.astimezone(dt.UTC).isoformat() or _MADE.match(self.key)
        return "" if is_made else self.key


def own_fields(session: Session, *, customer_id: int) -> Sequence[OwnField]:
    """The customer's fields by name."""
    rows = session.execute(
        select(CustomerField.name, CustomerField.value, CustomerField.day)
        .where(CustomerField.customer_id == customer_id)
        .order_by(CustomerField.name)
    )
    return [OwnField(name=row.name, value=row.value, day=row.day) for row in rows]


def lists_of(session: Session, *, customer_id: int) -> Sequence[OnList]:
    """The lists that the customer is on, by name."""
    rows = session.execute(
        select(CustomerList.id, CustomerList.name, CustomerList.day, ListMember.since)
        .join(ListMember, ListMember.list_id == CustomerList.id)
        .where(ListMember.customer_id == customer_id)
        .order_by(CustomerList.name)
    )
    return [OnList(id=row.id, name=row.name, day=row.day, since=row.since) for row in rows]


def consents_of(session: Session, *, customer_id: int) -> Sequence[ConsentLine]:
    """One for each channel."""
    rows = session.execute(
        select(Consent.channel, Consent.given, Consent.at, Consent.source).where(
            Consent.customer_id == customer_id
        )
    )
    found = {
        row.channel: ConsentLine(channel=row.channel, given=row.given, at=row.at, source=row.source)
        for row in rows
    }
    return [found.get(channel, ConsentLine(channel=channel)) for channel in CHANNELS]


def count_events(session: Session, *, customer_id: int) -> int:
    """How much has happened to the customer."""
    own = CustomerEvent.customer_id == customer_id
    return session.scalar(select(func.count(CustomerEvent.id)).where(own)) or 0


def events_page(
    session: Session, *, customer_id: int, page: int = 1, size: int = EVENTS_SHOWN
) -> Sequence[EventLine]:
    """A page (from 1) of what happened to the customer, the latest first."""
    rows = session.execute(
        select(
            CustomerEvent.id,
            CustomerEvent.kind,
            CustomerEvent.at,
            CustomerEvent.key,
            CustomerEvent.of,
            CustomerEvent.data,
        )
        .where(CustomerEvent.customer_id == customer_id)
        .order_by(CustomerEvent.at.desc(), CustomerEvent.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [
        EventLine(id=row.id, kind=row.kind, at=row.at, key=row.key, of=row.of, data=row.data) for row in rows
    ]
