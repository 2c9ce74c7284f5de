"""Who else has a customer's page open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.tables import FollowUp, Presence
from arfollow.users.tables import User

GONE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whose page last said so that many whole minutes ago."""

    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Who marked a follow-up Done, and when."""

    by: str
    on: date


def visitors(session: Session, *, customer_id: int, but_user_id: int, now: datetime) -> tuple[Visitor, ...]:
    """The other users with the page open, the latest first; pages report every half minute."""
    rows = session.execute(
        select(User.name, Presence.seen_at)
        .join(User, User.id == Presence.user_id)
        .where(
            Presence.customer_id == customer_id,
            Presence.user_id != but_user_id,
            Presence.seen_at > now - GONE_AFTER,
        )
        .order_by(Presence.seen_at.desc(), User.name)
    )
    return tuple(Visitor(name, max(0, (now - seen_at) // timedelta(minutes=1))) for name, seen_at in rows)


def newer_done(session: Session, *, customer_id: int, number: int) -> Finish | None:
    """Who has finished the follow-up that a page shows, since it was opened; None: it is up to date."""
    follow_up = session.execute(
        select(FollowUp.done_by, FollowUp.done_on).where(
            FollowUp.customer_id == customer_id, FollowUp.number == number, FollowUp.done_on.is_not(None)
        )
    ).one_or_none()
    if follow_up is None or follow_up.done_on is None:
        return None
    return Finish(follow_up.done_by, follow_up.done_on)
