"""What was done in a customer's present follow-up, and the Done that can still be taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from arfollow.delivery.operations.letters import GONE
from arfollow.delivery.queries import Progress, progress
from arfollow.followup.operations.done import undoable
from arfollow.followup.tables import FollowUp, RecordedAction


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

    Letters that were withdrawn or came back are not among them.
    """

    is_open: bool
    actions: tuple[Recorded, ...]
    finished: Finished | None

    def last(self, kind: str) -> Recorded | None:
        """The latest action of the kind."""
        return next((action for action in reversed(self.actions) if action.kind == kind), None)


def work(session: Session, *, company_id: int, customer_id: int, number: int, today: date) -> Work:
    """Where the customer's follow-up with this number stands on the company's today."""
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
        actions=_recorded(session, rows),
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
        if row.kind != "letter" or not _is_gone(deliveries.get(row.delivery_id or 0))
    )


def _is_gone(letter: Progress | None) -> bool:
    return letter is not None and letter.state in GONE
