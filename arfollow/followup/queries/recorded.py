"""What was done in a customer's present follow-up, and the Done that can still be taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from arfollow.delivery.queries import Progress, progress
from arfollow.followup.operations.done import undoable
from arfollow.followup.tables import FollowUp, FollowUpItem, RecordedAction
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.outlook import Moves
from arfollow.levels.rules.steps import place_in
from arfollow.levels.tables import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An action. `document`: the letter's SHA-256; `progress`: where the e-mail stands; `posted_on` None: not posted."""

    id: int
    kind: str
    on: date
    by: str
    document: str
    posted_on: date | None
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A Done that can be taken back."""

    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The present follow-up. `is_open`: an action is recorded in it. `actions`: its own, else those of today off the list.

    `moves`: what Done does to the frozen items, None when it is not open; `level_id`: its level, if it has one.
    """

    is_open: bool
    level_id: int | None
    actions: tuple[Recorded, ...]
    moves: Moves | None
    finished: Finished | None

    def last(self, kind: str) -> Recorded | None:
        """The latest action of the kind."""
        return next((action for action in reversed(self.actions) if action.kind == kind), None)


def work(session: Session, *, company_id: int, customer_id: int, number: int, facts: Facts) -> Work:
    """Where the customer's follow-up with this number stands on the day of the facts."""
    today = facts.account.as_of
    follow_up = session.scalar(
        select(FollowUp).where(
            FollowUp.customer_id == customer_id, FollowUp.number == number, FollowUp.done_on.is_(None)
        )
    )
    own = and_(RecordedAction.follow_up_id.is_(None), RecordedAction.recorded_on == today)
    if follow_up is not None:
        own = or_(own, RecordedAction.follow_up_id == follow_up.id)
    rows = session.scalars(
        select(RecordedAction)
        .where(RecordedAction.customer_id == customer_id, own)
        .order_by(RecordedAction.id)
    ).all()
    done = undoable(session, company_id=company_id, customer_id=customer_id, number=number)
    return Work(
        is_open=follow_up is not None,
        level_id=follow_up.level_id if follow_up else None,
        actions=_recorded(session, rows),
        moves=_moves(session, follow_up, facts) if follow_up else None,
        finished=Finished(on=done.done_on, by=done.done_by) if done and done.done_on else None,
    )


def _recorded(session: Session, rows: Collection[RecordedAction]) -> tuple[Recorded, ...]:
    deliveries = progress(session, delivery_ids=[row.delivery_id for row in rows if row.delivery_id])
    return tuple(
        Recorded(
            id=row.id,
            kind=row.kind,
            on=row.recorded_on,
            by=row.recorded_by,
            document=row.document,
            posted_on=row.posted_on,
            progress=deliveries.get(row.delivery_id or 0),
        )
        for row in rows
    )


def _moves(session: Session, follow_up: FollowUp, facts: Facts) -> Moves:
    frozen = session.execute(
        select(FollowUpItem.instalment_id, Level.id, Level.days)
        .join(Level, Level.id == FollowUpItem.level_id)
        .where(FollowUpItem.follow_up_id == follow_up.id)
    )
    day = follow_up.last_action_on
    places = {
        item_id: place_in(facts.plan, level_id=level_id, days=days, followed_on=day) if facts.plan else None
        for item_id, level_id, days in frozen
    }
    deadline_days = session.scalar(select(Level.deadline_days).where(Level.id == follow_up.level_id))
    return Moves(
        places={item_id: place for item_id, place in places.items() if place is not None},
        deadline_days=deadline_days or 0,
    )
