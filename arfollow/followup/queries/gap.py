"""How long a customer is left in peace after a message about money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.tables import CustomerState
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.surfacing import free_on


def left_in_peace_until(session: Session, *, facts: Facts, customer_id: int, source: str) -> date:
    """The day from which `source`, which is no follow-up, may write about money; what it sent itself does not count.

    A follow-up that was begun counts from its last action, as if it were done then.
    """
    state = session.execute(
        select(
            CustomerState.last_message_on,
            CustomerState.other_message_on,
            CustomerState.other_message_of,
            CustomerState.last_contact_on,
        ).where(CustomerState.customer_id == customer_id)
    ).one_or_none()
    if state is None:
        return date.min
    days = [state.last_message_on]
    if state.other_message_of != source:
        days.append(state.other_message_on)
    if facts.standing.begun is not None:
        days.append(state.last_contact_on)
    last = max((day for day in days if day is not None), default=None)
    return free_on(replace(facts, standing=replace(facts.standing, last_message_on=last)), escalates=False)
