"""Saying that somebody has a customer's page open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.database import insert_into
from arfollow.followup.tables import Presence

_FORGOTTEN_AFTER = timedelta(days=1)


def be_present(session: Session, *, customer_id: int, user_id: int, now: datetime) -> None:
    """Note that the user has the customer's page open now, and forget old notes about the customer."""
    old = Presence.seen_at < now - _FORGOTTEN_AFTER
    session.execute(delete(Presence).where(Presence.customer_id == customer_id, old))
    insert = insert_into(session, Presence).values(customer_id=customer_id, user_id=user_id, seen_at=now)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[Presence.customer_id, Presence.user_id],
            set_={"seen_at": insert.excluded.seen_at},
        )
    )


def leave(session: Session, *, customer_id: int, user_id: int) -> None:
    """The user has gone on to another customer."""
    session.execute(delete(Presence).where(Presence.customer_id == customer_id, Presence.user_id == user_id))
