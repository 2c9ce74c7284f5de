"""Where one enrolment stands, as rows and as the engine reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.workflows.rules.engine import Position
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun


class UnknownEnrolmentError(LookupError):
    """There is no such enrolment in this company."""

    def __init__(self, enrolment: object) -> None:
        super().__init__(f"There is no enrolment {enrolment} in this company.")


def find_enrolment(session: Session, *, company_id: int, enrolment_id: int) -> Enrolment:
    """The company's enrolment as it is now; raise UnknownEnrolmentError."""
    found = session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.company_id == company_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownEnrolmentError(enrolment_id)
    return found


def positions_of(session: Session, enrolment_ids: Sequence[int]) -> Sequence[StepPosition]:
    """All positions of these enrolments as they are now, the main route's first."""
    return session.scalars(
        select(StepPosition)
        .where(StepPosition.enrolment_id.in_(enrolment_ids))
        .order_by(StepPosition.enrolment_id, StepPosition.path)
        .execution_options(populate_existing=True)
    ).all()


def done_in_round(session: Session, position: StepPosition) -> Sequence[str]:
    """The steps that have a run in the round in which the position is."""
    return session.scalars(
        select(StepRun.step).where(
            StepRun.enrolment_id == position.enrolment_id,
            StepRun.path == position.path,
            StepRun.round == position.round,
        )
    ).all()


def read(row: StepPosition) -> Position:
    """The position as the engine reads it."""
    return Position(
        step=row.step,
        entered_at=row.entered_at,
        round=row.round,
        ran={key: datetime.fromisoformat(at) for key, at in row.ran.items() if at is not None},
        unsent=frozenset(key for key, at in row.ran.items() if at is None),
    )


def as_kept(position: Position) -> dict[str, str | None]:
    """When its steps were done, as a row keeps it; null: the message was not sent."""
    return {key: at.isoformat() for key, at in position.ran.items()} | dict.fromkeys(position.unsent)
