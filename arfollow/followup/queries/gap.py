"""How long a customer is left in peace after a message about money."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.database import plain_rows
from arfollow.followup.tables import CustomerState
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.surfacing import free_on

# Made once: to build it anew would take longer than to run it.
_CONTACTS = select(
    CustomerState.customer_id,
    CustomerState.last_message_on,
    CustomerState.other_message_on,
    CustomerState.other_message_of,
    CustomerState.last_contact_on,
).where(one_of(CustomerState.customer_id, "ids"))


@dataclass(frozen=True, slots=True)
class Contacts:
    """When a customer was written to: by the follow-up, and by `other_of`, which is none."""

    message_on: date | None = None
    other_on: date | None = None
    other_of: str | None = None
    contact_on: date | None = None


NEVER = Contacts()


def contacts(session: Session, *, customer_ids: Collection[int]) -> Mapping[int, Contacts]:
    """By customer; those of whom nothing is kept are missing."""
    rows = plain_rows(session, _CONTACTS, {"ids": [*customer_ids]})
    return {row[0]: Contacts(*row[1:]) for row in rows}


def left_in_peace_until(found: Contacts, *, facts: Facts, source: str | None = None) -> date:
    """The day from which `source`, which is no follow-up, may write about money; what it sent itself does not count.

    A follow-up that was begun counts from its last action, as if it were done then.
    """
    if found is NEVER:
        return date.min
    days = [found.message_on]
    if source is None or found.other_of != source:
        days.append(found.other_on)
    if facts.standing.begun is not None:
        days.append(found.contact_on)
    last = max((day for day in days if day is not None), default=None)
    standing = replace(facts.standing, last_message_on=last, other_message_on=None)
    return free_on(replace(facts, standing=standing), escalates=False)
