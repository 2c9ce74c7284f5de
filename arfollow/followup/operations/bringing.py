"""Brings over from another system when a customer was last contacted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_
from sqlalchemy.orm import Session

from arfollow.database import insert_into, touch
from arfollow.followup.tables import CustomerState
from arfollow.levels.operations import LastContact


def bring_last_contacts(session: Session, *, company_id: int, contacts: Collection[LastContact]) -> None:
    """Let these be the customers' last Done, where none is later; the caller records where they come from."""
    rows = [
        {
            "customer_id": contact.customer_id,
            "company_id": company_id,
            "number": 1,
            "last_done_on": contact.followed_on,
            "last_deadline_days": contact.deadline_days,
        }
        for contact in contacts
    ]
    insert = insert_into(session, CustomerState)
    given = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=[CustomerState.customer_id],
        set_={"last_done_on": given.last_done_on, "last_deadline_days": given.last_deadline_days},
        where=or_(CustomerState.last_done_on.is_(None), CustomerState.last_done_on < given.last_done_on),
    )
    if rows:
        session.execute(statement, rows)
    touch(session, [contact.customer_id for contact in contacts])
