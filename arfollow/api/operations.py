"""Writes: keys, and what other programs tell."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.api.queries import SigningKey
from arfollow.api.rules import REQUESTS_A_MINUTE, Problem, ToldEvent
from arfollow.api.tables import ApiKey
from arfollow.chatter.operations import record
from arfollow.profiles.operations import tell_of
from arfollow.profiles.operations.keys import Keys, keys_of_events
from arfollow.profiles.operations.sets import NewEvent, add_events
from arfollow.profiles.rules import LongKeyError, check_keys
from arfollow.receivables.operations.lookup import lock_customers, required
from arfollow.receivables.queries.customers import ids_by_number
from arfollow.receivables.rules.fields import line
from arfollow.values.refusals import N_, Refusal, remark


class UnknownKeyError(Refusal, LookupError):
    """There is no such key in force in this company."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such key in force."))


class TooManyRequestsError(Refusal, RuntimeError):
    """The key has signed more requests in this minute than are taken; `wait`: seconds until the next one begins."""

    def __init__(self, wait: int) -> None:
        super().__init__(N_("Too many requests with this key. Try again in %(wait)s s."), wait=wait)
        self.wait = wait


class EventsRefusedError(ValueError):
    """Nothing was taken, because of these problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many events a request told, and how many of them were new."""

    received: int
    new: int


def make_key(session: Session, *, company_id: int, name: str, who: str) -> SigningKey:
    """Make a key for another program. Raise MissingTextError, FieldError."""
    row = ApiKey(
        company_id=company_id,
        name=required(line(name), N_("a name")),
        public_id=f"ak_{secrets.token_hex(9)}",
        nonce=secrets.token_hex(32),
        made_at=clock.now(),
        made_by=who,
    )
    session.add(row)
    session.flush()
    _record(session, row, "api-key:made", f"Key “{row.name}” made for another program", who)
    return SigningKey(id=row.id, company_id=company_id, name=row.name, nonce=row.nonce)


def revoke_key(session: Session, *, company_id: int, key_id: int, who: str) -> None:
    """Let nobody sign with the key any more. Raise UnknownKeyError."""
    row = session.scalar(
        select(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.company_id == company_id, ApiKey.revoked_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise UnknownKeyError
    row.revoked_at, row.revoked_by = clock.now(), who
    _record(session, row, "api-key:revoked", f"Key “{row.name}” of another program revoked", who)


def admit(session: Session, *, key_id: int, now: datetime) -> None:
    """Count a request of the key that was verified. Raise UnknownKeyError if it was revoked meanwhile, TooManyRequestsError."""
    row = session.scalar(
        select(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownKeyError
    minute = now.replace(second=0, microsecond=0)
    so_far = row.requests if row.minute == minute else 0
    if so_far >= REQUESTS_A_MINUTE:
        raise TooManyRequestsError(max(1, round((minute + timedelta(minutes=1) - now).total_seconds())))
    session.execute(
        update(ApiKey).where(ApiKey.id == key_id).values(minute=minute, requests=so_far + 1, used_at=now)
    )


def take_events(session: Session, *, key: SigningKey, events: Sequence[ToldEvent]) -> Taken:
    """Keep the events that are new, all or nothing; each is an entry of its customer. Raise EventsRefusedError."""
    ids = ids_by_number(session, company_id=key.company_id, numbers={event.customer for event in events})
    unknown = [
        Problem(index=event.index, field="customer", message=f"{event.customer[:60]!r} is not known.")
        for event in events
        if event.customer not in ids
    ]
    keys = keys_of_events(session, company_id=key.company_id)
    if wrong := [*unknown, *_with_long_keys(events, keys)]:
        raise EventsRefusedError(sorted(wrong, key=lambda each: each.index))
    lock_customers(session, company_id=key.company_id, customer_ids=sorted(set(ids.values())))
    new = add_events(
        session, company_id=key.company_id, events=[_new(event, ids[event.customer]) for event in events]
    )
    for event in new:
        record(
            session,
            company_id=key.company_id,
            customer_id=event.customer_id,
            tag="event:noted",
            who=key.name,
            text=f"Event: {event.kind}",
            facts={"event": event.kind, "key": key.id},
        )
    if new:
        tell_of(session, sorted({event.customer_id for event in new}))
    return Taken(received=len(events), new=len(new))


def _with_long_keys(events: Sequence[ToldEvent], keys: Keys) -> Iterator[Problem]:
    for event in events:
        try:
            check_keys(event.kind, event.data, keys)
        except LongKeyError as error:
            yield Problem(index=event.index, field=f"data.{error.name}", message=str(remark(error)))


def _new(event: ToldEvent, customer_id: int) -> NewEvent:
    return NewEvent(customer_id=customer_id, kind=event.kind, at=event.at, key=event.key, data=event.data)


def _record(session: Session, row: ApiKey, tag: str, text: str, who: str) -> None:
    record(
        session,
        company_id=row.company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=text,
        facts={"key": row.id, "public": row.public_id},
    )
