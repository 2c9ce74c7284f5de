"""Reads of profiles: a fixed number of statements, however many customers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from arfollow.profiles.tables import Consent, CustomerEvent, CustomerField, CustomerList, ListMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that happened to a customer."""

    id: int
    kind: str
    at: datetime
    key: str
    of: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a customer beside its account. `fields`: text, or the day that it is; `consents`: by channel."""

    fields: Mapping[str, str | date] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    consents: Mapping[str, bool] = field(default_factory=dict)


NOTHING_KNOWN = Profile()


def profiles(session: Session, *, customer_ids: Collection[int]) -> Mapping[int, Profile]:
    """What is known of each of these customers; of whom nothing is known, there is no entry."""
    fields = _fields(session, customer_ids)
    lists = _lists(session, customer_ids)
    consents = _consents(session, customer_ids)
    return {
        id_: Profile(
            fields=fields.get(id_, {}), lists=tuple(lists.get(id_, ())), consents=consents.get(id_, {})
        )
        for id_ in fields.keys() | lists.keys() | consents.keys()
    }


def events_since(
    session: Session, *, customer_ids: Collection[int], since: datetime, until: datetime | None = None
) -> Mapping[int, Sequence[Happened]]:
    """What happened to these customers from then (until then; both inclusive), by customer, the oldest first."""
    found: dict[int, list[Happened]] = {}
    for row in session.execute(
        select(
            CustomerEvent.id,
            CustomerEvent.customer_id,
            CustomerEvent.kind,
            CustomerEvent.at,
            CustomerEvent.key,
            CustomerEvent.of,
            CustomerEvent.data,
        )
        .where(
            CustomerEvent.customer_id.in_(customer_ids),
            CustomerEvent.at >= since,
            CustomerEvent.at <= until if until is not None else true(),
        )
        .order_by(CustomerEvent.at, CustomerEvent.id)
    ):
        found.setdefault(row.customer_id, []).append(
            Happened(id=row.id, kind=row.kind, at=row.at, key=row.key, of=row.of, data=row.data)
        )
    return found


def _fields(session: Session, customer_ids: Collection[int]) -> Mapping[int, Mapping[str, str | date]]:
    found: dict[int, dict[str, str | date]] = {}
    rows = session.execute(
        select(CustomerField.customer_id, CustomerField.name, CustomerField.value, CustomerField.day)
        .where(CustomerField.customer_id.in_(customer_ids))
        .order_by(CustomerField.name)
    )
    for customer_id, name, value, day in rows:
        found.setdefault(customer_id, {})[name] = day or value
    return found


def _lists(session: Session, customer_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(ListMember.customer_id, CustomerList.name)
        .join(CustomerList, CustomerList.id == ListMember.list_id)
        .where(ListMember.customer_id.in_(customer_ids))
        .order_by(CustomerList.name)
    )
    for customer_id, name in rows:
        found.setdefault(customer_id, []).append(name)
    return found


def _consents(session: Session, customer_ids: Collection[int]) -> Mapping[int, Mapping[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    rows = session.execute(
        select(Consent.customer_id, Consent.channel, Consent.given).where(
            Consent.customer_id.in_(customer_ids)
        )
    )
    for customer_id, channel, given in rows:
        found.setdefault(customer_id, {})[channel] = given
    return found
